using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// The base class of drivers. A driver owns a transport, and sends and receives protected application data over it. One read and one write may be in progress
/// at the same time. Ending the session is safe from any thread. The driver reads from the transport only while a read is pending; timers run even if no read
/// is pending.
/// </summary>
internal abstract class SessionDriver : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private TaskCompletionSource<SessionEnd>? _completion;
    private CancellationTokenSource? _stopOneRead;
    private ITimer? _closeTimer;
    private Exception? _cause;
    private bool _isReading;
    private bool _isInputAcquired;
    private int _transportClosed;

    protected SessionDriver(Stream transport, SecureSessionOptions options, InputBuffer input)
    {
        Input = input;
        Transport = transport;
        Options = options;
        Timer = new DeadlineTimer(options.TimeProvider, () => _ = TickAsync());
    }

    public NegotiatedSession? Negotiated { get; protected set; }

    public PeerIdentity? PeerIdentity { get; protected set; }

    public SessionEnd? End { get; private set; }

    public Task<SessionEnd> Completion
    {
        get
        {
            lock (Gate)
            {
                _completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (End is not null)
                    _completion.TrySetResult(End);
                return _completion.Task;
            }
        }
    }

    protected Stream Transport { get; }

    protected SecureSessionOptions Options { get; }

    protected DeadlineTimer Timer { get; }

    protected Lock Gate { get; } = new();

    /// <summary>Gets the buffer of received bytes. Only the current reader uses it, under the gate.</summary>
    protected InputBuffer Input { get; }

    /// <summary>Gets a value that indicates whether <see cref="Release"/> was called.</summary>
    protected bool IsReleased { get; private set; }

    /// <summary>Gets a token that is canceled when the session ends.</summary>
    protected CancellationToken Stopped => _stopReading.Token;

    /// <summary>Gets a token that is canceled 1 second after the session ends, so that the last record can still be sent.</summary>
    protected CancellationToken WriteStopped => _stopWriting.Token;

    public abstract Task HandshakeAsync(CancellationToken cancellationToken);

    /// <summary>Reads application bytes, which are valid until the next read. Returns an empty buffer if the session ended without an error.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gets a value that indicates whether <see cref="WriteAsync"/> no longer uses the data after it returns, even if its task is not complete.
    /// </summary>
    public abstract bool ConsumesDataSynchronously { get; }

    /// <summary>Protects application data and writes it to the transport.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Closes the session with close_notify, unless it has ended.</summary>
    public abstract ValueTask CloseAsync();

    /// <summary>Closes the local write direction with close_notify, unless the session has ended.</summary>
    /// <exception cref="NotSupportedException">The driver does not support half-close.</exception>
    public abstract ValueTask CloseWriteAsync();

    /// <summary>Aborts the session with an error, unless it has ended.</summary>
    public abstract ValueTask AbortAsync(SessionError error);

    public abstract void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output);

    /// <summary>Ends the session without an alert, unless it has ended, and closes the transport.</summary>
    public async ValueTask DisposeAsync()
    {
        TryEnd(new SessionEnd(SessionEndReason.ClosedLocally));
        await CloseTransportAsync().ConfigureAwait(false);
    }

    /// <summary>Zeroes and releases the buffers. The buffer of a pending read is released when the read completes.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (IsReleased)
                return;
            IsReleased = true;
            FreeMemory();
            if (!_isReading)
                Input.Release();
        }
    }

    /// <summary>Creates the exception of an operation that fails because the session ended.</summary>
    public Exception CreateEndException() => End switch
    {
        { Error: { } error } => new SessionException(error, End, _cause),
        { Reason: SessionEndReason.ClosedByPeer } => CreateException(
            SessionErrorKind.Closed, SessionErrorCode.ClosedByPeer, "The peer closed the session, so nothing more can be sent. Create a new session."),
        { Reason: SessionEndReason.IdleTimeout } => CreateException(
            SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout, "The session ended because the idle timeout expired. Create a new session."),
        _ => new InvalidOperationException("This endpoint closed the session. Create a new session."),
    };

    /// <summary>Gets the error of a handshake that the caller canceled.</summary>
    protected static SessionError CanceledHandshake { get; } =
        new(SessionErrorKind.LocalError, SessionErrorCode.Canceled, AlertDescription.UserCanceled, "This endpoint canceled the handshake.");

    protected abstract Task TickAsync();

    /// <summary>Releases the driver's memory, except the input buffer. Called once, under the gate.</summary>
    protected virtual void FreeMemory()
    {
    }

    /// <summary>
    /// Ends the session. Only the first call has an effect. Cancels pending reads at once, and pending writes after 1 second, so that the last record can be
    /// sent.
    /// </summary>
    /// <param name="end">The end of the session.</param>
    /// <param name="cause">The underlying exception, or null.</param>
    /// <returns>True if this call ended the session; false if it had already ended.</returns>
    protected bool TryEnd(SessionEnd end, Exception? cause = null)
    {
        lock (Gate)
        {
            if (End is not null)
                return false;
            (_cause, End) = (cause, end);
            _completion?.TrySetResult(end);
        }
        Timer.Dispose();
        _ = _stopReading.CancelAsync();
        _closeTimer = Options.TimeProvider.CreateTimer(
            static stop => ((CancellationTokenSource)stop!).Cancel(), _stopWriting, CloseTimeout, Timeout.InfiniteTimeSpan);
        return true;
    }

    protected void Fail(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message, Exception? cause = null) =>
        TryEnd(new SessionEnd(SessionEndReason.Failed, new SessionError(kind, code, alert, message)), cause);

    /// <summary>Reads bytes into the input buffer, from the transport or from a stream over the transport.</summary>
    /// <returns>The number of bytes, 0 at the end of the stream, or null if the session ended or the transport's input was acquired in the meantime.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was canceled. No data was lost.</exception>
    protected ValueTask<int?> FillInputAsync(Stream stream, CancellationToken cancellationToken) =>
        Input.IsDrained && Input.WaitsWithoutBuffer
            ? WaitAndFillInputAsync(stream, cancellationToken)
            : ReadInputAsync(stream, isWait: Input.IsDrained, cancellationToken);

    /// <summary>
    /// Tries to acquire exclusive use of the transport's input. After success, receive operations no longer read from the transport. Fails if a read is in
    /// progress.
    /// </summary>
    protected bool TryAcquireTransportInput()
    {
        lock (Gate)
            return _isInputAcquired = !_isReading;
    }

    protected void EndWithWriteFailure(Exception cause) =>
        Fail(SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError, $"The connection failed while writing: {cause.Message}", cause);

    /// <summary>Determines whether an exception is a failure of the transport.</summary>
    protected static bool IsTransportFailure(Exception e) =>
        e is IOException or OperationCanceledException or InvalidOperationException or NotSupportedException or SocketException;

    protected virtual void EndWithReadFailure(Exception cause) =>
        Fail(SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError, $"The connection failed while reading: {cause.Message}", cause);

    protected async ValueTask CloseTransportAsync()
    {
        if (Interlocked.Exchange(ref _transportClosed, 1) != 0)
            return;
        try
        {
            await Transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
        {
            // The session has ended, so an error of the transport no longer matters.
        }
        _closeTimer?.Dispose();
    }

    private SessionException CreateException(SessionErrorKind kind, SessionErrorCode code, string message) =>
        new(new SessionError(kind, code, AlertDescription.CloseNotify, message), End, _cause);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int?> WaitAndFillInputAsync(Stream stream, CancellationToken cancellationToken) =>
        await ReadInputAsync(stream, isWait: true, cancellationToken).ConfigureAwait(false) is null
            ? null
            : await ReadInputAsync(stream, isWait: false, cancellationToken).ConfigureAwait(false);

    // Returns null if the session ended or the transport's input was acquired in the meantime.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int?> ReadInputAsync(Stream stream, bool isWait, CancellationToken cancellationToken)
    {
        if (!TryGetRoom(isWait, out var room))
            return null;
        var stop = cancellationToken.CanBeCanceled ? GetReadCancellation() : _stopReading;
        var registrations = cancellationToken.CanBeCanceled ? (Cancel(stop, cancellationToken), Cancel(stop, _stopReading.Token)) : default;
        var count = 0;
        try
        {
            var reading = stream.ReadAsync(room, stop.Token);
            if (isWait && !reading.IsCompleted)
                ReleaseLargeInput();
            return count = await reading.ConfigureAwait(false);
        }
        catch (Exception) when (End is not null)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e)
        {
            EndWithReadFailure(e);
            return null;
        }
        finally
        {
            registrations.Item1.Dispose();
            registrations.Item2.Dispose();
            FinishReading(count);
        }
    }

    private static CancellationTokenRegistration Cancel(CancellationTokenSource stop, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);

    // Reused until it is canceled, to avoid a linked source for each read. Only one read is in progress.
    private CancellationTokenSource GetReadCancellation() => _stopOneRead is { IsCancellationRequested: false } stop ? stop : _stopOneRead = new();

    private bool TryGetRoom(bool isWait, out Memory<byte> room)
    {
        lock (Gate)
        {
            _isReading = !IsReleased && !_isInputAcquired;
            room = !_isReading ? default : isWait ? Input.GetSmallBuffer() : Input.GetBuffer();
            return _isReading;
        }
    }

    // The peer may be silent for long.
    private void ReleaseLargeInput()
    {
        lock (Gate)
            Input.ReleaseLarge();
    }

    private void FinishReading(int count)
    {
        lock (Gate)
        {
            _isReading = false;
            Input.Fill(count);
            if (IsReleased)
                Input.Release();
        }
    }
}
