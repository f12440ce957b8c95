namespace SecureChannel.Testing;

/// <summary>The fault of one member of a <see cref="HostileStream"/>.</summary>
public enum TransportFault
{
    /// <summary>The member works.</summary>
    None,

    /// <summary>The member throws synchronously.</summary>
    Throws,

    /// <summary>The member returns a task that fails when the test calls <see cref="HostileStream.FailPendingAsync"/>.</summary>
    Fails,

    /// <summary>The member returns a task that never completes, and ignores its token.</summary>
    Hangs,
}

/// <summary>A transport whose members fail or hang when a test wants it.</summary>
public sealed class HostileStream(Stream inner) : Stream
{
    private readonly TaskCompletionSource<int> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _failed = new();
    private int _disposals;

    public TransportFault Reads { get; set; }

    /// <summary>Gets or sets an action that runs once, within the next read.</summary>
    public Action? WithinNextRead { get; set; }

    public TransportFault Writes { get; set; }

    public TransportFault Flushes { get; set; }

    public TransportFault Disposal { get; set; }

    /// <summary>Gets or sets the function that creates the exceptions.</summary>
    public Func<Exception> CreateException { get; set; } = () => new IOException("no route");

    /// <summary>Gets the number of times that the transport was disposed.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Resets the connection: reads fail after the bytes that have arrived, and a pending read fails at once.</summary>
    public void Reset() => _reset.TrySetException(CreateException());

    /// <summary>Lets the tasks of failing members fail, and runs what continues on their failure. Later calls fail at once.</summary>
    public Task FailPendingAsync() => Task.Run(() => _failed.TrySetException(CreateException()));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Reads == TransportFault.None ? ReadInnerAsync(buffer, cancellationToken) : new(FailAsync(Reads));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Writes == TransportFault.None ? inner.WriteAsync(buffer, cancellationToken) : new(FailAsync(Writes));

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        Flushes == TransportFault.None ? inner.FlushAsync(cancellationToken) : FailAsync(Flushes);

    // The base class has nothing to dispose, and would count the disposal twice.
#pragma warning disable CA2215
    public override ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposals);
        return Disposal == TransportFault.None ? inner.DisposeAsync() : new(FailAsync(Disposal));
    }
#pragma warning restore CA2215

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Interlocked.Increment(ref _disposals);
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var action = WithinNextRead;
        WithinNextRead = null;
        action?.Invoke();
        var reading = inner.ReadAsync(buffer, cancellationToken).AsTask();
        return await await Task.WhenAny(reading, _reset.Task).ConfigureAwait(false);
    }

    private Task<int> FailAsync(TransportFault fault) => fault switch
    {
        TransportFault.Throws => throw CreateException(),
        TransportFault.Fails => _failed.Task,
        _ => new TaskCompletionSource<int>().Task,
    };
}
