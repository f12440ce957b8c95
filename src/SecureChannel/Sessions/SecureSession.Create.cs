using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <content>Creation of sessions.</content>
public sealed partial class SecureSession
{
    /// <summary>
    /// Creates a session over a connected socket, which may already have carried plaintext. The type of the options is the role. The session owns the socket and
    /// closes it when the session ends. Creating a session sends nothing.
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
    /// Creates a session over a stream, which may already have carried plaintext. The type of the options is the role. The session owns the stream and closes it
    /// when the session ends. Creating a session sends nothing.
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
    /// Creates a session over a duplex pipe, which may already have carried plaintext. The type of the options is the role. The session owns the pipe and closes it
    /// when the session ends. Creating a session sends nothing.
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

    /// <summary>Connects over TCP and performs the handshake.</summary>
    /// <param name="host">
    /// The DNS name or IP address of the server. The certificate must be valid for it, unless <see cref="ClientOptions.ServerName"/> is set.
    /// </param>
    /// <param name="port">The port: 1 to 65535.</param>
    /// <param name="options">The options of the client.</param>
    /// <param name="cancellationToken">The token that cancels the operation and closes the connection.</param>
    /// <returns>The session, whose handshake is complete.</returns>
    /// <exception cref="SessionException">The connection failed, with a <see cref="SocketException"/> inside, or the handshake failed.</exception>
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
    /// <exception cref="SessionException">The connection failed, with a <see cref="SocketException"/> inside, or the handshake failed.</exception>
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
        var protection = SessionProtection.Create(options, host);
        var session = Create(await OpenAsync(endPoint, cancellationToken).ConfigureAwait(false), protection, options);
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
        catch (SocketException e)
        {
            socket.Dispose();
            throw new SessionException(
                new SessionError(
                    SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError,
                    $"The connection to {endPoint} failed: {e.Message}. Check the address, and that the server is running."),
                innerException: e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SecureSession Create(Socket socket, SessionProtection protection, SecureSessionOptions options)
    {
        // A socket that the peer has reset has no remote endpoint any more.
        var (local, remote) = (GetEndPoint(() => socket.LocalEndPoint), GetEndPoint(() => socket.RemoteEndPoint));
        return new(options.Role, protection.CreateDriver(new SocketStream(socket, options.TimeProvider), options), local, remote);
    }

    private static EndPoint? GetEndPoint(Func<EndPoint?> get)
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
