namespace SecureChannel.Handshakes;

/// <summary>
/// What a handshake waits for and the engine must not: a chain check that reads from elsewhere, a key that lives in another device. The layer above awaits it
/// and then calls <see cref="ChannelEngine.Resume"/>. What fails is kept by the operation for the handler that resumes; an exception is this end's fault.
/// </summary>
public abstract class PendingOperation
{
    /// <summary>Does the work. Called once.</summary>
    /// <param name="cancellationToken">Cancelled when the session ends before the work does.</param>
    public abstract ValueTask RunAsync(CancellationToken cancellationToken);
}
