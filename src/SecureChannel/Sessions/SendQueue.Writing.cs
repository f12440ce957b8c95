using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;

namespace SecureChannel;

// How what was gathered leaves: by one writer at a time, who goes on while there is something to write.
internal sealed partial class SendQueue
{
    private readonly SessionDriver _driver;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _write;
    private Action? _goOn;
    private ITimer? _timer;
    private TimeSpan _pause = ShortPause;

    private void Arm()
    {
        // Not the session's clock: it ends nothing, and a test that stops the clock still gets its messages.
        _timer ??= TimeProvider.System.CreateTimer(static queue => ((SendQueue)queue!).FlushDelayed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
    }

    private void FlushDelayed()
    {
        using (_gate.Enter())
        {
            _isScheduled = false;
            _isSustained = _sendsSinceLook + _sendsGathered > ManySends;
            // One that came alone was no burst: the next leaves at once.
            var isBurst = _sendsGathered > 1;
            var isMine = TryBeginPump();
            _sendsSinceLook = -_sendsGathered;
            _pause = PauseAfter(_pause, _hasFlushed);
            _hasFlushed = false;
            if (!isMine)
                return;
            _isBurst = isBurst;
        }
        Pump();
    }

    // Runs where nothing was in flight or, to go on, where a write was finished: whoever set the flag, alone.
    private void Pump(bool goesOn = false)
    {
        Step next;
        while ((next = TryTake(goesOn, out var bytes)) == Step.Pump && TryWrite(bytes))
            goesOn = true;
        if (next == Step.Arm)
            Arm();
    }

    private Step TryTake(bool goesOn, out ReadOnlyMemory<byte> bytes)
    {
        using (_gate.Enter())
        {
            // Of a sender that does not pause, little has come while a thread of the pool wrote; it would go on for ever with little writes.
            if (goesOn && _isSustained && _isBurst && _buffers.Gathered.Length < RecordFormat.MaxContentLength && !_buffers.IsAwaited)
            {
                bytes = default;
                _isPumping = false;
                _buffers.FinishMoving();
                if (_buffers.Gathered.Length == 0 || _isScheduled)
                    return Step.Done;
                _isScheduled = true;
                return Step.Arm;
            }
            _sendsSinceLook += _sendsGathered;
            _sendsGathered = 0;
            _isPumping = _buffers.TryTake(out bytes);
            return _isPumping ? Step.Pump : Step.Done;
        }
    }

    // False: the write is in flight and goes on by itself, or has failed.
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
            _write.UnsafeOnCompleted(_goOn ??= GoOn);
            return false;
        }
        _write.GetResult();
        return true;
    }

    private void GoOn()
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
        Pump(goesOn: true);
    }

    private void Fail(Exception cause)
    {
        using (_gate.Enter())
        {
            (_hasFailed, _isPumping) = (true, false);
            _buffers.Fail(cause);
        }
    }
}
