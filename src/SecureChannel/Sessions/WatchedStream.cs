namespace SecureChannel;

/// <summary>
/// A stream that records whether the transport ended or failed, because SslStream does not distinguish close_notify from a truncated connection.
/// </summary>
internal sealed class WatchedStream(Stream inner) : AsyncStream
{
    /// <summary>Gets a value that indicates whether the transport ended, or failed during a read.</summary>
    public bool WasTruncated { get; private set; }

    /// <summary>Gets the exception of the transport, or null.</summary>
    public Exception? Failure { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            WasTruncated |= count == 0 && buffer.Length > 0;
            return count;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (WasTruncated, Failure) = (true, e);
            throw;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
            throw;
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
