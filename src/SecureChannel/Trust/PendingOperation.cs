namespace SecureChannel.Handshakes;

/// <summary>
/// An asynchronous operation that a handshake needs, such as a signature with a key in another device. The engine cannot wait, so the layer above the engine
/// runs the operation and then calls <see cref="ChannelEngine.Resume"/>. The operation stores expected failures for the handler that resumes. If it throws an
/// exception, the layer above calls <see cref="ChannelEngine.FailPending"/>.
/// </summary>
public abstract class PendingOperation
{
    private volatile bool _isAbandoned;

    /// <summary>
    /// Gets a value that indicates whether the session has ended without waiting for the operation. An operation whose result is a secret must check this value
    /// after it has written the result, and wipe the result if the value is true.
    /// </summary>
    protected bool IsAbandoned => _isAbandoned;

    /// <summary>Runs the operation. This method is called only once.</summary>
    /// <param name="cancellationToken">The token that is canceled if the session ends before the operation completes.</param>
    public abstract ValueTask RunAsync(CancellationToken cancellationToken);

    /// <summary>Marks the operation as abandoned. The caller wipes the secrets of the session afterwards.</summary>
    internal void Abandon()
    {
        _isAbandoned = true;

        // Either the operation sees the mark after it wrote its result, or the caller wipes after the result was written.
        Interlocked.MemoryBarrier();
    }
}
