using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>Writing: one batch at a time, by one writer, which continues while there is something to write.</content>
internal sealed partial class OutputPump
{
    private readonly AsyncSignal _room = new();
    private TaskCompletionSource<bool>? _pendingWritten;
    private TaskCompletionSource<bool>? _currentWritten;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _write;
    private Action? _onWriteCompleted;
    private ITimer? _timer;
    private int _takes;
    private int? _waitingSince;
    private bool _hasSealed;

    // A scheduled write cannot be recalled, so it may find another state than Delayed.
    private bool _isScheduled;

    private Task<bool> WhenWritten() => _state switch
    {
        State.Failed or State.Finishing or State.Closed => Task.FromResult(false),
        State.Writing => GetOrCreate(ref _pending.Length > 0 || _hasSealed ? ref _pendingWritten : ref _currentWritten).Task,
        _ => Task.FromResult(true),
    };

    private static TaskCompletionSource<bool> GetOrCreate(ref TaskCompletionSource<bool>? source) =>
        source ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    private ValueTask RunAction(SendAction action, int start, CancellationToken cancellationToken)
    {
        if (action == SendAction.Wait)
            return WaitForRoomAsync(start, cancellationToken);
        if (action == SendAction.Write)
            Write();
        else
            RunScheduling(action);
        return ValueTask.CompletedTask;
    }

    private SendAction Schedule()
    {
        if (_isScheduled)
            return SendAction.None;
        _isScheduled = true;
        return _pacing.IsSustained ? SendAction.StartTimer : SendAction.QueueWrite;
    }

    private void RunScheduling(SendAction action)
    {
        if (action == SendAction.QueueWrite)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (action == SendAction.StartTimer)
            StartTimer();
    }

    private void StartTimer()
    {
        _timer ??= _driver.Options.DelayClock.CreateTimer(
            static pump => ((OutputPump)pump!).WriteDelayed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_pacing.Delay, Timeout.InfiniteTimeSpan);
        if (_state is State.Finishing or State.Closed)
            _timer.Dispose();
    }

    private void WriteDelayed()
    {
        using (_gate.Enter())
        {
            _isScheduled = false;
            var writes = _state == State.Delayed;
            _pacing.AdaptToDelayedWrite(writes);
            if (!writes)
                return;
            _state = State.Writing;
        }
        Write();
    }

    // Called only by the writer: when no write was in progress, or to continue after one completed.
    private void Write(bool isContinuation = false)
    {
        SendAction next;
        while ((next = TryTake(isContinuation, out var bytes)) == SendAction.Write && TryWrite(bytes))
            isContinuation = true;
        RunScheduling(next);
    }

    private SendAction TryTake(bool isContinuation, out ReadOnlyMemory<byte> bytes)
    {
        var (isTaken, isAwaited) = (false, false);
        bytes = default;
        using (_gate.Enter())
        {
            CompleteWrite();
            if (_state is State.Finishing or State.Failed or State.Closed)
            {
                var isMore = _hasSealed && _state == State.Finishing;
                _hasSealed = false;
                if (isMore)
                    return SendAction.Write;
                _state = State.Closed;
            }
            else if (_pending.Length == 0 && !_hasSealed)
            {
                _state = State.Idle;
                return SendAction.None;
            }
            else if (isContinuation && MayDelay())
            {
                _state = State.Delayed;
                return Schedule();
            }
            else
            {
                bytes = TakePending();
                (isTaken, isAwaited) = (true, _waitingSince is not null);
            }
        }
        if (isAwaited)
            _room.Set();
        if (isTaken)
            return SendAction.Write;
        _driver.OnOutputFinished();
        return SendAction.None;
    }

    // A sustained sender queued little during the last write. Wait for more bytes instead of continuing with many small writes.
    private bool MayDelay() => _pacing is { IsSustained: true, IsCombining: true } && _pending.Length < RecordFormat.MaxContentLength
        && !_hasSealed && _pendingWritten is null && _waitingSince is null;

    private void CompleteWrite()
    {
        ClearTaken();
        _currentWritten?.TrySetResult(true);
        _currentWritten = null;
    }

    private void ClearTaken() => (_pending == _first ? _second : _first).Clear();

    private ReadOnlyMemory<byte> TakePending()
    {
        _pacing.CountWrite();
        var bytes = _pending.Written;
        _takes++;
        _pending = _pending == _first ? _second : _first;
        (_currentWritten, _pendingWritten) = (_pendingWritten, null);
        _hasSealed = false;
        return bytes;
    }

    // Returns false if the write is pending and will continue on completion, or if it failed.
    private bool TryWrite(ReadOnlyMemory<byte> bytes) => TryFinish(_driver.WriteAsync(bytes));

    private bool TryFinish(ValueTask<bool> write)
    {
        // Before the continuation, which may take the next bytes on another thread.
        if (_driver.ConsumesDataSynchronously)
            ClearTaken();
        _write = write.ConfigureAwait(false).GetAwaiter();
        if (_write.IsCompleted)
            return TryFinish();
        _write.UnsafeOnCompleted(_onWriteCompleted ??= OnWriteCompleted);
        return false;
    }

    private void OnWriteCompleted()
    {
        if (TryFinish())
            Write(isContinuation: true);
    }

    // The driver reports failures of the transport as a result, never as an exception.
    private bool TryFinish()
    {
        if (_write.GetResult())
            return true;
        bool isFinished;
        using (_gate.Enter())
        {
            isFinished = _state is State.Finishing or State.Closed;
            _state = isFinished ? State.Closed : State.Failed;
            _first.Clear();
            _second.Clear();
        }
        if (isFinished)
            _driver.OnOutputFinished();
        else
            _driver.OnWriteFailed();
        return false;
    }

    private void FailWaiters()
    {
        _room.Set();
        _pendingWritten?.TrySetResult(false);
        _currentWritten?.TrySetResult(false);
        _pendingWritten = _currentWritten = null;
    }

    // Waits until the bytes after the first start bytes are taken. A send that is canceled before was not sent.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(int start, CancellationToken cancellationToken)
    {
        try
        {
            while (IsWaiting())
                await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (TryRetract(start))
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            // The bytes are being written, so the send succeeded.
        }
        finally
        {
            using (_gate.Enter())
                _waitingSince = null;
        }
    }

    // Throws if the session ended before the bytes were taken.
    private bool IsWaiting()
    {
        using (_gate.Enter())
        {
            if (_takes != _waitingSince)
                return false;
            if (_state is State.Writing or State.Failed)
                return true;
        }
        throw _driver.Lifetime.CreateException(isSend: true);
    }

    private bool TryRetract(int start)
    {
        using (_gate.Enter())
        {
            if (_takes != _waitingSince)
                return false;
            if (_state is State.Writing)
                _pending.Truncate(start);
            return true;
        }
    }
}
