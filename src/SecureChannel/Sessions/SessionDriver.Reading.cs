using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <content>Reads of the transport. A read that nobody waits for any more stays pending, and the next reader uses its bytes.</content>
internal abstract partial class SessionDriver
{
    // Long enough that a busy reader rarely meets the read-ahead, and must then end it.
    private static readonly TimeSpan ReadAheadDelay = TimeSpan.FromMilliseconds(100);

    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private Action? _onReadCompleted;
    private Queue<ReadOnlyMemory<byte>>? _ready;
    private DrainReason _drain;
    private TimeSpan _readAheadDeadline;
    private bool _isReading;
    private bool _isZeroByteRead;
    private bool _isReleased;

    /// <summary>The reason that the driver reads although no reader waits.</summary>
    protected enum DrainReason
    {
        /// <summary>The driver reads only for a reader.</summary>
        None,

        /// <summary>
        /// No reader waits. The driver reads ahead up to the size of the input, so that it answers pings and notices the end of the peer.
        /// </summary>
        ReadAhead,

        /// <summary>The idle timeout is about to end the session. Data that has arrived prevents it.</summary>
        IdleTimeout,

        /// <summary>A write failed. The peer may have sent an alert with the reason.</summary>
        FailedWrite,
    }

    /// <summary>Gets the buffer of received bytes. Used under the gate, except for the bytes of the read in progress.</summary>
    protected InputBuffer Input { get; }

    /// <summary>Gets the signal that continues the reader.</summary>
    protected AsyncSignal Wake { get; } = new();

    protected DrainReason Drain => _drain;

    /// <summary>Gets a value that indicates whether received data waits for the application. Used under the gate.</summary>
    protected bool HasReadyData => _ready is { Count: > 0 } || !Messages.Unread.IsEmpty;

    /// <summary>Gets a value that indicates whether a read of the transport is in progress. Used under the gate.</summary>
    protected bool IsReading => _isReading;

    /// <summary>Gets a value that indicates whether a reader waits for the peer.</summary>
    protected bool IsReaderWaiting => Wake.IsAwaited;

    /// <summary>Zeroes and releases the buffers. The buffer of a pending read is released when the read completes.</summary>
    public virtual void Dispose()
    {
        lock (Gate)
        {
            if (_isReleased)
                return;
            _isReleased = true;
            _ready = null;
            if (!_isReading)
                Input.Release();
        }
    }

    /// <summary>Releases the large array of the input, unless it contains unread bytes. The application must no longer use bytes that were read.</summary>
    public void ReleaseConsumedInput()
    {
        lock (Gate)
        {
            if (!_isReading && !HasReadyData && Input.IsDrained)
                Input.ReleaseLarge();
        }
    }

    /// <summary>Reads from the transport, or from a stream over it. Never throws synchronously.</summary>
    protected abstract ValueTask<int> ReadTransportAsync(Memory<byte> buffer);

    /// <summary>Handles the result of a read of the transport. Called under the gate.</summary>
    /// <param name="count">The number of bytes, 0 at the end of the transport.</param>
    /// <param name="failure">The exception, or null.</param>
    protected abstract void OnRead(int count, Exception? failure);

    /// <summary>Handles the completion of a read into an empty buffer: data is available. Called under the gate.</summary>
    protected virtual void OnZeroByteRead()
    {
    }

    /// <summary>Called when a read of the transport completes after the session has ended.</summary>
    protected virtual void OnReadAfterEnd()
    {
    }

    /// <summary>Processes received bytes while no reader waits. Called under the gate.</summary>
    protected abstract void ProcessDrained();

    /// <summary>Takes data that was received while no reader waited. Called under the gate.</summary>
    protected bool TryTakeReady(out ReadOnlyMemory<byte> content)
    {
        content = default;
        return _ready is not null && _ready.TryDequeue(out content);
    }

    /// <summary>Stores data that was received while no reader waited. Called under the gate.</summary>
    protected void AddReady(ReadOnlyMemory<byte> content) => (_ready ??= new()).Enqueue(content);

    /// <summary>Starts to read although no reader waits. The driver calls <see cref="EndDrain"/> when it stops.</summary>
    protected void BeginDrain(DrainReason reason)
    {
        lock (Gate)
        {
            if (_drain == DrainReason.FailedWrite)
                return;
            _drain = reason;
        }
        ContinueDrain();
        Wake.Set();
    }

    protected void EndDrain()
    {
        _drain = DrainReason.None;
        ArmReadAhead(Lifetime.Now);
    }

    /// <summary>
    /// Ends reading ahead, because a reader is there. Called by the reader, under the gate, each time before it reads.
    /// </summary>
    /// <returns>True if the driver still reads for another reason, and will continue the reader; otherwise, false.</returns>
    protected bool LeavesReadingToDrain()
    {
        if (_drain == DrainReason.ReadAhead)
            EndDrain();
        return _drain != DrainReason.None;
    }

    /// <summary>Reads ahead soon, unless a reader waits then. Called under the gate, or before the session is used.</summary>
    protected void ArmReadAhead(TimeSpan now)
    {
        _readAheadDeadline = now + ReadAheadDelay;
        Lifetime.Arm(_readAheadDeadline);
    }

    /// <summary>Gets a value that indicates whether the next read of the transport will probably wait. Used under the gate.</summary>
    protected virtual bool WillWait => Input.IsDrained;

    /// <summary>Starts a read of the transport for a reader, unless one is pending. The caller must not hold the gate.</summary>
    /// <param name="isWait">True if the read will probably wait, so that it should use little memory.</param>
    /// <returns>True if the read completed synchronously; false if it is pending, or impossible.</returns>
    protected bool TryRead(bool isWait)
    {
        if (!TryRead(isWait, forDrain: false))
            return false;

        // A drain that began during the read did not see its bytes.
        if (_drain != DrainReason.None)
            ContinueDrain();
        return true;
    }

    private bool TryRead(bool isWait, bool forDrain)
    {
        Memory<byte> room;
        lock (Gate)
        {
            var isDrain = _drain != DrainReason.None;

            // When a drain has ended, the application may use the bytes that a read for a reader would overwrite.
            if (_isReading || _isReleased || Lifetime.End is not null || (forDrain && !isDrain))
                return false;
            isWait |= _drain == DrainReason.ReadAhead && WillWait;
            room = GetRoom(isWait);
            // Data that is available completes a zero-byte read again and again, if nothing takes the data.
            if (room.IsEmpty && (!Input.WaitsWithoutBuffer || (isDrain && !isWait)))
                return false;
            isWait &= !isDrain;
            (_isReading, _isZeroByteRead) = (true, room.IsEmpty);
        }
        var reading = ReadTransportAsync(room);
        if (reading.IsCompleted)
        {
            FinishRead(reading.ConfigureAwait(false).GetAwaiter());
            if (Lifetime.End is not null)
                Flush();
            return true;
        }
        if (isWait)
            ReleaseUnusedInput();
        _reading = reading.ConfigureAwait(false).GetAwaiter();
        _reading.UnsafeOnCompleted(_onReadCompleted ??= OnReadCompleted);
        return false;
    }

    // Used under the gate.
    private Memory<byte> GetRoom(bool isWait) => _drain switch
    {
        DrainReason.None when isWait => Input.GetSmallBuffer(),
        DrainReason.None when Lifetime.Phase == SessionPhase.Handshaking => Input.GetGrowingBuffer(),
        DrainReason.None => Input.GetBuffer(),
        DrainReason.ReadAhead when isWait => Input.GetSmallBufferAfterContent(),
        _ => Input.GetBufferAfterContent(mayGrow: _drain != DrainReason.ReadAhead),
    };

    /// <summary>Reads until the drain ends, or a read is pending.</summary>
    protected void ContinueDrain()
    {
        do
        {
            lock (Gate)
            {
                if (_drain != DrainReason.None && Lifetime.End is null)
                    ProcessDrained();
            }
            Flush();
        }
        while (_drain != DrainReason.None && Lifetime.End is null && TryRead(isWait: false, forDrain: true));
    }

    private void OnReadCompleted()
    {
        FinishRead(_reading);
        if (_drain != DrainReason.None)
            ContinueDrain();
        Flush();
        Wake.Set(isInline: true);
    }

    private void FinishRead(ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter reading)
    {
        var count = 0;
        Exception? failure = null;
        try
        {
            count = reading.GetResult();
        }
        catch (Exception e)
        {
            failure = e;
        }
        lock (Gate)
        {
            _isReading = false;
            Input.Fill(count);
            if (_isReleased)
                Input.Release();
            else if (_isZeroByteRead && failure is null)
                OnZeroByteRead();
            else if (Lifetime.End is null)
                OnRead(count, failure);
        }
        if (Lifetime.End is not null)
            OnReadAfterEnd();
    }

    // The peer may be silent for long. A waiting read uses the small array.
    private void ReleaseUnusedInput()
    {
        lock (Gate)
            Input.ReleaseLarge();
    }
}
