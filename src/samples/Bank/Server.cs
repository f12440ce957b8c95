using System.Net;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Banking;

/// <summary>The bank: listens for customers and serves each in a session of its own.</summary>
internal static class Server
{
    /// <summary>The name in the bank's certificate.</summary>
    public const string Name = "bank.example";

    public static async Task RunAsync(SampleOptions options, CancellationToken stop)
    {
        // A real server loads its certificate: CertificateIdentity.FromPemFile("bank.pem", "bank.key").
        using var authority = DevelopmentAuthority.Create("Bank sample authority");
        using var identity = authority.IssueServer(Name, options.Purpose);
        await File.WriteAllTextAsync(options.AuthorityFile, authority.ExportCertificatePem(), CancellationToken.None);
        Console.WriteLine($"authority certificate: {options.AuthorityFile}");

        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, options.Port), new ServerOptions
        {
            Identity = identity,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = [BankServer.Name],
            IdleTimeout = TimeSpan.FromMinutes(5),
            HandshakeObserver = progress => HandshakeLog.Write(progress),
            DrainTimeout = TimeSpan.FromSeconds(1),
            HandshakeFailed = failure => Console.WriteLine($"handshake failed: {failure.Error}"),
            SessionFailed = (_, failure) => Console.WriteLine($"session failed: {failure.Message}"),
        });
        Console.WriteLine($"listening on port {((IPEndPoint)listener.LocalEndPoint).Port}, secured by {options.Security}");

        await listener.ServeAsync(ServeAsync, stop);
        Console.WriteLine("server stopped");
    }

    // A customer who was idle for too long is ordinary: only other failures are reported.
    private static async Task ServeAsync([InState(SessionState.Established)] SecureSession session, CancellationToken stop)
    {
        _ = LogEndAsync(session);
        await new BankService().RunAsync(session, stop);
        // After Goodbye, the customer closes the session.
        if (await session.ReceiveAsync(stop) is null)
            await session.CloseAsync(stop);
    }

    private static async Task LogEndAsync(SessionInfo session) => Console.WriteLine($"session ended: {await session.Completion}");

    /// <summary>The server role: one method for each message that can arrive, with a return type that allows only the answers of that state.</summary>
    private sealed class BankService : BankServer.Handler
    {
        private const ulong Account = 1001;

        private long _cents = 125_000;

        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) =>
            login is { User: "alice", Token: "correct horse" } ? new(new LoginAccepted(Account)) : new(new LoginRejected("unknown user or wrong token"));

        protected override ValueTask<BankServer.Answering.Answer> OnBalanceQueryAsync(BalanceQuery query, BankServer.Answering state) =>
            new(new Balance(query.Account == Account ? _cents += 250 : 0, state.Session.TimeProvider.GetUtcNow()));

        protected override ValueTask OnGoodbyeAsync(Goodbye goodbye, BankServer.Closed state) => ValueTask.CompletedTask;
    }
}
