using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Banking;

/// <summary>The customer: four sessions with a handshake each, and two servers that the client refuses.</summary>
internal sealed class Client(SampleOptions options, int port, TimeSpan idleTimeout)
{
    public static async Task RunAsync(SampleOptions options, TimeSpan idleTimeout)
    {
        var client = new Client(options, options.GetClientPort(), idleTimeout);
        using var authority = SampleClient.LoadAuthority(options);
        var trust = TrustPolicy.FromAuthorities(authority);

        Console.WriteLine("== a session that the client closes");
        await client.QueryAndCloseAsync(trust);
        Console.WriteLine("== a session that ends with the idle timeout");
        await client.QueryAndWaitAsync(trust);
        Console.WriteLine("== a new session with a new handshake");
        await client.QueryAndCloseAsync(trust);
        Console.WriteLine("== a session in which the bank rejects the login");
        await client.FailLoginAsync(trust);

        using var otherAuthority = DevelopmentAuthority.Create("Some other authority");
        Console.WriteLine("== a server whose authority is not trusted");
        await client.FailConnectAsync(TrustPolicy.FromAuthorities(otherAuthority.Certificate), Server.Name);
        Console.WriteLine("== a server whose certificate has another name");
        await client.FailConnectAsync(trust, "other.example");
    }

    private async Task QueryAndCloseAsync(TrustPolicy trust)
    {
        await using var session = await ConnectAsync(trust);
        if (await LoginAsync(session, "correct horse") is var (account, ready))
        {
            for (var query = 0; query < 3; query++)
            {
                (var balance, ready) = await ready.SendAsync(new BalanceQuery(account)).ReceiveAsync();
                Write(balance);
            }

            await ready.SendAsync(new Goodbye());
        }

        await session.CloseAsync();
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private async Task QueryAndWaitAsync(TrustPolicy trust)
    {
        await using var session = await ConnectAsync(trust);
        if (await LoginAsync(session, "correct horse") is var (account, ready))
        {
            var (balance, _) = await ready.SendAsync(new BalanceQuery(account)).ReceiveAsync();
            Write(balance);
        }

        Console.WriteLine("waiting for the idle timeout");
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private async Task FailLoginAsync(TrustPolicy trust)
    {
        await using var session = await ConnectAsync(trust);
        await LoginAsync(session, "wrong horse");
        await session.CloseAsync();
        Console.WriteLine($"session ended: {await session.Completion}");
    }

    private async Task FailConnectAsync(TrustPolicy trust, string serverName)
    {
        try
        {
            await using var session = await ConnectAsync(trust, serverName);
        }
        catch (SessionException failure)
        {
            Console.WriteLine($"refused: {failure.Error}");
            return;
        }

        throw new InvalidOperationException("The client accepted a server that it must refuse.");
    }

    [return: InState(SessionState.Established)]
    private async Task<SecureSession> ConnectAsync(TrustPolicy trust, string serverName = Server.Name)
    {
        var session = await SecureSession.ConnectAsync("127.0.0.1", port, new ClientOptions
        {
            Trust = trust,
            ServerName = serverName,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = [BankClient.Name],
            IdleTimeout = idleTimeout,
            HandshakeObserver = progress => HandshakeLog.Write(progress),
        });
        HandshakeLog.Write(session.Negotiated!, session.PeerIdentity);
        return session;
    }

    private static async Task<(ulong Account, BankClient.Ready Ready)?> LoginAsync([InState(SessionState.Established)] SecureSession session, string token)
    {
        switch (await BankClient.Begin(session).SendAsync(new Login("alice", token)).ReceiveAsync())
        {
            case BankClient.Authenticating.LoginAccepted(var accepted, var ready):
                Console.WriteLine($"logged in: account {accepted.Account}");
                return (accepted.Account, ready);
            case BankClient.Authenticating.LoginRejected(var rejected, _):
                Console.WriteLine($"login rejected: {rejected.Reason}");
                return null;
            default:
                return null;
        }
    }

    private static void Write(Balance balance) => Console.WriteLine($"balance {balance.Cents / 100m:0.00} at {balance.At:u}");
}
