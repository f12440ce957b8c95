namespace SecureChannel.Handshakes;

/// <summary>The result of a handler: continue, an error, or a pending operation.</summary>
public readonly struct HandshakeResult
{
    private HandshakeResult(SessionError error) => Error = error;

    private HandshakeResult(PendingOperation operation, Func<HandshakeResult> resume) => (Operation, Next) = (operation, resume);

    /// <summary>Gets the result that accepts a received message, or sends a written one, and continues the handshake.</summary>
    public static HandshakeResult Continue => default;

    internal bool IsContinue => Error is null && Operation is null;

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<HandshakeResult>? Next { get; }

    /// <summary>
    /// Waits for an operation. The result of <paramref name="resume"/> then replaces this one. A handler that writes a message is called again if that result
    /// is <see cref="Continue"/>.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="resume">Evaluates the outcome of the operation.</param>
    public static HandshakeResult Pending(PendingOperation operation, Func<HandshakeResult> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new HandshakeResult(operation, resume);
    }

    /// <summary>Fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static HandshakeResult FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new HandshakeResult(error);
    }

    /// <summary>Fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static implicit operator HandshakeResult(SessionError error) => FromSessionError(error);
}
