using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>How sessions are made.</content>
public sealed partial class SecureSession
{
    /// <summary>
    /// Makes a client's session over an open connection, which may have carried plain bytes before. The session owns the stream: it closes it when it ends.
    /// </summary>
    /// <param name="transport">Carries bytes both ways, in order. Nothing else may use it from now on.</param>
    /// <param name="options">What this end chooses; the server's name must be among it.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Stream transport, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var name = options.ServerName
            ?? throw new ArgumentException("Over an open connection the server's name is not known: set ServerName.", nameof(options));
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
    /// Makes a server's session over an open connection, which may have carried plain bytes before. The session owns the stream: it closes it when it ends.
    /// </summary>
    /// <param name="transport">Carries bytes both ways, in order. Nothing else may use it from now on.</param>
    /// <param name="options">What this end chooses.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
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

    /// <summary>Connects over TCP and does the handshake.</summary>
    /// <param name="host">A DNS name or an IP address; what the certificate must be for, unless <see cref="ClientOptions.ServerName"/> says otherwise.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">What this end chooses.</param>
    /// <param name="cancellationToken">Gives up and closes the connection.</param>
    /// <exception cref="SocketException">There is no connection.</exception>
    /// <exception cref="SessionException">The handshake failed.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    [return: InState(SessionState.Established)]
    public static Task<SecureSession> ConnectAsync(string host, int port, ClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return ConnectAsync(new DnsEndPoint(host, port), host, options, cancellationToken);
    }

    /// <summary>Connects over TCP and does the handshake.</summary>
    /// <param name="endPoint">Where the server is. If <see cref="ClientOptions.ServerName"/> is null, the certificate must be for its host or address.</param>
    /// <param name="options">What this end chooses.</param>
    /// <param name="cancellationToken">Gives up and closes the connection.</param>
    /// <exception cref="SocketException">There is no connection.</exception>
    /// <exception cref="SessionException">The handshake failed.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
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
            ?? throw new ArgumentException("The end point has no name that a certificate could be for: set ServerName.", nameof(options));
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
            IdleTimeout = options.IdleTimeout,
        });
        return new EngineDriver(transport, options, machine, handshake);
    }
}
