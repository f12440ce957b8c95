namespace SecureChannel;

/// <summary>
/// The buffers of a <see cref="SendQueue"/>: the pending bytes, the bytes of the current write, and the tasks of callers that wait for these bytes. The queue's
/// gate protects all members except the bytes of the current write, which belong to the writer.
/// </summary>
internal sealed class SendBuffers : IDisposable
{
    private PooledBuffer _current = new();
    private TaskCompletionSource? _pendingTaken;
    private TaskCompletionSource? _pendingWritten;
    private TaskCompletionSource? _currentWritten;

    /// <summary>Gets the bytes that wait for the next write.</summary>
    public PooledBuffer Pending { get; private set; } = new();

    /// <summary>Gets the number of unwritten bytes.</summary>
    public int Length => Pending.Length + _current.Length;

    /// <summary>Gets a value that indicates whether a caller waits for the pending bytes.</summary>
    public bool IsAwaited => _pendingTaken is not null || _pendingWritten is not null;

    /// <summary>Completes the current write.</summary>
    public void CompleteWrite()
    {
        _current.Clear();
        _currentWritten?.TrySetResult();
        _currentWritten = null;
    }

    /// <summary>Completes the current write and starts a write of the pending bytes.</summary>
    /// <param name="bytes">The bytes to write.</param>
    /// <returns>True if there are bytes to write; otherwise, false.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        CompleteWrite();
        (_currentWritten, _pendingWritten) = (_pendingWritten, null);
        _pendingTaken?.TrySetResult();
        _pendingTaken = null;
        (Pending, _current) = (_current, Pending);
        bytes = _current.Written;
        if (!bytes.IsEmpty)
            return true;
        _currentWritten?.TrySetResult();
        _currentWritten = null;
        return false;
    }

    /// <summary>Gets a task that completes when a write of the pending bytes starts.</summary>
    public Task WhenTaken() => GetOrCreate(ref _pendingTaken).Task;

    /// <summary>Gets a task that completes when all bytes are written. A write must be in progress.</summary>
    public Task WhenWritten() => (Pending.Length > 0 ? GetOrCreate(ref _pendingWritten) : GetOrCreate(ref _currentWritten)).Task;

    /// <summary>Tries to remove the pending bytes after the first <paramref name="start"/> bytes. A caller must be waiting for their write to start.</summary>
    /// <param name="start">The number of bytes to retain.</param>
    /// <returns>True if the bytes were removed; false if their write already started.</returns>
    public bool TryRetract(int start)
    {
        if (_pendingTaken is null)
            return false;
        Pending.Truncate(start);
        return true;
    }

    /// <summary>Fails the tasks of all waiting callers and releases the buffers.</summary>
    public void Fail(Exception cause)
    {
        foreach (var waiting in (ReadOnlySpan<TaskCompletionSource?>)[_pendingTaken, _pendingWritten, _currentWritten])
            waiting?.TrySetException(cause);
        _pendingTaken = _pendingWritten = _currentWritten = null;
        Dispose();
    }

    /// <summary>Releases the pending bytes.</summary>
    public void ReleasePending() => Pending.Dispose();

    /// <summary>Releases all buffers. No write may be in progress.</summary>
    public void Dispose()
    {
        Pending.Dispose();
        _current.Dispose();
    }

    private static TaskCompletionSource GetOrCreate(ref TaskCompletionSource? source) =>
        source ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
