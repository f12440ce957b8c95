namespace SecureChannel.Handshakes;

/// <summary>
/// The state machine of one role of a handshake, which a <see cref="ChannelEngine"/> runs. Do not derive from this class directly: derive a partial class for
/// each role from <see cref="HandshakeMachine{TState}"/>, and the generator completes it from the enum with <see cref="HandshakeAttribute"/>. Not thread-safe.
/// </summary>
public abstract class HandshakeMachine : IDisposable
{
    private protected HandshakeMachine()
    {
    }

    /// <summary>Gets the role of the local endpoint.</summary>
    public abstract Role Role { get; }

    /// <summary>Gets the name of the current state.</summary>
    public abstract string StateName { get; }

    /// <summary>Gets the negotiated parameters, or null until the handshake completes.</summary>
    internal NegotiatedSession? Negotiated { get; private protected set; }

    /// <summary>Gets the operation that the handshake waits for, or null.</summary>
    internal PendingOperation? Pending { get; private protected set; }

    /// <summary>Gets the first error, or null.</summary>
    internal SessionError? Error { get; private protected set; }

    /// <summary>
    /// Gets the proven identity of the peer, or null until the machine accepts the message that proves the identity
    /// (<see cref="TransitionAttribute.Authenticates"/>).
    /// </summary>
    protected internal PeerIdentity? PeerIdentity { get; private protected set; }

    /// <summary>Gets a value that indicates whether the write keys must be updated before more application data, or the close_notify, is sent.</summary>
    internal abstract bool RequiresKeyUpdate { get; }

    private protected bool IsDisposed { get; private set; }

    /// <summary>Wipes the secrets. A pending operation wipes its results when it completes.</summary>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        Pending?.Abandon();
        Pending = null;
        try
        {
            Dispose(true);
        }
        finally
        {
            DisposeCore();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Wipes the secrets. Override to wipe the secrets of the handshake.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Throws an <see cref="InvalidOperationException"/> if the machine was started.</summary>
    internal abstract void ThrowIfStarted();

    /// <summary>Starts the handshake: sends the first flight if this endpoint sends first.</summary>
    /// <param name="records">The record layer of the engine.</param>
    /// <param name="observer">Receives each transition; null for none.</param>
    internal abstract void Start(RecordLayer records, Action<HandshakeProgress>? observer);

    /// <summary>Handles a complete message with its header. The memory must stay valid while an operation is pending.</summary>
    internal abstract void Receive(ReadOnlyMemory<byte> message);

    /// <summary>Continues the handshake after the pending operation has run.</summary>
    internal abstract void Resume();

    /// <summary>Releases the resources that only the handshake needs. The engine calls this method when the handshake is complete.</summary>
    internal abstract void ReleaseHandshake();

    /// <summary>Updates the write keys. Returns false if the handshake cannot update them.</summary>
    /// <returns>True if the keys were updated; false if the handshake has no message for it, or no more updates are allowed.</returns>
    internal abstract bool UpdateWriteKeys();

    /// <summary>Updates the write keys and requests that the peer updates its write keys.</summary>
    /// <returns>True if the request was sent; false if the handshake has no message for it, or no more updates are allowed.</returns>
    internal abstract bool RequestKeyUpdate();

    /// <summary>Derives keying material for the application.</summary>
    internal abstract void Export(string label, ReadOnlySpan<byte> context, Span<byte> output);

    // Wipes the secrets of the base class, also if an override of Dispose throws.
    private protected abstract void DisposeCore();
}
