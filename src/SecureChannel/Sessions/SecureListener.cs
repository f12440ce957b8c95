using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <summary>
/// Accepts TCP connections and does their handshakes side by side. A handshake that fails ends that connection alone, and is reported to
/// <see cref="ServerOptions.HandshakeFailed"/>. Thread-safe.
/// </summary>
public sealed class SecureListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailedAccept = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly ServerOptions _options;
    private readonly SemaphoreSlim _room;
    private readonly Channel<SecureSession> _established = Channel.CreateUnbounded<SecureSession>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _disposed;

    private SecureListener(Socket socket, ServerOptions options)
    {
        (_socket, _options) = (socket, options);
        _room = new SemaphoreSlim(options.MaxPendingHandshakes);
        _accepting = Task.Run(AcceptConnectionsAsync);
    }

    /// <summary>Where it listens, with the port that the system chose if 0 was asked for.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Listens on all addresses of this machine.</summary>
    /// <param name="port">1 to 65535, or 0: the system chooses.</param>
    /// <param name="options">What this end chooses.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static SecureListener Start(int port, ServerOptions options) =>
        Start(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port), options);

    /// <summary>Listens on one address.</summary>
    /// <param name="endPoint">The address; port 0: the system chooses.</param>
    /// <param name="options">What this end chooses.</param>
    /// <exception cref="SocketException">The address is taken, or not this machine's.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static SecureListener Start(IPEndPoint endPoint, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
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

    /// <summary>Waits for the next session whose handshake is complete. The caller owns it.</summary>
    /// <param name="cancellationToken">Gives up waiting; no session is lost.</param>
    /// <exception cref="ObjectDisposedException">The listener was stopped.</exception>
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
            _room.Release();
            if (session.End is null)
                return session;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops: closes the port, the connections in their handshakes, and the sessions that nobody has accepted.</summary>
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

    // A place is taken from before a connection is accepted until its session is, so that what nobody accepts is bounded too.
    private async Task AcceptConnectionsAsync()
    {
        var handshakes = new List<Task>();
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
                var connection = await AcceptConnectionAsync().ConfigureAwait(false);
                handshakes.RemoveAll(handshake => handshake.IsCompleted);
                handshakes.Add(Task.Run(() => ShakeHandsAsync(connection)));
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
                // Out of descriptors, for one: trying again at once would spin.
                await Task.Delay(PauseAfterFailedAccept, _options.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task ShakeHandsAsync(Socket connection)
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
            _room.Release();
            if (!_stop.IsCancellationRequested)
                Report(remote, e);
        }
    }

    private void Report(EndPoint? remote, Exception exception)
    {
        var error = (exception as SessionException)?.Error
            ?? new SessionError(exception is IOException or SocketException ? SessionErrorKind.Truncated : SessionErrorKind.LocalError, AlertDescription.InternalError, exception.Message);
        try
        {
            _options.HandshakeFailed?.Invoke(new HandshakeFailure(remote, error, exception));
        }
        catch (Exception)
        {
            // What an observer throws is not the listener's matter: it must go on.
        }
    }
}
