namespace SecureChannel;

/// <summary>
/// Passes bytes on, and notices whether the transport itself ended or failed: SslStream reports the explicit end (close_notify) and a cut connection alike.
/// </summary>
internal sealed class WatchedStream(Stream inner) : AsyncStream
{
    /// <summary>The transport ended, or failed while reading.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The transport's own exception, if it threw one.</summary>
    public Exception? Failure { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            WasCut |= count == 0 && buffer.Length > 0;
            return count;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (WasCut, Failure) = (true, e);
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
