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
            HandshakeFailed = failure => Console.WriteLine($"handshake failed: {failure.Error}"),
        });
        Console.WriteLine($"listening on port {((IPEndPoint)listener.LocalEndPoint).Port}, secured by {options.Security}");

        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(stop));
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("server stopped");
        }
    }

    private static async Task ServeAsync([InState(SessionState.Established)] SecureSession session)
    {
        await using (session)
        {
            try
            {
                await new BankService().RunAsync(session);
                // After Goodbye, the customer closes the session.
                if (await session.ReceiveAsync() is null)
                    await session.CloseAsync();
            }
            catch (SessionException failure) when (failure.IsExpected)
            {
                // The customer was idle for too long, or the server is stopping.
            }
            catch (SessionException failure)
            {
                Console.WriteLine($"session failed: {failure.Error}");
            }
        }

        Console.WriteLine($"session ended: {session.End}");
    }

    /// <summary>The server role: one method for each message that can arrive, with a return type that allows only the answers of that state.</summary>
    private sealed class BankService : BankServer.Handler
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
