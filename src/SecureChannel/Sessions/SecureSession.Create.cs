using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>Creation of sessions.</content>
public sealed partial class SecureSession
{
    /// <summary>
    /// Creates a client's session over an open connection, which may already have carried plaintext. The session owns the transport and closes it when the
    /// session ends.
    /// </summary>
    /// <param name="transport">The bidirectional, ordered byte transport. Nothing else may use it from now on.</param>
    /// <param name="options">The options of the client. They must include the server name.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Stream transport, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var name = options.ServerName
            ?? throw new ArgumentException("The server name of an open connection is unknown. Set 'ServerName'.", nameof(options));
        return new(Role.Client, CreateDriver(transport, options, name), options);
    }

    /// <inheritdoc cref="Create(Stream, ClientOptions)"/>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Socket transport, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        return Create(new SocketStream(transport, options.TimeProvider), options);
    }

    /// <inheritdoc cref="Create(Stream, ClientOptions)"/>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(IDuplexPipe transport, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return Create(new DuplexPipeStream(transport), options);
    }

    /// <summary>
    /// Creates a server's session over an open connection, which may already have carried plaintext. The session owns the transport and closes it when the
    /// session ends.
    /// </summary>
    /// <param name="transport">The bidirectional, ordered byte transport. Nothing else may use it from now on.</param>
    /// <param name="options">The options of the server.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Stream transport, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new(Role.Server, CreateDriver(transport, options), options);
    }

    /// <inheritdoc cref="Create(Stream, ServerOptions)"/>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Socket transport, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        return Create(new SocketStream(transport, options.TimeProvider), options);
    }

    /// <inheritdoc cref="Create(Stream, ServerOptions)"/>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(IDuplexPipe transport, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return Create(new DuplexPipeStream(transport), options);
    }

    /// <summary>Connects over TCP and performs the handshake.</summary>
    /// <param name="host">
    /// The DNS name or IP address of the server. The certificate must be valid for it, unless <see cref="ClientOptions.ServerName"/> is set.
    /// </param>
    /// <param name="port">The port: 1 to 65535.</param>
    /// <param name="options">The options of the client.</param>
    /// <param name="cancellationToken">The token that cancels the operation and closes the connection.</param>
    /// <returns>The session, whose handshake is complete.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="SessionException">The handshake failed.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    [return: InState(SessionState.Established)]
    public static Task<SecureSession> ConnectAsync(string host, int port, ClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return ConnectAsync(new DnsEndPoint(host, port), host, options, cancellationToken);
    }

    /// <summary>Connects over TCP and performs the handshake.</summary>
    /// <param name="endPoint">
    /// The endpoint of the server. The certificate must be valid for its host or address, unless <see cref="ClientOptions.ServerName"/> is set.
    /// </param>
    /// <param name="options">The options of the client.</param>
    /// <param name="cancellationToken">The token that cancels the operation and closes the connection.</param>
    /// <returns>The session, whose handshake is complete.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="SessionException">The handshake failed.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    [return: InState(SessionState.Established)]
    public static Task<SecureSession> ConnectAsync(EndPoint endPoint, ClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var host = endPoint switch
        {
            DnsEndPoint dns => dns.Host,
            IPEndPoint ip => ip.Address.ToString(),
            _ => null,
        };
        return ConnectAsync(endPoint, host, options, cancellationToken);
    }

    private static async Task<SecureSession> ConnectAsync(EndPoint endPoint, string? host, ClientOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var name = options.ServerName ?? host
            ?? throw new ArgumentException(
                "The endpoint has no host name or IP address that a certificate can be valid for. Set 'ServerName'.", nameof(options));
        var socket = await OpenAsync(endPoint, cancellationToken).ConfigureAwait(false);
        var session = new SecureSession(Role.Client, CreateDriver(new SocketStream(socket, options.TimeProvider), options, name), options);
        try
        {
            await session.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Socket> OpenAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SessionDriver CreateDriver(Stream transport, ClientOptions options, string serverName)
    {
        if (options.Security.Handshake is not { } handshake)
            return new SslStreamDriver(transport, options, serverName);
        var machine = handshake.CreateClient(new ClientHandshakeParameters
        {
            Cryptography = options.Cryptography,
            CipherSuites = [.. options.CipherSuites],
            Groups = [.. options.Groups],
            SignatureSchemes = [.. options.SignatureSchemes],
            KeyLog = options.KeyLog,
            ServerName = serverName,
            Trust = options.Trust,
            ApplicationProtocols = [.. options.ApplicationProtocols],
            RequireApplicationProtocol = options.RequireApplicationProtocol,
            IdleTimeout = options.IdleTimeout,
            TimeProvider = options.TimeProvider,
        });
        return new EngineDriver(transport, options, machine, handshake);
    }

    private static SessionDriver CreateDriver(Stream transport, ServerOptions options)
    {
        if (options.Security.Handshake is not { } handshake)
            return new SslStreamDriver(transport, options);
        var machine = handshake.CreateServer(new ServerHandshakeParameters
        {
            Cryptography = options.Cryptography,
            CipherSuites = [.. options.CipherSuites],
            Groups = [.. options.Groups],
            KeyLog = options.KeyLog,
            Identity = options.Identity,
            ApplicationProtocols = [.. options.ApplicationProtocols],
            RequireApplicationProtocol = options.RequireApplicationProtocol,
            IdleTimeout = options.IdleTimeout,
        });
        return new EngineDriver(transport, options, machine, handshake);
    }
}
