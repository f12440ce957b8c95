using System.Security.Cryptography.X509Certificates;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Banking;

/// <summary>The customer: three sessions that succeed, each with a handshake of its own, and three that are refused.</summary>
internal static class Client
{
    public static async Task RunAsync(Options options)
    {
        if (!File.Exists(options.Authority))
            throw new FileNotFoundException($"there is no authority's certificate in {options.Authority}: start the server first, or name the file with --authority.");

        using var root = X509CertificateLoader.LoadCertificateFromFile(options.Authority);
        var trust = TrustPolicy.FromAuthorities(root);

        Console.WriteLine("== a session that ends by an explicit message");
        await EndByMessageAsync(options, trust);
        Console.WriteLine("== a session that ends by the idle timeout");
        await EndBySilenceAsync(options, trust);
        Console.WriteLine("== a new handshake, to go on");
        await EndByMessageAsync(options, trust);
        Console.WriteLine("== a session in which the bank does not know the customer");
        await FailToLogInAsync(options, trust);

        using var stranger = DevelopmentAuthority.Create("Some other authority");
        await BeRefusedAsync("an authority that this end does not trust", options, TrustPolicy.FromAuthorities(stranger.Certificate), Server.Name);
        await BeRefusedAsync("a certificate for another name", options, trust, "other.example");
    }

    private static async Task EndByMessageAsync(Options options, TrustPolicy trust)
    {
        await using var session = await ConnectAsync(options, trust);
        if (await LogInAsync(session) is var (account, ready))
        {
            for (var query = 0; query < 3; query++)
            {
                (var balance, ready) = await ready.SendAsync(new BalanceQuery(account)).ReceiveAsync();
                Tell(balance);
            }

            await ready.SendAsync(new Goodbye());
        }

        await session.CloseAsync();
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private static async Task EndBySilenceAsync(Options options, TrustPolicy trust)
    {
        await using var session = await ConnectAsync(options, trust);
        if (await LogInAsync(session) is var (account, ready))
        {
            var (balance, _) = await ready.SendAsync(new BalanceQuery(account)).ReceiveAsync();
            Tell(balance);
        }

        Console.WriteLine("saying nothing");
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private static async Task FailToLogInAsync(Options options, TrustPolicy trust)
    {
        await using var session = await ConnectAsync(options, trust);
        await LogInAsync(session, token: "wrong horse");
        await session.CloseAsync();
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private static async Task BeRefusedAsync(string what, Options options, TrustPolicy trust, string name)
    {
        Console.WriteLine($"== a session that is refused: {what}");
        try
        {
            await using var session = await ConnectAsync(options, trust, name);
        }
        catch (SessionException refusal)
        {
            Console.WriteLine($"refused: {refusal.Error}");
            return;
        }

        throw new InvalidOperationException("The session should have been refused.");
    }

    [return: InState(SessionState.Established)]
    private static async Task<SecureSession> ConnectAsync(Options options, TrustPolicy trust, string name = Server.Name)
    {
        var session = await SecureSession.ConnectAsync("127.0.0.1", options.Port, new ClientOptions
        {
            Trust = trust,
            ServerName = name,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = [BankClient.Name],
            IdleTimeout = options.IdleTimeout,
            HandshakeObserver = step => Narration.Tell(step),
        });
        Narration.Tell(session.Negotiated!, session.PeerIdentity);
        return session;
    }

    private static async Task<(ulong Account, BankClient.Ready Ready)?> LogInAsync([InState(SessionState.Established)] SecureSession session, string token = "correct horse")
    {
        switch (await BankClient.Begin(session).SendAsync(new Login("alice", token)).ReceiveAsync())
        {
            case BankClient.Authenticating.LoginAccepted(var accepted, var ready):
                Console.WriteLine($"logged in: account {accepted.Account}");
                return (accepted.Account, ready);
            case BankClient.Authenticating.LoginRejected(var rejected, _):
                Console.WriteLine($"not logged in: {rejected.Reason}");
                return null;
            default:
                return null;
        }
    }

    private static void Tell(Balance balance) => Console.WriteLine($"balance {balance.Cents / 100m:0.00} at {balance.At:u}");
}
