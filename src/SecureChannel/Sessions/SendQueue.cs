using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Records;

namespace SecureChannel;

/// <summary>
/// Gathers what is sent into few writes, each sender's bytes whole and in order, and holds the sender back while much is queued. What is sent first after a
/// flush, or after a wait for the peer, leaves at once. What follows is gathered: while a write is in flight, and else until a record is full, the sender
/// flushes or waits for the peer, or a thread of the pool is free, whichever comes first. Of a sender that does not pause, a thread of the pool would take
/// little at a time: then it comes after a millisecond only. Thread-safe.
/// </summary>
internal sealed class SendQueue : IThreadPoolWorkItem, IDisposable
{
    /// <summary>How many bytes may be queued before a sender waits.</summary>
    public const int Limit = 256 * 1024;

    // So many sends between two looks are a sender that does not pause.
    private const int ManySends = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly SessionDriver _driver;
    private readonly Action _goOn;
    private PooledBuffer _gathered = new();
    private PooledBuffer _moving = new();
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private TaskCompletionSource? _gatheredTaken;
    private TaskCompletionSource? _gatheredWritten;
    private TaskCompletionSource? _movingWritten;
    private ITimer? _timer;
    private int _lengthSize = 1;
    private int _sendsGathered;
    private int _sendsSinceLook;
    private bool _isBurst;
    private bool _isHot;
    private bool _isHeldBack;
    private bool _isPumping;
    private bool _isScheduled;
    private bool _hasFailed;

    public SendQueue(SessionDriver driver) => (_driver, _goOn) = (driver, GoOn);

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
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        int start;
        Step step;
        lock (_gate)
        {
            ThrowIfRefused();
            start = _gathered.Length;
            var room = _gathered.GetSpan();
            if (!MessageFraming.TryWrite(room, message, ref _lengthSize, out var size))
            {
                CryptographicOperations.ZeroMemory(room);
                MessageFraming.TryWrite(_gathered.GetSpan(size), message, ref _lengthSize, out size);
            }
            _gathered.Advance(size);
            step = Decide();
        }
        return Perform(step, start, cancellationToken);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int start;
        Step step;
        bool isDirect;
        lock (_gate)
        {
            ThrowIfRefused();
            start = _gathered.Length;
            // What is to leave at once is not copied first, where the driver needs the bytes no longer than this call takes.
            isDirect = start == 0 && !_isPumping && _driver.UsesDataAtOnce && (!_isBurst || bytes.Length >= RecordFormat.MaxContentLength);
            if (isDirect)
                _isPumping = _isBurst = true;
            else
                _gathered.Append(bytes.Span);
            step = isDirect ? Step.Done : Decide();
        }
        if (isDirect && TryFinish(_driver.WriteAsync(bytes)))
            Pump();
        return Perform(step, start, cancellationToken);
    }

    /// <summary>Completes once all that was sent has been written.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (!TryBeginPump())
                return WhenWritten();
        }
        Pump();
        lock (_gate)
            return WhenWritten();
    }

    /// <summary>Whoever now waits for the peer's answer waits in vain for what has not left: writes it, unless a write is in flight.</summary>
    public void PushOut()
    {
        // Without a burst nothing is left lying.
        if (!Volatile.Read(ref _isBurst))
            return;
        lock (_gate)
        {
            if (!TryBeginPump())
                return;
        }
        Pump();
    }

    void IThreadPoolWorkItem.Execute() => WriteLeftLying();

    public void Dispose()
    {
        lock (_gate)
        {
            _hasFailed = true;
            _gathered.Dispose();
            _timer?.Dispose();
            // What is being written belongs to the pump until it is done.
            if (!_isPumping)
                _moving.Dispose();
        }
    }

    private static TaskCompletionSource NewOrSame(ref TaskCompletionSource? source) =>
        source ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    // What the sender does next it does not do at once after this: what it sends then leaves at once again.
    private bool TryBeginPump()
    {
        _isBurst = false;
        if (_isPumping || _gathered.Length == 0)
            return false;
        _isPumping = true;
        return true;
    }

    private Task WhenWritten()
    {
        if (_isPumping)
            return (_gathered.Length > 0 ? NewOrSame(ref _gatheredWritten) : NewOrSame(ref _movingWritten)).Task;
        ThrowIfEnded();
        return Task.CompletedTask;
    }

    private Step Decide()
    {
        _sendsGathered++;
        _sendsSinceLook++;
        if (_isPumping)
        {
            _isHeldBack = _gathered.Length + _moving.Length > Limit;
            return _isHeldBack ? Step.Wait : Step.Done;
        }
        if (!_isBurst || _gathered.Length >= RecordFormat.MaxContentLength)
        {
            _isPumping = _isBurst = true;
            return Step.Pump;
        }
        if (_isScheduled)
            return Step.Done;
        _isScheduled = true;
        return _isHot ? Step.Arm : Step.Queue;
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
                // Not the session's clock: it ends nothing, and a test that stops the clock still gets its messages.
                _timer ??= TimeProvider.System.CreateTimer(static queue => ((SendQueue)queue!).WriteLeftLying(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
                break;
            case Step.Wait:
                return WaitForRoomAsync(start, cancellationToken);
        }
        return ValueTask.CompletedTask;
    }

    private void WriteLeftLying()
    {
        lock (_gate)
        {
            _isScheduled = false;
            _isHot = _sendsSinceLook > ManySends;
            _sendsSinceLook = 0;
            // One that came alone was no burst: the next leaves at once.
            var isBurst = _sendsGathered > 1;
            if (!TryBeginPump())
                return;
            _isBurst = isBurst;
        }
        Pump();
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
            lock (_gate)
            {
                // Nothing of it has moved only as long as the pump has not taken it.
                if (_gatheredTaken is null)
                    return;
                _gathered.Truncate(start);
            }
            throw;
        }
        finally
        {
            lock (_gate)
                _isHeldBack = false;
        }
    }

    private Task WhenTaken(int start)
    {
        lock (_gate)
            return _isPumping && _gathered.Length > start ? NewOrSame(ref _gatheredTaken).Task : Task.CompletedTask;
    }

    // Runs where a write was finished or where nothing was in flight: whoever set the flag, alone.
    private void Pump()
    {
        while (TryTake(out var bytes) && TryFinish(_driver.WriteAsync(bytes)))
        {
        }
    }

    private void GoOn()
    {
        if (TryFinish())
            Pump();
    }

    // False: the write is in flight and goes on by itself, or has failed.
    private bool TryFinish(ValueTask write)
    {
        _write = write.ConfigureAwait(false).GetAwaiter();
        if (_write.IsCompleted)
            return TryFinish();
        _write.UnsafeOnCompleted(_goOn);
        return false;
    }

    private bool TryFinish()
    {
        try
        {
            _write.GetResult();
            return true;
        }
        catch (Exception e)
        {
            Fail(e);
            return false;
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _moving.Clear();
            SetWritten();
            (_movingWritten, _gatheredWritten) = (_gatheredWritten, null);
            _gatheredTaken?.TrySetResult();
            _gatheredTaken = null;
            (_gathered, _moving, _sendsGathered) = (_moving, _gathered, 0);
            bytes = _moving.Written;
            _isPumping = !bytes.IsEmpty;
            if (!_isPumping)
                SetWritten();
            return _isPumping;
        }
    }

    private void SetWritten()
    {
        _movingWritten?.TrySetResult();
        _movingWritten = null;
    }

    private void Fail(Exception cause)
    {
        lock (_gate)
        {
            (_hasFailed, _isPumping) = (true, false);
            foreach (var waiting in (ReadOnlySpan<TaskCompletionSource?>)[_gatheredTaken, _gatheredWritten, _movingWritten])
                waiting?.TrySetException(cause);
            _gatheredTaken = _gatheredWritten = _movingWritten = null;
            _gathered.Dispose();
            _moving.Dispose();
        }
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
