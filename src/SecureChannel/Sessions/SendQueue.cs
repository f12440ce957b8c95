using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// Gathers what is sent while a write is in flight, and hands it on as one piece when that is done. Holds the sender back while much is queued. Thread-safe.
/// </summary>
internal sealed class SendQueue(SessionDriver driver) : IDisposable
{
    /// <summary>How many bytes may be queued before a sender waits.</summary>
    public const int Limit = 256 * 1024;

    private readonly Lock _gate = new();
    private PooledBuffer _gathered = new();
    private PooledBuffer _moving = new();
    private TaskCompletionSource? _gatheredTaken;
    private TaskCompletionSource? _gatheredWritten;
    private TaskCompletionSource? _movingWritten;
    private bool _pumping;
    private bool _failed;

    /// <exception cref="ArgumentException">A field of the message lies outside its bound: nothing was queued.</exception>
    public ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        int start;
        lock (_gate)
        {
            ThrowIfEnded();
            start = _gathered.Length;
            MessageFraming.Write(_gathered, message);
        }
        return MoveOnAsync(start, cancellationToken);
    }

    public ValueTask SendAsync(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        int start;
        lock (_gate)
        {
            ThrowIfEnded();
            start = _gathered.Length;
            _gathered.Append(bytes);
        }
        return MoveOnAsync(start, cancellationToken);
    }

    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (!_pumping)
            {
                ThrowIfEnded();
                return Task.CompletedTask;
            }
            return (_gathered.Length > 0 ? NewOrSame(ref _gatheredWritten) : NewOrSame(ref _movingWritten)).Task;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _failed = true;
            _gathered.Dispose();
            // What is being written belongs to the pump until it is done.
            if (!_pumping)
                _moving.Dispose();
        }
    }

    private static TaskCompletionSource NewOrSame(ref TaskCompletionSource? source) =>
        source ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    private ValueTask MoveOnAsync(int start, CancellationToken cancellationToken)
    {
        Task? taken = null;
        lock (_gate)
        {
            if (_pumping)
            {
                if (_gathered.Length + _moving.Length <= Limit)
                    return ValueTask.CompletedTask;
                taken = NewOrSame(ref _gatheredTaken).Task;
            }
            _pumping = true;
        }
        if (taken is null)
        {
            _ = PumpAsync();
            return ValueTask.CompletedTask;
        }
        return WaitForRoomAsync(taken, start, cancellationToken);
    }

    private async ValueTask WaitForRoomAsync(Task taken, int start, CancellationToken cancellationToken)
    {
        try
        {
            await taken.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                // Nothing of it has moved only as long as the pump has not taken it.
                if (taken.IsCompleted)
                    return;
                _gathered.Truncate(start);
            }
            throw;
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (TryTake(out var bytes))
            {
                await driver.WriteAsync(bytes).ConfigureAwait(false);
                FinishWrite();
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            bytes = default;
            if (_gathered.Length == 0)
            {
                _pumping = false;
                _gatheredTaken?.TrySetResult();
                _gatheredTaken = null;
                if (_failed)
                    _moving.Dispose();
                return false;
            }
            (_gathered, _moving) = (_moving, _gathered);
            (_movingWritten, _gatheredWritten) = (_gatheredWritten, null);
            _gatheredTaken?.TrySetResult();
            _gatheredTaken = null;
            bytes = _moving.Written;
            return true;
        }
    }

    private void FinishWrite()
    {
        lock (_gate)
        {
            _moving.Truncate(0);
            _movingWritten?.TrySetResult();
            _movingWritten = null;
        }
    }

    private void Fail(Exception cause)
    {
        lock (_gate)
        {
            (_failed, _pumping) = (true, false);
            foreach (var waiting in (ReadOnlySpan<TaskCompletionSource?>)[_gatheredTaken, _gatheredWritten, _movingWritten])
                waiting?.TrySetException(cause);
            _gathered.Dispose();
            _moving.Dispose();
        }
    }

    private void ThrowIfEnded()
    {
        if (_failed || driver.End is not null)
            throw driver.CreateEndException();
    }
}
