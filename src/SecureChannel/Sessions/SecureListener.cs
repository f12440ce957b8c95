using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <summary>
/// A listener that accepts TCP connections and performs their handshakes concurrently. A failed handshake ends only its own connection and is reported to
/// <see cref="ServerOptions.HandshakeFailed"/>. Thread-safe.
/// </summary>
public sealed class SecureListener : IAsyncDisposable
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly ServerOptions _options;
    private readonly SemaphoreSlim _handshakeSlots;
    private readonly Channel<SecureSession> _established = Channel.CreateUnbounded<SecureSession>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _disposed;

    private SecureListener(Socket socket, ServerOptions options)
    {
        (_socket, _options) = (socket, options);
        _handshakeSlots = new SemaphoreSlim(options.MaxPendingHandshakes);
        _accepting = Task.Run(AcceptConnectionsAsync);
    }

    /// <summary>Gets the local endpoint, with the port that the system chose if port 0 was requested.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Starts a listener on all addresses of this machine.</summary>
    /// <param name="port">The port: 1 to 65535, or 0 to let the system choose.</param>
    /// <param name="options">The options of the server.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static SecureListener Start(int port, ServerOptions options) =>
        Start(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port), options);

    /// <summary>Starts a listener on one address.</summary>
    /// <param name="endPoint">The local address and port. If the port is 0, the system chooses one.</param>
    /// <param name="options">The options of the server.</param>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static SecureListener Start(IPEndPoint endPoint, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        SessionProtection.Validate(options);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen();
            return new SecureListener(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next session whose handshake is complete. The caller owns the session.</summary>
    /// <param name="cancellationToken">The token that cancels the wait. Cancellation loses no session.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    [return: InState(SessionState.Established)]
    public async Task<SecureSession> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            SecureSession session;
            try
            {
                session = await _established.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                throw new ObjectDisposedException(nameof(SecureListener));
            }
            _handshakeSlots.Release();
            if (session.End is null)
                return session;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops the listener. Closes the port, the connections whose handshakes are in progress, and the sessions that were not accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_established.Reader.TryRead(out var session))
            await session.DisposeAsync().ConfigureAwait(false);
    }

    // A slot is held from before the connection is accepted until its session is, so the number of unaccepted sessions is bounded.
    private async Task AcceptConnectionsAsync()
    {
        var handshakes = new List<Task>();
        try
        {
            while (true)
            {
                await _handshakeSlots.WaitAsync(_stop.Token).ConfigureAwait(false);
                var connection = await AcceptConnectionAsync().ConfigureAwait(false);
                handshakes.RemoveAll(handshake => handshake.IsCompleted);
                handshakes.Add(Task.Run(() => HandshakeAsync(connection)));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(handshakes).ConfigureAwait(false);
            _established.Writer.Complete();
        }
    }

    private async Task<Socket> AcceptConnectionAsync()
    {
        while (true)
        {
            try
            {
                return await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SocketException e) when (!_stop.IsCancellationRequested)
            {
                Report(null, e);
                // Delay the retry: errors such as running out of descriptors persist for a while.
                await Task.Delay(AcceptRetryDelay, _options.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task HandshakeAsync(Socket connection)
    {
        EndPoint? remote = null;
        SecureSession? session = null;
        try
        {
            remote = connection.RemoteEndPoint;
            session = SecureSession.Create(connection, _options);
            await session.HandshakeAsync(_stop.Token).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(!_established.Writer.TryWrite(session), this);
        }
        catch (Exception e)
        {
            if (session is null)
                connection.Dispose();
            else
                await session.DisposeAsync().ConfigureAwait(false);
            _handshakeSlots.Release();
            if (!_stop.IsCancellationRequested)
                Report(remote, e);
        }
    }

    private void Report(EndPoint? remote, Exception exception)
    {
        var (kind, code) = exception is IOException or SocketException
            ? (SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed)
            : (SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed);
        var error = (exception as SessionException)?.Error ?? new SessionError(kind, code, AlertDescription.InternalError, exception.Message);
        try
        {
            _options.HandshakeFailed?.Invoke(new HandshakeFailure(remote, error, exception));
        }
        catch (Exception)
        {
            // The listener must survive a callback that throws.
        }
    }
}
