namespace SecureChannel.Handshakes;

/// <summary>
/// An operation that a handshake awaits and the engine must not, such as the use of a key in another device. The layer above runs it and then calls
/// <see cref="ChannelEngine.Resume"/>. The operation stores expected failures for the handler that resumes; an exception is a local error.
/// </summary>
public abstract class PendingOperation
{
    /// <summary>Runs the operation. It is called once.</summary>
    /// <param name="cancellationToken">The token that is canceled if the session ends before the operation completes.</param>
    public abstract ValueTask RunAsync(CancellationToken cancellationToken);
}
