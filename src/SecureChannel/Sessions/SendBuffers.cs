namespace SecureChannel;

/// <summary>
/// The bytes of a <see cref="SendQueue"/>: those that are gathered, those that a write is moving, and who waits for either. Under the queue's gate, but for the
/// bytes that are moving: they are the writer's.
/// </summary>
internal sealed class SendBuffers : IDisposable
{
    private PooledBuffer _moving = new();
    private TaskCompletionSource? _gatheredTaken;
    private TaskCompletionSource? _gatheredWritten;
    private TaskCompletionSource? _movingWritten;

    /// <summary>What waits for the next write.</summary>
    public PooledBuffer Gathered { get; private set; } = new();

    /// <summary>How many bytes have not left.</summary>
    public int Length => Gathered.Length + _moving.Length;

    /// <summary>Whether somebody waits for what is gathered to move.</summary>
    public bool IsAwaited => _gatheredTaken is not null || _gatheredWritten is not null;

    /// <summary>What was moving has left.</summary>
    public void FinishMoving()
    {
        _moving.Clear();
        _movingWritten?.TrySetResult();
        _movingWritten = null;
    }

    /// <summary>What was gathered is to move now; what was moving has left.</summary>
    /// <returns>Whether there is anything.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        FinishMoving();
        (_movingWritten, _gatheredWritten) = (_gatheredWritten, null);
        _gatheredTaken?.TrySetResult();
        _gatheredTaken = null;
        (Gathered, _moving) = (_moving, Gathered);
        bytes = _moving.Written;
        if (!bytes.IsEmpty)
            return true;
        _movingWritten?.TrySetResult();
        _movingWritten = null;
        return false;
    }

    /// <summary>Completes once what is gathered begins to move.</summary>
    public Task WhenTaken() => NewOrSame(ref _gatheredTaken).Task;

    /// <summary>Completes once all that is here has left; a write is under way.</summary>
    public Task WhenWritten() => (Gathered.Length > 0 ? NewOrSame(ref _gatheredWritten) : NewOrSame(ref _movingWritten)).Task;

    /// <summary>Forgets what was gathered after the first <paramref name="start"/> bytes, of which somebody waits to hear that they are taken.</summary>
    /// <returns>False if they were.</returns>
    public bool TryTakeBack(int start)
    {
        if (_gatheredTaken is null)
            return false;
        Gathered.Truncate(start);
        return true;
    }

    /// <summary>Nothing leaves any more.</summary>
    public void Fail(Exception cause)
    {
        foreach (var waiting in (ReadOnlySpan<TaskCompletionSource?>)[_gatheredTaken, _gatheredWritten, _movingWritten])
            waiting?.TrySetException(cause);
        _gatheredTaken = _gatheredWritten = _movingWritten = null;
        Dispose();
    }

    /// <summary>Forgets what was gathered.</summary>
    public void ReleaseGathered() => Gathered.Dispose();

    /// <summary>Forgets all; no write is under way.</summary>
    public void Dispose()
    {
        Gathered.Dispose();
        _moving.Dispose();
    }

    private static TaskCompletionSource NewOrSame(ref TaskCompletionSource? source) =>
        source ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
