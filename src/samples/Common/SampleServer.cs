using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Sodium;

namespace Samples.Common;

/// <summary>Runs a protocol's server role over one session.</summary>
/// <param name="session">The session; the callee does not own it.</param>
internal delegate Task Serve([InState(SessionState.Established)] SecureSession session);

/// <summary>A sample's server on this machine: one authority and one certificate for the occasion. And how a sample's client connects to it.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    /// <summary>The name that the certificate is for.</summary>
    public const string Name = "sample.example";

    private readonly DevelopmentAuthority _authority;
    private readonly CertificateIdentity _identity;
    private readonly SecureListener _listener;

    private SampleServer(SampleOptions options, string? protocol, Serve serve)
    {
        _authority = DevelopmentAuthority.Create("Samples authority");
        _identity = _authority.IssueServer(Name, options.Purpose);
        Trust = TrustPolicy.FromAuthorities(_authority.Certificate);
        _listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, options.Port), new ServerOptions
        {
            Identity = _identity,
            Security = options.Security,
            Cryptography = SodiumProvider.Instance,
            ApplicationProtocols = protocol is null ? [] : [protocol],
            HandshakeFailed = failure => Console.WriteLine($"a handshake failed: {failure.Error}"),
        });
        Accepting = AcceptAsync(serve);
    }

    /// <summary>What a client of this process trusts.</summary>
    public TrustPolicy Trust { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint).Port;

    /// <summary>Completes when the server was stopped.</summary>
    public Task Accepting { get; }

    /// <param name="options">Where to listen, and secured by what.</param>
    /// <param name="protocol">The protocol, for ALPN; null if it names none.</param>
    /// <param name="serve">Serves each session; its failure ends that session alone.</param>
    public static SampleServer Start(SampleOptions options, string? protocol, Serve serve) => new(options, protocol, serve);

    /// <summary>Writes the authority's certificate, so that clients of other processes can trust it, and serves until the process ends.</summary>
    public static async Task RunAsync(SampleOptions options, string? protocol, Serve serve)
    {
        await using var server = Start(options, protocol, serve);
        await File.WriteAllTextAsync(options.Authority, server._authority.ExportCertificatePem());
        Console.WriteLine($"the authority's certificate is in {options.Authority}");
        Console.WriteLine($"listening on port {server.Port}, secured by {options.Security}");
        await server.Accepting;
    }

    /// <summary>Connects to a server of another process.</summary>
    /// <param name="options">Which port, and whom to trust.</param>
    /// <param name="protocol">The protocol, for ALPN; null if it names none.</param>
    /// <param name="host">Where the server is.</param>
    /// <param name="name">The name that its certificate is for.</param>
    [return: InState(SessionState.Established)]
    public static async Task<SecureSession> ConnectAsync(SampleOptions options, string? protocol, string host = "127.0.0.1", string name = Name)
    {
        if (options.Port == 0)
            throw new ArgumentException("A client needs --port.");
        if (!File.Exists(options.Authority))
            throw new FileNotFoundException($"there is no authority's certificate in {options.Authority}: start the server first, or name the file with --authority.");
        using var root = X509CertificateLoader.LoadCertificateFromFile(options.Authority);
        return await SecureSession.ConnectAsync(host, options.Port, ClientOptions(options, TrustPolicy.FromAuthorities(root), protocol, name));
    }

    /// <summary>Connects to this server.</summary>
    [return: InState(SessionState.Established)]
    public Task<SecureSession> ConnectHereAsync(SampleOptions options, string? protocol) =>
        SecureSession.ConnectAsync("127.0.0.1", Port, ClientOptions(options, Trust, protocol));

    /// <summary>Connects to this server by a socket of the caller's, which can cut it.</summary>
    [return: InState(SessionState.Established)]
    public async Task<SecureSession> ConnectHereAsync(SampleOptions options, string? protocol, Socket socket)
    {
        await socket.ConnectAsync(_listener.LocalEndPoint);
        var session = SecureSession.Create(socket, ClientOptions(options, Trust, protocol));
        await session.HandshakeAsync();
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Accepting;
        _identity.Dispose();
        _authority.Dispose();
    }

    private static ClientOptions ClientOptions(SampleOptions options, TrustPolicy trust, string? protocol, string name = Name) => new()
    {
        Trust = trust,
        ServerName = name,
        Security = options.Security,
        Cryptography = SodiumProvider.Instance,
        ApplicationProtocols = protocol is null ? [] : [protocol],
    };

    private async Task AcceptAsync(Serve serve)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(), serve);
            }
        }
        catch (ObjectDisposedException)
        {
            // The server was stopped.
        }
    }

    private static async Task ServeAsync([InState(SessionState.Established)] SecureSession session, Serve serve)
    {
        await using (session)
        {
            try
            {
                await serve(session);
                // The client has come to the protocol's end, and now ends the session, unless what served it has.
                if (session.End is null)
                    await session.ReceiveAsync();
            }
            catch (SessionException)
            {
                // How the session ended says why.
            }
            catch (Exception failure) when (failure is IOException or InvalidOperationException or OperationCanceledException)
            {
                Console.WriteLine($"serving failed: {failure.Message}");
            }

            Console.WriteLine($"session ended: {await session.Completion}");
        }
    }
}
