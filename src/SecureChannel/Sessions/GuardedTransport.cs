using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>
/// The transport of a session. All calls of the transport go through this class. A transport may throw any exception from any member, ignore cancellation and
/// never complete. The members of this class never throw synchronously, and <see cref="CloseAsync"/> never fails. Reads and writes are not canceled by callers:
/// a caller that no longer waits leaves the operation pending, so that no byte is lost. Thread-safe; one read and one write may be in progress.
/// </summary>
internal sealed class GuardedTransport(Stream stream) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _closing;

    /// <summary>Gets a value that indicates whether <see cref="CloseAsync"/> was called.</summary>
    public bool IsClosed => Volatile.Read(ref _closing) is not null;

    /// <summary>Gets the first failure of a read or write, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value that indicates whether the transport reported its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Gets the number of bytes that were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads bytes.</summary>
    /// <returns>The number of bytes; 0 at the end of the transport, or if the buffer is empty.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            var reading = stream.ReadAsync(buffer, _stop.Token);
            return reading.IsCompletedSuccessfully ? new(Check(reading.Result, buffer.Length)) : FinishReadAsync(reading, buffer.Length);
        }
        catch (Exception e)
        {
            Failure ??= e;
            return ValueTask.FromException<int>(e);
        }
    }

    /// <summary>Writes and flushes bytes.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var writing = stream.WriteAsync(bytes, _stop.Token);
            if (!writing.IsCompletedSuccessfully)
                return FinishWriteAsync(writing);
            writing.GetAwaiter().GetResult();
            var flushing = stream.FlushAsync(_stop.Token);
            return flushing.IsCompletedSuccessfully ? default : FinishFlushAsync(flushing);
        }
        catch (Exception e)
        {
            Failure ??= e;
            return ValueTask.FromException(e);
        }
    }

    /// <inheritdoc cref="CloseAsync"/>
    public ValueTask DisposeAsync() => new(CloseAsync());

    /// <summary>Closes the transport, once. Exceptions of the transport are ignored, because the session has ended.</summary>
    /// <returns>A task that completes when the transport has closed. It never faults, but it never completes if the transport does not.</returns>
    public Task CloseAsync()
    {
        if (Volatile.Read(ref _closing) is { } closing)
            return closing;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _closing, closed.Task, null) is { } first)
            return first;
        _ = CloseOnceAsync(closed);
        return closed.Task;
    }

    private async Task CloseOnceAsync(TaskCompletionSource closed)
    {
        // Not awaited: a callback of the transport may block.
        _ = CancelAsync();
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The session has ended, so an error of the transport no longer matters.
        }
        closed.SetResult();
    }

    private async Task CancelAsync() => await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadAsync(ValueTask<int> reading, int length)
    {
        try
        {
            return Check(await reading.ConfigureAwait(false), length);
        }
        catch (Exception e)
        {
            Failure ??= e;
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishWriteAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
            await stream.FlushAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure ??= e;
            throw;
        }
    }

    private async ValueTask FinishFlushAsync(Task flushing)
    {
        try
        {
            await flushing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure ??= e;
            throw;
        }
    }

    private int Check(int count, int length)
    {
        if ((uint)count > (uint)length)
            throw new IOException($"The transport reported a read of {count} bytes into a buffer of {length} bytes.");
        BytesRead += count;
        HasEnded |= count == 0 && length > 0;
        return count;
    }
}
