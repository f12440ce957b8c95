using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// The output of a session, from plaintext to the transport. It accepts sends, combines small ones, applies backpressure, and writes one batch at a time, in
/// order, together with the records of the handshake and alerts that the driver has sealed. Thread-safe; only one send may wait.
/// </summary>
/// <remarks>
/// <code>
/// Idle      -> Writing    a send, a flush, or output of the driver
/// Idle      -> Delayed    a send that is combined with later ones
/// Delayed   -> Writing    a full record, a flush, the timer, or output of the driver
/// Writing   -> Idle       everything is written
/// Writing   -> Delayed    a sustained sender has queued little
/// Writing   -> Failed     the transport failed
/// any       -> Finishing  the session ended: only output of the driver is still written
/// Finishing -> Closed     everything is written, or the time for it is over
/// </code>
/// </remarks>
internal sealed partial class OutputPump : IThreadPoolWorkItem, IDisposable
{
    /// <summary>The number of bytes above which a sender waits, besides those that are being written.</summary>
    public const int Limit = 64 * 1024;

    private readonly SpinGate _gate = new();
    private readonly SessionDriver _driver;
    private readonly SendPacing _pacing = new();
    private readonly PooledBuffer _first = new();
    private readonly PooledBuffer _second = new();
    private PooledBuffer _pending;
    private State _state;
    private int _lengthSize = 1;

    public OutputPump(SessionDriver driver) => (_driver, _pending) = (driver, _first);

    private enum State
    {
        Idle,
        Delayed,
        Writing,
        Finishing,
        Failed,
        Closed,
    }

    private enum SendAction
    {
        None,
        Write,
        QueueWrite,
        StartTimer,
        Wait,
    }

    /// <summary>Gets or sets the maximum size of a message that the peer receives, in bytes.</summary>
    public int MaxMessageSize { get; set; } = MessageFraming.MaxValue;

    /// <summary>Gets a value that indicates whether accepted data is not yet with the transport.</summary>
    public bool HasUnwrittenData
    {
        get
        {
            using (_gate.Enter())
                return _pending.Length > 0 || !_rest.IsEmpty || _state is State.Writing or State.Failed;
        }
    }

    /// <summary>Encodes and queues a message.</summary>
    /// <exception cref="ArgumentException">A field of the message is outside its declared bounds, or the peer does not receive such a long message.</exception>
    /// <exception cref="InvalidOperationException">Another send is waiting, or this endpoint completed its writes. Nothing was queued.</exception>
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, int version, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        int start;
        SendAction action;
        using (var hold = _gate.Enter())
        {
            if (!CanSend())
                return WaitForEndAsync();
            start = _pending.Length;
            hold.AllowUserCode();
            Encode(_pending, message, version, MaxMessageSize, ref _lengthSize);
            action = ChooseAction();
            if (action == SendAction.Wait)
                _waitingSince = _takes;
        }
        if (action == SendAction.Wait)
            return WaitForRoomAsync(start, cancellationToken);
        RunAction(action);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Queues bytes. They are written without a copy if the pump is idle and the driver no longer uses them after the write has begun. Of more bytes than
    /// <see cref="Limit"/>, the rest stays in the caller's buffer and is taken chunk by chunk.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another send is waiting, or this endpoint completed its writes. Nothing was queued.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var chunk = bytes[..Math.Min(bytes.Length, Limit)];
        int start;
        SendAction action;
        bool isDirect;
        bool mustWait;
        using (_gate.Enter())
        {
            if (!CanSend())
                return WaitForEndAsync();
            start = _pending.Length;
            isDirect = IsDirect(chunk.Length);
            if (!isDirect)
                _pending.Append(chunk.Span);
            action = isDirect ? BeginDirect() : ChooseAction();
            _rest = bytes[chunk.Length..];
            mustWait = action == SendAction.Wait || !_rest.IsEmpty;
            if (mustWait)
                _waitingSince = _takes;
        }
        if (isDirect)
        {
            if (TryWrite(chunk))
                Write(isContinuation: true);
        }
        else
        {
            RunAction(action);
        }
        return mustWait ? WaitForRoomAsync(isDirect ? null : start, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Writes all pending bytes.</summary>
    /// <returns>A task with the value true when they are written, or false if the session ends first.</returns>
    public Task<bool> FlushAsync()
    {
        using (_gate.Enter())
        {
            _pacing.CountFlush();
            if (!TryBeginWriting())
                return WhenWritten();
        }
        Write();
        using (_gate.Enter())
            return WhenWritten();
    }

    /// <summary>Starts to write pending bytes before this endpoint waits for the peer.</summary>
    public void FlushBeforeReceive()
    {
        // Outside a burst, no bytes are pending.
        if (!_pacing.IsCombining)
            return;
        using (_gate.Enter())
        {
            _pacing.CountFlush();
            if (!TryBeginWriting())
                return;
        }
        Write();
    }

    /// <summary>Writes the output that the driver has sealed.</summary>
    public void WriteSealed()
    {
        using (_gate.Enter())
        {
            _hasSealed = true;
            if (!TryBeginWriting())
                return;
        }
        Write();
    }

    /// <summary>Drops pending data and writes only what the driver has sealed. Then calls <see cref="SessionDriver.OnOutputFinished"/>.</summary>
    public void Finish()
    {
        bool isWriter;
        using (_gate.Enter())
        {
            _pending.Clear();
            FailWaiters();
            _timer?.Dispose();
            isWriter = _state is State.Idle or State.Delayed;
            if (_state == State.Failed)
                _state = State.Closed;
            else if (_state != State.Closed)
                _state = State.Finishing;
        }
        if (isWriter)
            Write();
        else if (_state == State.Closed)
            _driver.OnOutputFinished();
    }

    /// <summary>Stops writing, because the time for it is over. A write in progress still uses its buffer.</summary>
    public void Dispose()
    {
        using (_gate.Enter())
        {
            _state = State.Closed;
            _pending.Dispose();
        }
    }

    void IThreadPoolWorkItem.Execute() => WriteDelayed();

    // A separate method, because the JIT does not inline a message's codec into a larger caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Encode<TMessage>(PooledBuffer output, scoped in TMessage message, int version, int maxSize, ref int lengthSize)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var used = output.Used;
        var room = output.GetSpan();
        if (!MessageFraming.TryWrite(room, message, version, maxSize, ref lengthSize, out var size))
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(room);
            MessageFraming.TryWrite(output.GetSpan(size), message, version, maxSize, ref lengthSize, out size);
        }
        output.AdvanceExactly(size, used);
    }

    // Bytes that would fill a record anyway gain nothing from being combined.
    private bool IsDirect(int length) => _state == State.Idle && _driver.ConsumesDataSynchronously
        && (!_pacing.IsCombining || length >= RecordFormat.MaxContentLength);

    private SendAction BeginDirect()
    {
        _pacing.Combine();
        _state = State.Writing;
        return SendAction.None;
    }

    private SendAction ChooseAction()
    {
        _pacing.CountSend();
        if (_state == State.Writing)
            return _pending.Length > Limit ? SendAction.Wait : SendAction.None;
        if (!_pacing.IsCombining || _pending.Length >= RecordFormat.MaxContentLength)
        {
            _pacing.Combine();
            _state = State.Writing;
            return SendAction.Write;
        }
        _state = State.Delayed;
        return Schedule();
    }

    // Returns false if the transport failed and the driver still looks for the peer's alert. Throws if sends are not possible.
    private bool CanSend()
    {
        if (!_driver.Lifetime.CanSend)
            throw _driver.Lifetime.CreateException(isSend: true);
        if (_waitingSince is not null)
            throw new InvalidOperationException("Another send is in progress. Await it before the next one.");
        return _state is not (State.Failed or State.Finishing or State.Closed);
    }

    private bool TryBeginWriting()
    {
        if (_state is not (State.Idle or State.Delayed) || (_pending.Length == 0 && !_hasSealed))
            return false;
        _state = State.Writing;
        return true;
    }

    private async ValueTask WaitForEndAsync()
    {
        await _driver.Lifetime.Completion.ConfigureAwait(false);
        throw _driver.Lifetime.CreateException(isSend: true);
    }
}
