namespace SecureChannel.Handshakes;

/// <summary>The result of a handler: continue, an error, or a pending operation.</summary>
public readonly struct HandshakeResult
{
    private HandshakeResult(SessionError error) => Error = error;

    private HandshakeResult(PendingOperation operation, Func<HandshakeResult> resume) => (Operation, Next) = (operation, resume);

    /// <summary>Gets the result that continues the handshake: accepts the received message, or sends the message that the handler wrote.</summary>
    public static HandshakeResult Continue => default;

    internal bool IsContinue => Error is null && Operation is null;

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<HandshakeResult>? Next { get; }

    /// <summary>
    /// Creates a result that waits for an operation. When the operation has completed, the result of <paramref name="resume"/> replaces the pending result. If
    /// the replacement is <see cref="Continue"/>, a handler that writes a message is called again.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="resume">Evaluates the outcome of the operation.</param>
    public static HandshakeResult Pending(PendingOperation operation, Func<HandshakeResult> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new HandshakeResult(operation, resume);
    }

    /// <summary>Creates a result that fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static HandshakeResult FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new HandshakeResult(error);
    }

    /// <summary>Creates a result that fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static implicit operator HandshakeResult(SessionError error) => FromSessionError(error);
}
