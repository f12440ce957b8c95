using System.Net;
using System.Net.Sockets;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Common;

/// <summary>A sample's server on this machine, with a new authority and a new certificate.</summary>
public sealed class SampleServer : IAsyncDisposable
{
    /// <summary>The name in the server's certificate.</summary>
    public const string Name = "sample.example";

    private readonly DevelopmentAuthority _authority;
    private readonly CertificateIdentity _identity;
    private readonly SecureListener _listener;
    private readonly SampleOptions _options;
    private readonly string? _protocol;
    private readonly TrustPolicy _trust;
    private readonly Task _serving;

    private SampleServer(SampleOptions options, string? protocol, SessionDelegate handler)
    {
        _options = options;
        _protocol = protocol;
        _authority = DevelopmentAuthority.Create("Samples authority");
        _identity = _authority.IssueServer(Name, options.Purpose);
        _trust = TrustPolicy.FromAuthorities(_authority.Certificate);
        _listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, options.Port), new ServerOptions
        {
            Identity = _identity,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = protocol is null ? [] : [protocol],
            DrainTimeout = TimeSpan.FromSeconds(1),
            HandshakeFailed = failure => Console.WriteLine($"server: handshake failed: {failure.Error}"),
            SessionFailed = (_, failure) => Console.WriteLine($"server: failed: {failure.Message}"),
        });
        _serving = _listener.ServeAsync((session, stop) => ServeAsync(session, handler, stop));
    }

    /// <summary>Gets the port that the server listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint).Port;

    /// <summary>Starts a server.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="protocol">The protocol to select by ALPN, or null for a protocol without an ALPN name.</param>
    /// <param name="handler">Serves one session. A failure ends only that session.</param>
    public static SampleServer Start(SampleOptions options, string? protocol, SessionDelegate handler) => new(options, protocol, handler);

    /// <summary>Writes the authority's certificate for clients in other processes, and serves until the token is canceled.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="protocol">The protocol to select by ALPN, or null for a protocol without an ALPN name.</param>
    /// <param name="handler">Serves one session. A failure ends only that session.</param>
    /// <param name="stop">Stops the server.</param>
    public static async Task RunAsync(SampleOptions options, string? protocol, SessionDelegate handler, CancellationToken stop)
    {
        await using var server = Start(options, protocol, handler);
        await File.WriteAllTextAsync(options.AuthorityFile, server._authority.ExportCertificatePem(), CancellationToken.None);
        Console.WriteLine($"authority certificate: {options.AuthorityFile}");
        Console.WriteLine($"listening on port {server.Port}, secured by {options.Security}");
        await server._serving.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Connects a client in this process.</summary>
    [return: InState(SessionState.Established)]
    public Task<SecureSession> ConnectAsync() => SampleClient.ConnectAsync(_options, _trust, _protocol, Port);

    /// <summary>Connects a client in this process over a socket that the caller can close.</summary>
    [return: InState(SessionState.Established)]
    public Task<SecureSession> ConnectAsync(Socket socket) => SampleClient.ConnectAsync(_options, _trust, _protocol, Port, socket);

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _serving;
        _identity.Dispose();
        _authority.Dispose();
    }

    // An idle client is ordinary: only other failures are reported.
    private static async Task ServeAsync([InState(SessionState.Established)] SecureSession session, SessionDelegate handler, CancellationToken stop)
    {
        _ = LogEndAsync(session);
        await handler(session, stop);
        // After the last message of the protocol, the client closes the session.
        if (session.End is null && await session.ReceiveAsync(stop) is null)
            await session.CloseAsync(stop);
    }

    private static async Task LogEndAsync(SessionInfo session) => Console.WriteLine($"server: session ended: {await session.Completion}");
}
