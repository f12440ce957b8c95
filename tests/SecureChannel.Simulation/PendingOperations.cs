namespace SecureChannel.Simulation;

/// <summary>A pending write of a transport.</summary>
internal sealed class PendingWrite(ReadOnlyMemory<byte> bytes, TaskCreationOptions options)
{
    private readonly TaskCompletionSource _source = new(options);

    /// <summary>Gets or sets the bytes that are not yet accepted.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; } = bytes;

    public Task Task => _source.Task;

    public void Complete() => _source.TrySetResult();

    public void Fail(Exception exception) => _source.TrySetException(exception);

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}

/// <summary>A pending read of a transport.</summary>
internal sealed class PendingRead(Memory<byte> buffer, int shortReadPercent, TaskCreationOptions options)
{
    private readonly TaskCompletionSource<int> _source = new(options);

    public Memory<byte> Buffer { get; } = buffer;

    public int ShortReadPercent { get; } = shortReadPercent;

    public Task<int> Task => _source.Task;

    public void Complete(int count) => _source.TrySetResult(count);

    public void Fail(Exception exception) => _source.TrySetException(exception);

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}
