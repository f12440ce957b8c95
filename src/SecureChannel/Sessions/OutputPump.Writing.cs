using System.Runtime.CompilerServices;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>Writing: one batch at a time, by one writer, which continues while there is something to write.</content>
internal sealed partial class OutputPump
{
    private AsyncSignal? _room;
    private TaskCompletionSource<bool>? _pendingWritten;
    private TaskCompletionSource<bool>? _currentWritten;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _write;
    private Action? _onWriteCompleted;
    private ITimer? _timer;
    private int _takes;

    // The send that waits: the number of takes when it began, and the bytes that are still only in the caller's buffer.
    private int? _waitingSince;
    private ReadOnlyMemory<byte> _rest;

    // The driver is sealing a chunk in the caller's buffer.
    private bool _isRestInUse;
    private bool _hasSealed;

    // A scheduled write cannot be recalled, so it may find another state than Delayed.
    private bool _isScheduled;

    private Task<bool> WhenWritten() => _state switch
    {
        State.Failed or State.Finishing or State.Closed => Task.FromResult(false),
        State.Writing => GetOrCreate(ref _pending.Length > 0 || !_rest.IsEmpty || _hasSealed ? ref _pendingWritten : ref _currentWritten).Task,
        _ => Task.FromResult(true),
    };

    private static TaskCompletionSource<bool> GetOrCreate(ref TaskCompletionSource<bool>? source) =>
        source ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    private void RunAction(SendAction action)
    {
        if (action == SendAction.Write)
            Write();
        else if (action == SendAction.QueueWrite)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (action == SendAction.StartTimer)
            StartTimer();
    }

    private SendAction Schedule()
    {
        if (_isScheduled)
            return SendAction.None;
        _isScheduled = true;
        return _pacing.IsSustained ? SendAction.StartTimer : SendAction.QueueWrite;
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
        if (next != SendAction.Write)
            RunAction(next);
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
            else if (_pending.Length == 0 && _rest.IsEmpty && !_hasSealed)
            {
                _state = State.Idle;

                // A flush may have waited for a send that was retracted.
                _pendingWritten?.TrySetResult(true);
                _pendingWritten = null;
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
                (isTaken, isAwaited) = (true, _waitingSince is not null && !_isRestInUse);
            }
        }
        if (isAwaited)
            _room?.Set();
        if (isTaken)
            return SendAction.Write;
        _driver.OnOutputFinished();
        return SendAction.None;
    }

    // A sustained sender queued little during the last write. Wait for more bytes instead of continuing with many small writes.
    private bool MayDelay() => MayDelayRest && _pending.Length < RecordFormat.MaxContentLength;

    // Nothing waits for the pending bytes.
    private bool MayDelayRest =>
        _pacing is { IsSustained: true, IsCombining: true } && !_hasSealed && _pendingWritten is null && _waitingSince is null && _rest.IsEmpty;

    private void CompleteWrite()
    {
        ClearTaken();
        _currentWritten?.TrySetResult(true);
        _currentWritten = null;
    }

    private void ReleaseRest()
    {
        if (!_isRestInUse)
            return;
        using (_gate.Enter())
            _isRestInUse = false;
        _room?.Set();
    }

    private ReadOnlyMemory<byte> TakeRest()
    {
        var chunk = _rest[..Math.Min(_rest.Length, Limit)];
        _rest = _rest[chunk.Length..];
        return chunk;
    }

    private void ClearTaken() => (_pending == _first ? _second : _first).Clear();

    private ReadOnlyMemory<byte> TakePending()
    {
        _pacing.CountWrite();
        _takes++;
        _isRestInUse = _pending.Length == 0 && !_rest.IsEmpty && _driver.ConsumesDataSynchronously;
        if (_pending.Length == 0 && !_isRestInUse)
            _pending.Append(TakeRest().Span);
        var bytes = _isRestInUse ? TakeRest() : _pending.Written;
        if (!_isRestInUse)
        {
            _pending = _pending == _first ? _second : _first;
            bytes = KeepPartialRecord(bytes);
        }
        if (_rest.IsEmpty && _pending.Length == 0)
            (_currentWritten, _pendingWritten) = (_pendingWritten, null);
        _hasSealed = false;
        return bytes;
    }

    // A sustained sender fills whole records: a short record costs as much as a hundred messages. The rest waits for more bytes.
    private ReadOnlyMemory<byte> KeepPartialRecord(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes.Length % RecordFormat.MaxContentLength;
        if (rest == 0 || rest == bytes.Length || !MayDelayRest)
            return bytes;
        _pending.Append(bytes.Span[^rest..]);
        return bytes[..^rest];
    }

    // Returns false if the write is pending and will continue on completion, or if it failed.
    private bool TryWrite(ReadOnlyMemory<byte> bytes) => TryFinish(_driver.WriteAsync(bytes));

    private bool TryFinish(ValueTask<bool> write)
    {
        // Before the continuation, which may take the next bytes on another thread.
        if (_driver.ConsumesDataSynchronously)
            ClearTaken();
        ReleaseRest();
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
        _room?.Set();
        _pendingWritten?.TrySetResult(false);
        _currentWritten?.TrySetResult(false);
        _pendingWritten = _currentWritten = null;
    }

    // Waits until the bytes are taken. A send that is canceled before was not sent. No start means that the first bytes were taken at once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(int? start, CancellationToken cancellationToken)
    {
        // Created before the state is checked, so that no signal is lost.
        var room = _room ??= new AsyncSignal();
        try
        {
            while (IsWaiting(start))
                await room.WaitAsync(IsCancelable(start) ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (TryRetract(start))
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            // The first bytes are being written, so the send must be completed.
            while (IsWaiting(start))
                await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Throws if the session ended before all bytes were taken.
    private bool IsWaiting(int? start)
    {
        bool isTaken;
        using (_gate.Enter())
        {
            isTaken = _rest.IsEmpty && (start is null || _takes != _waitingSince);
            if (_isRestInUse || (!isTaken && _state is not (State.Finishing or State.Closed)))
                return true;
            (_waitingSince, _rest) = (null, default);
        }
        return isTaken ? false : throw _driver.Lifetime.CreateException(isSend: true);
    }

    private bool IsCancelable(int? start)
    {
        using (_gate.Enter())
            return start is not null && _takes == _waitingSince;
    }

    private bool TryRetract(int? start)
    {
        using (_gate.Enter())
        {
            if (start is null || _takes != _waitingSince)
                return false;
            if (_state is State.Writing or State.Delayed)
                _pending.Truncate(start.Value);

            // At the same time, because the writer must not take the rest of a retracted send.
            (_waitingSince, _rest) = (null, default);
            return true;
        }
    }
}
