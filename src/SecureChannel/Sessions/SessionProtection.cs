using System.Net;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// The protection of a session that is about to be created: a handshake machine, or the options of SslStream. Creating it validates the options, so that
/// options that cannot work fail before a connection is opened.
/// </summary>
internal sealed class SessionProtection
{
    private readonly HandshakeProtocol? _handshake;
    private readonly HandshakeMachine? _machine;
    private readonly SslStreamHandshake? _ssl;

    private SessionProtection(HandshakeProtocol handshake, HandshakeMachine machine) => (_handshake, _machine) = (handshake, machine);

    private SessionProtection(SslStreamHandshake ssl) => _ssl = ssl;

    /// <summary>Creates the protection.</summary>
    /// <param name="options">The options, whose type is the role.</param>
    /// <param name="host">The host that a client connects to, or null if it is unknown.</param>
    /// <param name="remoteEndPoint">The remote endpoint of the transport, or the endpoint to which a client connects. Null if it is unknown.</param>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static SessionProtection Create(SecureSessionOptions options, string? host, EndPoint? remoteEndPoint = null)
    {
        options.Validate();
        if (options is ServerOptions server)
            return Create(server, remoteEndPoint);
        var client = (ClientOptions)options;
        var name = client.ServerName ?? host
            ?? throw new ArgumentException(
                "The name that the server's certificate must be valid for is unknown. Set 'ServerName'.", nameof(options));
        return Create(client, ClientOptions.ToCertificateName(name, nameof(host)), remoteEndPoint);
    }

    /// <summary>Validates the options of a server whose sessions are created later.</summary>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static void Validate(ServerOptions options)
    {
        options.Validate();
        Create(options)._machine?.Dispose();
    }

    /// <summary>Creates the driver, which owns the transport.</summary>
    public SessionDriver CreateDriver(Stream transport, SecureSessionOptions options)
    {
        var guarded = new GuardedTransport(transport);
        return _ssl is not null ? new SslStreamDriver(guarded, options, _ssl) : new EngineDriver(guarded, options, _machine!, _handshake!);
    }

    private static SessionProtection Create(ClientOptions options, string serverName, EndPoint? remoteEndPoint)
    {
        if (options.Security.Handshake is not { } handshake)
            return new(new SslStreamHandshake(options, serverName, remoteEndPoint));
        return new(handshake, handshake.CreateClient(new ClientHandshakeParameters
        {
            Cryptography = options.Cryptography,
            CipherSuites = [.. options.CipherSuites],
            Groups = [.. options.Groups],
            InitialKeyShares = [.. options.OrderedKeyShares],
            SignatureSchemes = [.. options.SignatureSchemes],
            KeyLog = options.KeyLog,
            ServerName = serverName,
            RemoteEndPoint = remoteEndPoint,
            Trust = options.Trust,
            Identity = options.Identity,
            ApplicationProtocols = [.. options.ApplicationProtocols],
            RequireApplicationProtocol = options.RequireApplicationProtocol,
            Session = options.SessionParameters,
            TimeProvider = options.TimeProvider,
            SessionCache = options.SessionCache,
        }));
    }

    private static SessionProtection Create(ServerOptions options, EndPoint? remoteEndPoint = null)
    {
        if (options.Security.Handshake is not { } handshake)
            return new(new SslStreamHandshake(options, remoteEndPoint));
        return new(handshake, handshake.CreateServer(new ServerHandshakeParameters
        {
            Cryptography = options.Cryptography,
            CipherSuites = [.. options.CipherSuites],
            Groups = [.. options.Groups],
            SignatureSchemes = [.. options.SignatureSchemes],
            KeyLog = options.KeyLog,
            Identity = options.Identity,
            RefuseUnknownServerNames = options.RefuseUnknownServerNames,
            ClientAuthentication = options.ClientAuthentication,
            ClientTrust = options.ClientTrust,
            Tickets = options.Tickets ?? options.RotatingTickets,
            TimeProvider = options.TimeProvider,
            RemoteEndPoint = remoteEndPoint,
            ApplicationProtocols = [.. options.ApplicationProtocols],
            RequireApplicationProtocol = options.RequireApplicationProtocol,
            Session = options.SessionParameters,
        }));
    }
}
