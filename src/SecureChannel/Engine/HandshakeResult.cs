namespace SecureChannel.Handshakes;

/// <summary>What a handshake's handler says: go on, fail, or wait.</summary>
public readonly struct HandshakeResult
{
    private HandshakeResult(SessionError error) => Error = error;

    private HandshakeResult(PendingOperation operation, Func<HandshakeResult> resume) => (Operation, Next) = (operation, resume);

    /// <summary>The message is accepted, or was written: the handshake goes on.</summary>
    public static HandshakeResult Continue => default;

    internal bool IsContinue => Error is null && Operation is null;

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<HandshakeResult>? Next { get; }

    /// <summary>Waits for an operation, then asks again. A handler that writes is called once more after <paramref name="resume"/> said go on.</summary>
    /// <param name="operation">What takes long.</param>
    /// <param name="resume">Judges its result.</param>
    public static HandshakeResult Pending(PendingOperation operation, Func<HandshakeResult> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new HandshakeResult(operation, resume);
    }

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static HandshakeResult FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new HandshakeResult(error);
    }

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static implicit operator HandshakeResult(SessionError error) => FromSessionError(error);
}
