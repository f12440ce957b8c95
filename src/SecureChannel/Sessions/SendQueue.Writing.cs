using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;

namespace SecureChannel;

// Writing of pending bytes, by one writer at a time, which continues while bytes are pending.
internal sealed partial class SendQueue
{
    private readonly SessionDriver _driver;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private Action? _onWriteCompleted;
    private ITimer? _timer;
    private TimeSpan _delay = ShortDelay;

    private void StartTimer()
    {
        // Uses the system clock, so that messages are sent even if a test stops the session's clock.
        _timer ??= TimeProvider.System.CreateTimer(
            static queue => ((SendQueue)queue!).FlushDelayed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_delay, Timeout.InfiniteTimeSpan);
    }

    private void FlushDelayed()
    {
        using (_gate.Enter())
        {
            _isScheduled = false;
            _isSustained = _sendsSinceFlush + _sendsPending > SustainedSends;
            // A single send is not a burst, so the next send is written at once.
            var isBurst = _sendsPending > 1;
            var canWrite = TryBeginWriting();
            _sendsSinceFlush = -_sendsPending;
            _delay = NextDelay(_delay, _hasFlushed);
            _hasFlushed = false;
            if (!canWrite)
                return;
            _isBurst = isBurst;
        }
        Write();
    }

    // Called only by the owner of the writing flag: when no write was in progress, or to continue after one completed.
    private void Write(bool isContinuation = false)
    {
        SendAction next;
        while ((next = TryTake(isContinuation, out var bytes)) == SendAction.Write && TryWrite(bytes))
            isContinuation = true;
        if (next == SendAction.StartTimer)
            StartTimer();
    }

    private SendAction TryTake(bool isContinuation, out ReadOnlyMemory<byte> bytes)
    {
        using (_gate.Enter())
        {
            // A sustained sender queued little during the last write. Wait for more bytes instead of continuing with many small writes.
            if (isContinuation && _isSustained && _isBurst && _buffers.Pending.Length < RecordFormat.MaxContentLength && !_buffers.IsAwaited)
            {
                bytes = default;
                _isWriting = false;
                _buffers.CompleteWrite();
                if (_buffers.Pending.Length == 0 || _isScheduled)
                    return SendAction.None;
                _isScheduled = true;
                return SendAction.StartTimer;
            }
            _sendsSinceFlush += _sendsPending;
            _sendsPending = 0;
            _isWriting = _buffers.TryTake(out bytes);
            return _isWriting ? SendAction.Write : SendAction.None;
        }
    }

    // Returns false if the write is pending and will continue on completion, or if it failed.
    private bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return TryFinish(_driver.WriteAsync(bytes));
        }
        catch (Exception e)
        {
            Fail(e);
            return false;
        }
    }

    private bool TryFinish(ValueTask write)
    {
        _write = write.ConfigureAwait(false).GetAwaiter();
        if (!_write.IsCompleted)
        {
            _write.UnsafeOnCompleted(_onWriteCompleted ??= OnWriteCompleted);
            return false;
        }
        _write.GetResult();
        return true;
    }

    private void OnWriteCompleted()
    {
        try
        {
            _write.GetResult();
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }
        Write(isContinuation: true);
    }

    private void Fail(Exception cause)
    {
        using (_gate.Enter())
        {
            (_hasFailed, _isWriting) = (true, false);
            _buffers.Fail(cause);
        }
    }
}
