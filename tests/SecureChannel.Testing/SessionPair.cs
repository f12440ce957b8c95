using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace SecureChannel.Testing;

/// <summary>A client session and a server session that are connected to each other, with the handshake and the transport of the test's choice.</summary>
public sealed class SessionPair : IAsyncDisposable
{
    /// <summary>The name in the server's certificate.</summary>
    public const string ServerName = "bank.example";

    /// <summary>The authority that the client trusts.</summary>
    public static readonly DevelopmentAuthority Authority = DevelopmentAuthority.Create("Test authority");

    private static readonly Lazy<CertificateIdentity> KeyTransportIdentity =
        new(() => Authority.IssueServer(ServerName, CertificatePurpose.KeyTransportServer));
    private static readonly Lazy<CertificateIdentity> TlsIdentity = new(() => Authority.IssueServer(ServerName, CertificatePurpose.TlsServer));

    /// <summary>The maximum time that a test waits for something that must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SessionPair(SecureSession client, SecureSession server, DuplexConnection? connection) =>
        (Client, Server, Connection) = (client, server, connection);

    /// <summary>Gets the client's session.</summary>
    public SecureSession Client { get; }

    /// <summary>Gets the server's session.</summary>
    public SecureSession Server { get; }

    /// <summary>Gets the connection in memory between the sessions, or null if they are connected by sockets.</summary>
    public DuplexConnection? Connection { get; }

    /// <summary>Gets a handshake by its name.</summary>
    public static SessionSecurity SecurityOf(string name) =>
        new[] { SessionSecurity.Tls13, SessionSecurity.KeyTransport, SessionSecurity.SslStream }.Single(security => security.Name == name);

    public static CertificateIdentity IdentityFor(SessionSecurity security) =>
        (security == SessionSecurity.KeyTransport ? KeyTransportIdentity : TlsIdentity).Value;

    public static ClientOptions ClientOptions(string security, TimeProvider? time = null, TimeSpan? idle = null) => new()
    {
        Security = SecurityOf(security),
        Trust = TrustPolicy.FromAuthorities(Authority.Certificate),
        ServerName = ServerName,
        TimeProvider = time ?? TimeProvider.System,
        IdleTimeout = idle ?? TimeSpan.FromMinutes(2),
    };

    public static ServerOptions ServerOptions(string security, TimeProvider? time = null, TimeSpan? idle = null) => new()
    {
        Security = SecurityOf(security),
        Identity = IdentityFor(SecurityOf(security)),
        TimeProvider = time ?? TimeProvider.System,
        IdleTimeout = idle ?? TimeSpan.FromMinutes(2),
    };

    /// <summary>Creates two sessions before the handshake.</summary>
    public static async Task<SessionPair> CreateAsync(TransportKind transport, ClientOptions client, ServerOptions server, int capacity = 1 << 20)
    {
        if (transport == TransportKind.Socket)
        {
            var (near, far) = await ConnectSocketsAsync();
            return new(SecureSession.Create(near, client), SecureSession.Create(far, server), null);
        }
        var connection = DuplexConnection.Create(capacity);
        return transport == TransportKind.Pipe
            ? new(SecureSession.Create((IDuplexPipe)connection.Client, client), SecureSession.Create((IDuplexPipe)connection.Server, server), connection)
            : new(SecureSession.Create((Stream)connection.Client, client), SecureSession.Create((Stream)connection.Server, server), connection);
    }

    /// <summary>Creates two established sessions.</summary>
    public static async Task<SessionPair> EstablishAsync(TransportKind transport, ClientOptions client, ServerOptions server, int capacity = 1 << 20)
    {
        var pair = await CreateAsync(transport, client, server, capacity);
        await pair.HandshakeAsync();
        return pair;
    }

    /// <inheritdoc cref="EstablishAsync(TransportKind, ClientOptions, ServerOptions, int)"/>
    public static Task<SessionPair> EstablishAsync(string security, TransportKind transport = TransportKind.Stream, int capacity = 1 << 20) =>
        EstablishAsync(transport, ClientOptions(security), ServerOptions(security), capacity);

    public static async Task<(Socket Client, Socket Server)> ConnectSocketsAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = listener.AcceptAsync();
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (client, await accepting);
    }

    public Task HandshakeAsync() => Task.WhenAll(Client.HandshakeAsync(), Server.HandshakeAsync()).WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
