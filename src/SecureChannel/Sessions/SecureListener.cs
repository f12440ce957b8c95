using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>A method that serves one session of a <see cref="SecureListener"/>.</summary>
/// <param name="session">The session. The caller disposes it.</param>
/// <param name="cancellationToken">The token that is canceled when the server can wait no longer.</param>
public delegate Task SessionDelegate([InState(SessionState.Established)] SecureSession session, CancellationToken cancellationToken);

/// <summary>
/// A listener that accepts connections and performs their handshakes concurrently. A failed handshake ends only its own connection and is reported to
/// <see cref="ServerOptions.HandshakeFailed"/>. Silent connections cannot stop the listener: see <see cref="ServerOptions.MaxPendingHandshakes"/>. Thread-safe.
/// </summary>
public sealed class SecureListener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly ServerOptions _options;
    private readonly ConnectionLimits _limits;
    private readonly FailureReports _reports;
    private readonly SocketAcceptor _acceptor;
    private readonly DeadlineTimer _timer;
    private readonly AsyncSignal _changed = new();
    private readonly Channel<SecureSession> _established = Channel.CreateUnbounded<SecureSession>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _disposed;

    private SecureListener(Socket socket, ServerOptions options)
    {
        (_socket, _options, LocalEndPoint) = (socket, options, socket.LocalEndPoint!);
        (_limits, _reports) = (new ConnectionLimits(options), new FailureReports(options));
        _acceptor = new SocketAcceptor(socket.AcceptAsync, e => _reports.Report(null, e), options.TimeProvider);
        _timer = new DeadlineTimer(options.TimeProvider, Tick);
        _accepting = Task.Run(AcceptConnectionsAsync);
    }

    /// <summary>Gets the local endpoint, with the port that the system chose if port 0 was requested.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>Starts a listener on all addresses of this machine.</summary>
    /// <param name="port">The port: 1 to 65535, or 0 to let the system choose.</param>
    /// <param name="options">The options of the server.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static SecureListener Start(int port, ServerOptions options) =>
        Start(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port), options);

    /// <summary>Starts a listener on one address, or on a Unix domain socket.</summary>
    /// <param name="endPoint">
    /// An <see cref="IPEndPoint"/>, whose port the system chooses if it is 0, or a <see cref="UnixDomainSocketEndPoint"/>, whose file must not exist. The
    /// listener deletes the file when it is disposed.
    /// </param>
    /// <param name="options">The options of the server.</param>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    /// <exception cref="ArgumentException">An option is invalid, or the endpoint has another type.</exception>
    public static SecureListener Start(EndPoint endPoint, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        if (endPoint is not (IPEndPoint or UnixDomainSocketEndPoint))
        {
            throw new ArgumentException(
                $"A listener cannot be bound to a '{endPoint.GetType().Name}'. Use 'IPEndPoint' or 'UnixDomainSocketEndPoint'.", nameof(endPoint));
        }
        SessionProtection.Validate(options);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (endPoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
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
            _changed.Set();
            if (session.End is null)
                return session;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Serves sessions with handlers until canceled: accepts each session, runs a handler of its own to a final state of the protocol, and disposes the
    /// session. The exception of a handler ends only its own session.
    /// </summary>
    /// <param name="createHandler">
    /// The function that creates the handler of a session. It may also return one handler for all sessions, if that handler has no state of a session.
    /// </param>
    /// <param name="cancellationToken">The token that stops the server.</param>
    /// <returns>A task that completes when the server has stopped. Cancellation is not a failure.</returns>
    /// <exception cref="ObjectDisposedException">The listener was disposed before the call.</exception>
    /// <remarks><inheritdoc cref="ServeAsync(SessionDelegate, CancellationToken)" path="/remarks/node()"/></remarks>
    public Task ServeAsync(Func<SessionInfo, ProtocolHandler> createHandler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(createHandler);
        return ServeAsync(RunHandlerAsync, cancellationToken);

        Task RunHandlerAsync([InState(SessionState.Established)] SecureSession session, CancellationToken stop)
        {
            var handler = createHandler(session)
                ?? throw new InvalidOperationException($"'{nameof(createHandler)}' returned null. Return a handler for each session.");
            return handler.RunAsync(session, stop);
        }
    }

    /// <summary>
    /// Serves sessions with a delegate until canceled: accepts each session, awaits the delegate, and disposes the session. An exception of the delegate ends
    /// only its own session. The delegate must close a session that carries no protocol, because disposal aborts it.
    /// </summary>
    /// <param name="serve">The delegate. Its token is canceled when <see cref="ServerOptions.DrainTimeout"/> expires, not when the server stops.</param>
    /// <param name="cancellationToken">The token that stops the server.</param>
    /// <returns>A task that completes when the server has stopped. Cancellation is not a failure.</returns>
    /// <exception cref="ObjectDisposedException">The listener was disposed before the call.</exception>
    /// <remarks>
    /// <para>
    /// Sessions that end with an agreed idle timeout, or that the local endpoint closes, are ordinary (<see cref="SessionException.IsExpected"/>). All other
    /// exceptions are reported to <see cref="ServerOptions.SessionFailed"/>.
    /// </para>
    /// <para>
    /// A server that stops closes its port, and waits at most <see cref="ServerOptions.DrainTimeout"/> for its sessions. Then it cancels the handlers, and
    /// aborts the sessions with <see cref="SessionErrorCode.Canceled"/>. Disposal of the listener stops the server too.
    /// </para>
    /// </remarks>
    public Task ServeAsync(SessionDelegate serve, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(serve);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new ServerLoop(this, _options, serve).RunAsync(cancellationToken);
    }

    /// <summary>Stops the listener. Closes the port, the connections whose handshakes are in progress, and the sessions that were not accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await StopAcceptingAsync().ConfigureAwait(false);
        _timer.Dispose();
    }

    /// <summary>Closes the port, the connections whose handshakes are in progress, and the sessions that were not accepted.</summary>
    internal async Task StopAcceptingAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_established.Reader.TryRead(out var session))
            await session.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptConnectionsAsync()
    {
        var handshakes = new List<Task>();
        try
        {
            while (true)
            {
                // Beyond this limit, further connections wait in the backlog of the operating system, because the application does not accept fast enough.
                while (_established.Reader.Count >= _options.MaxPendingHandshakes)
                    await _changed.WaitAsync(_stop.Token).ConfigureAwait(false);
                var socket = await _acceptor.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (await AdmitAsync(socket).ConfigureAwait(false) is not { } connection)
                    continue;
                handshakes.RemoveAll(handshake => handshake.IsCompleted);
                handshakes.Add(Task.Run(() => RunHandshakeAsync(socket, connection)));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(handshakes).ConfigureAwait(false);
            _established.Writer.Complete();
        }
    }

    // Returns null if the connection is refused.
    private async Task<ListenerConnection?> AdmitAsync(Socket socket)
    {
        var connection = new ListenerConnection(SecureSession.GetEndPoint(() => socket.RemoteEndPoint));
        try
        {
            Admission admission;
            while ((admission = TryAdmit(connection)) == Admission.Full)
            {
                _timer.Arm(_limits.NextEviction);
                await _changed.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
            if (admission == Admission.Admitted)
                return connection;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
        _reports.ReportRejection(connection.RemoteEndPoint, connection.Rejection!.Value, _timer.Now);
        socket.Dispose();
        return null;
    }

    private Admission TryAdmit(ListenerConnection connection)
    {
        var admission = _limits.TryAdmit(connection, _timer.Now, out var evicted);
        if (evicted is not null)
            Abort(evicted);
        Expire();
        return admission;
    }

    private async Task RunHandshakeAsync(Socket socket, ListenerConnection connection)
    {
        SecureSession? session = null;
        try
        {
            var transport = new SocketStream(socket, _options.TimeProvider, observer: phase => Advance(connection, phase));
            session = SecureSession.Create(
                transport, ObserveClientHello(connection), SecureSession.GetEndPoint(() => socket.LocalEndPoint), connection.RemoteEndPoint);
            connection.Attach(session, transport);
            await session.HandshakeAsync(_stop.Token).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(!Advance(connection, ConnectionPhase.Established) || !_established.Writer.TryWrite(session), this);
            _ = session.Completion.ContinueWith(
                (_, state) => Advance((ListenerConnection)state!, ConnectionPhase.Ended), connection, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception e)
        {
            var isRejected = connection.Rejection is not null;
            Advance(connection, ConnectionPhase.Ended);
            if (session is null)
                socket.Dispose();
            else
                await session.DisposeAsync().ConfigureAwait(false);
            if (!_stop.IsCancellationRequested && !isRejected)
                _reports.Report(connection.RemoteEndPoint, e);
        }
    }

    // A signature may take long, so the first message is complete before the first write. SslStream has no observer, but signs at once.
    private ServerOptions ObserveClientHello(ListenerConnection connection)
    {
        if (_options.Security.Handshake is null)
            return _options;
        return _options with
        {
            RotatingTickets = _options.RotatingTickets,
            HandshakeObserver = progress =>
            {
                if (!progress.Sent)
                    Advance(connection, ConnectionPhase.Handshaking);
                _options.HandshakeObserver?.Invoke(progress);
            },
        };
    }

    private bool Advance(ListenerConnection connection, ConnectionPhase phase)
    {
        var isOpen = _limits.Advance(connection, phase);
        if (phase == ConnectionPhase.AwaitingFirstByte)
            _timer.Arm(connection.AdmittedAt + _options.FirstByteTimeout);
        _changed.Set();
        return isOpen;
    }

    private void Tick()
    {
        Expire();
        _changed.Set();
    }

    private void Expire()
    {
        var expired = new List<ListenerConnection>();
        _timer.Arm(_limits.Expire(_timer.Now, expired));
        foreach (var connection in expired)
            Abort(connection);
    }

    private void Abort(ListenerConnection connection)
    {
        _reports.ReportRejection(connection.RemoteEndPoint, connection.Rejection!.Value, _timer.Now);
        connection.Abort(connection.Rejection.Value.CreateError(_options));
    }
}
