using System.Net;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Banking;

/// <summary>The bank: one authority and one certificate for the occasion, and a service for each session.</summary>
internal static class Server
{
    /// <summary>The name that the bank's certificate is for.</summary>
    public const string Name = "bank.example";

    public static async Task RunAsync(Options options)
    {
        using var authority = DevelopmentAuthority.Create("Bank sample authority");
        using var identity = authority.IssueServer(Name, options.Purpose);
        await File.WriteAllTextAsync(options.Authority, authority.Certificate.ExportCertificatePem());
        Console.WriteLine($"made an authority and a certificate for {Name}");
        Console.WriteLine($"the authority's certificate is in {options.Authority}");

        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, options.Port), new ServerOptions
        {
            Identity = identity,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = [BankServer.Name],
            IdleTimeout = TimeSpan.FromMinutes(5),
            HandshakeObserver = step => Narration.Tell(step),
            HandshakeFailed = failure => Console.WriteLine($"a handshake failed: {failure.Error}"),
        });
        Console.WriteLine($"listening on port {((IPEndPoint)listener.LocalEndPoint).Port}, secured by {options.Security}");

        while (true)
        {
            _ = ServeAsync(await listener.AcceptAsync());
        }
    }

    private static async Task ServeAsync([InState(SessionState.Established)] SecureSession session)
    {
        await using (session)
        {
            try
            {
                await new Service().RunAsync(session);
                // The customer has said goodbye, and now ends the session.
                await session.ReceiveAsync();
            }
            catch (SessionException)
            {
                // How the session ended says why.
            }

            Console.WriteLine($"session ended: {await session.Completion}");
        }
    }

    /// <summary>One method for each message that can arrive; what it returns can only be an answer that is legal there.</summary>
    private sealed class Service : BankServer.Handler
    {
        private const ulong Account = 1001;

        private long _cents = 125_000;

        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) =>
            login is { User: "alice", Token: "correct horse" } ? new(new LoginAccepted(Account)) : new(new LoginRejected("unknown user or wrong token"));

        protected override ValueTask<BankServer.Answering.Answer> OnBalanceQueryAsync(BalanceQuery query, BankServer.Answering state) =>
            new(new Balance(query.Account == Account ? _cents += 250 : 0, TimeProvider.System.GetUtcNow()));

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, BankServer.Closed state) => ValueTask.CompletedTask;
    }
}
