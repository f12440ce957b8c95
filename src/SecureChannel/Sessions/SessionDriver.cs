using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// Moves application bytes both ways under protection, over a stream that it owns. One read and one write may be under way at once; ending is safe from
/// any thread. Bytes are read from the transport only while a read is pending; timers work without one.
/// </summary>
internal abstract class SessionDriver : IAsyncDisposable
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private TaskCompletionSource<SessionEnd>? _completion;
    private CancellationTokenSource? _stopOneRead;
    private ITimer? _grace;
    private Exception? _cause;
    private bool _isReading;
    private bool _isTaken;
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

    /// <summary>What was read and not consumed. Read by the one who reads, under the gate.</summary>
    protected InputBuffer Input { get; }

    /// <summary>Whether <see cref="Release"/> was called.</summary>
    protected bool IsReleased { get; private set; }

    /// <summary>Cancelled once the session has ended.</summary>
    protected CancellationToken Stopped => _stopReading.Token;

    /// <summary>Cancelled once the session has ended and a grace has passed, in which the last message can still leave.</summary>
    protected CancellationToken WriteStopped => _stopWriting.Token;

    public abstract Task HandshakeAsync(CancellationToken cancellationToken);

    /// <summary>The next application bytes, valid until the next read; empty once the session has ended in order.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether <see cref="WriteAsync"/> has used the bytes by the time that it returns, though they have not left.</summary>
    public abstract bool UsesDataAtOnce { get; }

    /// <summary>Protects application bytes and hands them to the transport.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Ends the session by the explicit message, unless it has ended.</summary>
    public abstract ValueTask CloseAsync();

    /// <summary>Ends this end's direction by the explicit message, unless it has ended.</summary>
    /// <exception cref="NotSupportedException">The session stands on something that cannot.</exception>
    public abstract ValueTask CloseWriteAsync();

    /// <summary>Ends the session with an error, unless it has ended.</summary>
    public abstract ValueTask AbortAsync(SessionError error);

    public abstract void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output);

    /// <summary>Ends the session without a word if it has not ended, and gives up the transport.</summary>
    public async ValueTask DisposeAsync()
    {
        TryEnd(new SessionEnd(SessionEndReason.ClosedLocally));
        await CloseTransportAsync().ConfigureAwait(false);
    }

    /// <summary>Zeroes and frees what the driver holds: the memory of a read that is under way, once it is done.</summary>
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

    /// <summary>What an operation throws that the session's end has made impossible.</summary>
    public Exception CreateEndException() => End switch
    {
        { Error: { } error } => new SessionException(error, _cause),
        { Reason: SessionEndReason.ClosedByPeer } => new SessionException(
            new SessionError(SessionErrorKind.AlertReceived, AlertDescription.CloseNotify, "The peer has ended the session: nothing more can be sent."), _cause),
        { Reason: SessionEndReason.IdleTimeout } => new SessionException(
            new SessionError(SessionErrorKind.TimedOut, AlertDescription.CloseNotify, "The session has ended because nothing was sent or received for the agreed time: make a new one."), _cause),
        _ => new InvalidOperationException("This end has closed the session: make a new one."),
    };

    protected abstract Task TickAsync();

    /// <summary>Frees what the driver holds beside its input. Called once, under the gate.</summary>
    protected virtual void FreeMemory()
    {
    }

    /// <summary>The first end sticks. Pending reads give up at once, pending writes after a grace in which the last message can still leave.</summary>
    /// <returns>Whether this was the first.</returns>
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
        _grace = Options.TimeProvider.CreateTimer(static stop => ((CancellationTokenSource)stop!).Cancel(), _stopWriting, CloseGrace, Timeout.InfiniteTimeSpan);
        return true;
    }

    protected void Fail(SessionErrorKind fault, AlertDescription alert, string reason, Exception? cause = null) =>
        TryEnd(new SessionEnd(SessionEndReason.Failed, new SessionError(fault, alert, reason)), cause);

    /// <summary>Adds what comes next from the stream, its own or that of a layer above it, to the input.</summary>
    /// <returns>The number of bytes, 0 at the end of the stream; null if the session has ended meanwhile, or the transport was taken.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled: nothing was lost.</exception>
    protected ValueTask<int?> FillInputAsync(Stream stream, CancellationToken cancellationToken) =>
        Input.IsDrained && Input.WaitsWithoutRoom
            ? WaitAndFillInputAsync(stream, cancellationToken)
            : ReadInputAsync(stream, isWait: Input.IsDrained, cancellationToken);

    /// <summary>Takes the transport's input, from which no receive reads from now on, unless one does.</summary>
    protected bool TryTakeTransport()
    {
        lock (Gate)
            return _isTaken = !_isReading;
    }

    protected void WriteFailed(Exception cause) =>
        Fail(SessionErrorKind.Truncated, AlertDescription.InternalError, $"The connection failed while writing: {cause.Message}", cause);

    /// <summary>Whether a transport fails like this.</summary>
    protected static bool IsOfTransport(Exception e) =>
        e is IOException or OperationCanceledException or InvalidOperationException or NotSupportedException or SocketException;

    protected virtual void ReadFailed(Exception cause) =>
        Fail(SessionErrorKind.Truncated, AlertDescription.InternalError, $"The connection failed while reading: {cause.Message}", cause);

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
            // The session has ended; how its transport takes leave changes nothing.
        }
        _grace?.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int?> WaitAndFillInputAsync(Stream stream, CancellationToken cancellationToken) =>
        await ReadInputAsync(stream, isWait: true, cancellationToken).ConfigureAwait(false) is null
            ? null
            : await ReadInputAsync(stream, isWait: false, cancellationToken).ConfigureAwait(false);

    // Null: the session has ended meanwhile, or the transport was taken.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int?> ReadInputAsync(Stream stream, bool isWait, CancellationToken cancellationToken)
    {
        if (!TryGetRoom(isWait, out var room))
            return null;
        var stop = cancellationToken.CanBeCanceled ? GetCallersStop() : _stopReading;
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
            ReadFailed(e);
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

    // A linked source would be made for each read; this one lasts until it has been cancelled. There is one read at a time.
    private CancellationTokenSource GetCallersStop() => _stopOneRead is { IsCancellationRequested: false } stop ? stop : _stopOneRead = new();

    private bool TryGetRoom(bool isWait, out Memory<byte> room)
    {
        lock (Gate)
        {
            _isReading = !IsReleased && !_isTaken;
            room = !_isReading ? default : isWait ? Input.GetSmallRoom() : Input.GetRoom();
            return _isReading;
        }
    }

    // Nobody knows how long the peer is silent.
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
