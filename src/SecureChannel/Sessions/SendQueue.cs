using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// Gathers what is sent into few writes, each sender's bytes whole and in order, and holds the sender back while much is queued. What is sent first after a
/// flush, or after a wait for the peer, leaves at once. What follows is gathered: while a write is in flight, and else until a record is full, the sender
/// flushes or waits for the peer, or a thread of the pool is free, whichever comes first. Of a sender that does not pause, a thread of the pool would take
/// little at a time: then it comes after a millisecond only, and takes once; and after up to eight where the sender has flushed by itself each time. Thread-safe.
/// </summary>
internal sealed partial class SendQueue : IThreadPoolWorkItem, IDisposable
{
    /// <summary>How many bytes may be queued before a sender waits.</summary>
    public const int Limit = 256 * 1024;

    // So many sends between two looks are a sender that does not pause.
    private const int ManySends = 16;

    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(8);

    private readonly SpinGate _gate = new();
    private readonly SendBuffers _buffers = new();
    private int _lengthSize = 1;
    private int _sendsGathered;
    private int _sendsSinceLook;
    private bool _isBurst;
    private bool _isSustained;
    private bool _hasFlushed;
    private bool _isHeldBack;
    private bool _isPumping;
    private bool _isScheduled;
    private bool _hasFailed;

    public SendQueue(SessionDriver driver) => _driver = driver;

    private enum Step
    {
        Done,
        Pump,
        Queue,
        Arm,
        Wait,
    }

    /// <exception cref="ArgumentException">A field of the message lies outside its bound: nothing was queued.</exception>
    /// <exception cref="InvalidOperationException">A send is held back: nothing was queued.</exception>
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, int version, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        int start;
        Step step;
        using (var hold = _gate.Enter())
        {
            ThrowIfRefused();
            start = _buffers.Gathered.Length;
            hold.AdmitUsersCode();
            Encode(_buffers.Gathered, message, version, ref _lengthSize);
            step = Decide();
        }
        return step == Step.Done ? ValueTask.CompletedTask : Perform(step, start, cancellationToken);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int start;
        Step step;
        bool isDirect;
        using (_gate.Enter())
        {
            ThrowIfRefused();
            start = _buffers.Gathered.Length;
            // What is to leave at once is not copied first, where the driver needs the bytes no longer than this call takes.
            isDirect = start == 0 && !_isPumping && _driver.UsesDataAtOnce && (!_isBurst || bytes.Length >= RecordFormat.MaxContentLength);
            if (isDirect)
                _isPumping = _isBurst = true;
            else
                _buffers.Gathered.Append(bytes.Span);
            step = isDirect ? Step.Done : Decide();
        }
        if (isDirect && TryWrite(bytes))
            Pump(goesOn: true);
        return Perform(step, start, cancellationToken);
    }

    /// <summary>Completes once all that was sent has been written.</summary>
    public Task FlushAsync()
    {
        using (_gate.Enter())
        {
            _hasFlushed = true;
            if (!TryBeginPump())
                return WhenWritten();
        }
        Pump();
        using (_gate.Enter())
            return WhenWritten();
    }

    /// <summary>Whoever now waits for the peer's answer waits in vain for what has not left: writes it, unless a write is in flight.</summary>
    public void PushOut()
    {
        // Without a burst nothing is left lying.
        if (!Volatile.Read(ref _isBurst))
            return;
        using (_gate.Enter())
        {
            _hasFlushed = true;
            if (!TryBeginPump())
                return;
        }
        Pump();
    }

    /// <summary>For how long what lies is left to its sender. Who flushes needs nobody who looks after it.</summary>
    internal static TimeSpan PauseAfter(TimeSpan pause, bool hasFlushed) => !hasFlushed ? ShortPause : pause < LongPause ? 2 * pause : LongPause;

    void IThreadPoolWorkItem.Execute() => FlushDelayed();

    public void Dispose()
    {
        using (_gate.Enter())
        {
            _hasFailed = true;
            _timer?.Dispose();
            // What is being written belongs to the pump until it is done.
            if (_isPumping)
                _buffers.ReleaseGathered();
            else
                _buffers.Dispose();
        }
    }

    // A method of its own: with the queue's code around it, the compiler gives up on putting a message's codec into its caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Encode<TMessage>(PooledBuffer output, scoped in TMessage message, int version, ref int lengthSize)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var room = output.GetSpan();
        if (!MessageFraming.TryWrite(room, message, version, ref lengthSize, out var size))
        {
            CryptographicOperations.ZeroMemory(room);
            MessageFraming.TryWrite(output.GetSpan(size), message, version, ref lengthSize, out size);
        }
        output.Advance(size);
    }

    // What the sender does next it does not do at once after this: what it sends then leaves at once again.
    private bool TryBeginPump()
    {
        _isBurst = false;
        if (_isPumping || _buffers.Gathered.Length == 0)
            return false;
        _isPumping = true;
        return true;
    }

    private Task WhenWritten()
    {
        if (_isPumping)
            return _buffers.WhenWritten();
        // What has left has left, though the peer has ended the session since.
        if (_hasFailed || _buffers.Gathered.Length > 0 || _driver.End is not { Reason: SessionEndReason.ClosedByPeer })
            ThrowIfEnded();
        return Task.CompletedTask;
    }

    private Step Decide()
    {
        _sendsGathered++;
        if (_isPumping)
        {
            _isHeldBack = _buffers.Length > Limit;
            return _isHeldBack ? Step.Wait : Step.Done;
        }
        if (!_isBurst || _buffers.Gathered.Length >= RecordFormat.MaxContentLength)
        {
            _isPumping = _isBurst = true;
            return Step.Pump;
        }
        if (_isScheduled)
            return Step.Done;
        _isScheduled = true;
        return _isSustained ? Step.Arm : Step.Queue;
    }

    private ValueTask Perform(Step step, int start, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case Step.Pump:
                Pump();
                break;
            case Step.Queue:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            case Step.Arm:
                Arm();
                break;
            case Step.Wait:
                return WaitForRoomAsync(start, cancellationToken);
        }
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(int start, CancellationToken cancellationToken)
    {
        try
        {
            await WhenTaken(start).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nothing of it has moved only as long as the pump has not taken it.
            using (_gate.Enter())
            {
                if (!_buffers.TryTakeBack(start))
                    return;
            }
            throw;
        }
        finally
        {
            using (_gate.Enter())
                _isHeldBack = false;
        }
    }

    private Task WhenTaken(int start)
    {
        using (_gate.Enter())
            return _isPumping && _buffers.Gathered.Length > start ? _buffers.WhenTaken() : Task.CompletedTask;
    }

    private void ThrowIfRefused()
    {
        ThrowIfEnded();
        if (_isHeldBack)
            throw new InvalidOperationException("A send is under way: await it before the next.");
    }

    private void ThrowIfEnded()
    {
        if (_hasFailed || _driver.End is not null)
            throw _driver.CreateEndException();
    }
}
