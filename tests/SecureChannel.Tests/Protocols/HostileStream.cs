namespace SecureChannel.Tests.Protocols;

/// <summary>A stream whose members do what a test asks: throw, never complete, or ignore their cancellation token.</summary>
internal sealed class HostileStream : Stream
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets or sets the read. By default, a read never completes and ignores its token.</summary>
    public Func<Memory<byte>, ValueTask<int>>? OnRead { get; set; }

    /// <summary>Gets or sets the write. By default, a write succeeds.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask>? OnWrite { get; set; }

    /// <summary>Gets or sets the flush. By default, a flush succeeds.</summary>
    public Func<Task>? OnFlush { get; set; }

    /// <summary>Gets or sets the disposal. By default, a disposal succeeds.</summary>
    public Func<ValueTask>? OnDispose { get; set; }

    /// <summary>Gets the number of disposals.</summary>
    public int Disposals { get; private set; }

    /// <summary>Gets all bytes of completed writes.</summary>
    public List<byte> Written { get; } = [];

    /// <summary>Gets an operation that does not complete before <see cref="Release"/> is called.</summary>
    public Task Never => _released.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Fails the operations that never completed, as a late answer of the network.</summary>
    public void Release()
    {
        _released.TrySetException(new TimeZoneNotFoundException("late"));
        // Observed here, so that a test sees only what the channel does not observe.
        _ = _released.Task.Exception;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => OnRead?.Invoke(buffer) ?? ReadNeverAsync();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (OnWrite is not null)
            await OnWrite(buffer);
        Written.AddRange(buffer.Span);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => OnFlush?.Invoke() ?? Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        Disposals++;
        if (OnDispose is not null)
            await OnDispose();
        await base.DisposeAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> ReadNeverAsync()
    {
        await Never;
        return 0;
    }
}
