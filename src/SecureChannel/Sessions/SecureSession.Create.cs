using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <content>Creation of sessions.</content>
public sealed partial class SecureSession
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Creates a session over a connected socket, which may already have carried plaintext. The type of the options is the role. The session owns the socket
    /// and closes it when the session ends. Creating a session sends nothing.
    /// </summary>
    /// <param name="transport">The socket. Nothing else may use it from now on.</param>
    /// <param name="options">The options. A client's options must include the server name.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentException">An option is invalid. The socket remains open.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Socket transport, SecureSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var protection = SessionProtection.Create(options, host: null, GetEndPoint(() => transport.RemoteEndPoint));
        return Create(transport, protection, options);
    }

    /// <summary>
    /// Creates a session over a stream, which may already have carried plaintext. The type of the options is the role. The session owns the stream and closes
    /// it when the session ends. Creating a session sends nothing.
    /// </summary>
    /// <param name="transport">The bidirectional, ordered byte stream. Nothing else may use it from now on.</param>
    /// <param name="options">The options. A client's options must include the server name.</param>
    /// <param name="localEndPoint">The local endpoint of the transport, for <see cref="SessionInfo.LocalEndPoint"/>; or null.</param>
    /// <param name="remoteEndPoint">The remote endpoint of the transport, for <see cref="SessionInfo.RemoteEndPoint"/>; or null.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentException">An option is invalid. The stream remains open.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(Stream transport, SecureSessionOptions options, EndPoint? localEndPoint = null, EndPoint? remoteEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var protection = SessionProtection.Create(options, host: null, remoteEndPoint);
        return new(options.Role, protection.CreateDriver(transport, options), localEndPoint, remoteEndPoint);
    }

    /// <summary>
    /// Creates a session over a duplex pipe, which may already have carried plaintext. The type of the options is the role. The session owns the pipe and
    /// closes it when the session ends. Creating a session sends nothing.
    /// </summary>
    /// <param name="transport">The duplex pipe. Nothing else may use it from now on.</param>
    /// <param name="options">The options. A client's options must include the server name.</param>
    /// <param name="localEndPoint">The local endpoint of the transport, for <see cref="SessionInfo.LocalEndPoint"/>; or null.</param>
    /// <param name="remoteEndPoint">The remote endpoint of the transport, for <see cref="SessionInfo.RemoteEndPoint"/>; or null.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ArgumentException">An option is invalid. The pipe remains open.</exception>
    [return: InState(SessionState.Created)]
    public static SecureSession Create(IDuplexPipe transport, SecureSessionOptions options, EndPoint? localEndPoint = null, EndPoint? remoteEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return Create(new DuplexPipeStream(transport), options, localEndPoint, remoteEndPoint);
    }

    /// <summary>
    /// Connects over TCP and performs the handshake, within <see cref="SecureSessionOptions.HandshakeTimeout"/>. The addresses of the host are tried one after
    /// another, each for <see cref="ClientOptions.ConnectTimeout"/>.
    /// </summary>
    /// <param name="host">
    /// The DNS name or IP address of the server. The certificate must be valid for it, unless <see cref="ClientOptions.ServerName"/> is set. The scope of an IPv6
    /// address, such as "%eth0", selects the network interface and is not a part of the name.
    /// </param>
    /// <param name="port">The port: 1 to 65535.</param>
    /// <param name="options">The options of the client.</param>
    /// <param name="cancellationToken">The token that cancels the operation and closes the connection.</param>
    /// <returns>The session, whose handshake is complete.</returns>
    /// <exception cref="SessionException">
    /// No connection was made: <see cref="SessionErrorKind.TransportFailed"/> with a <see cref="SocketException"/> inside. Or the handshake failed, or did not
    /// complete in time.
    /// </exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    [return: InState(SessionState.Established)]
    public static Task<SecureSession> ConnectAsync(string host, int port, ClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return ConnectAsync(new DnsEndPoint(host, port), host, options, cancellationToken);
    }

    /// <summary>Connects and performs the handshake, within <see cref="SecureSessionOptions.HandshakeTimeout"/>.</summary>
    /// <param name="endPoint">
    /// The endpoint of the server, such as an <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>. The certificate
    /// must be valid for its host or address, unless <see cref="ClientOptions.ServerName"/> is set. A Unix domain socket requires a server name.
    /// </param>
    /// <param name="options">The options of the client.</param>
    /// <param name="cancellationToken">The token that cancels the operation and closes the connection.</param>
    /// <returns>The session, whose handshake is complete.</returns>
    /// <exception cref="SessionException">
    /// No connection was made: <see cref="SessionErrorKind.TransportFailed"/> with a <see cref="SocketException"/> inside. Or the handshake failed, or did not
    /// complete in time.
    /// </exception>
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
        var protection = SessionProtection.Create(options, host, endPoint);
        var start = options.TimeProvider.GetTimestamp();
        var socket = await ConnectionOpener.OpenAsync(endPoint, options, cancellationToken).ConfigureAwait(false);
        var connecting = options.TimeProvider.GetElapsedTime(start);
        var left = options.HandshakeTimeout - connecting;
        var session = Create(socket, protection, options with { HandshakeTimeout = left > MinTimeout ? left : MinTimeout });
        try
        {
            await session.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch (SessionException e) when (e.Error.Code == SessionErrorCode.HandshakeTimeout)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            var error = e.Error with
            {
                Message = $"{e.Error.Message} Connecting used {connecting.TotalSeconds:0.###} s "
                    + $"of the {options.HandshakeTimeout.TotalSeconds:0.###} s of 'HandshakeTimeout'.",
            };
            throw new SessionException(error, e.End, e);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SecureSession Create(Socket socket, SessionProtection protection, SecureSessionOptions options)
    {
        // A socket that the peer has reset has no remote endpoint any more.
        var (local, remote) = (GetEndPoint(() => socket.LocalEndPoint), GetEndPoint(() => socket.RemoteEndPoint));
        return new(options.Role, protection.CreateDriver(new SocketStream(socket, options.TimeProvider), options), local, remote);
    }

    /// <summary>Gets an endpoint of a socket, or null if the socket has none.</summary>
    internal static EndPoint? GetEndPoint(Func<EndPoint?> get)
    {
        try
        {
            return get();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
