namespace SecureChannel.Handshakes;

/// <summary>
/// An asynchronous operation that a handshake needs, such as a signature with a key in another device. The engine cannot wait, so the layer above the engine
/// runs the operation and then calls <see cref="ChannelEngine.Resume"/>. The operation stores expected failures for the handler that resumes; an exception
/// is reported as a local error.
/// </summary>
public abstract class PendingOperation
{
    /// <summary>Runs the operation. This method is called only once.</summary>
    /// <param name="cancellationToken">The token that is canceled if the session ends before the operation completes.</param>
    public abstract ValueTask RunAsync(CancellationToken cancellationToken);
}
