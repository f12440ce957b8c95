namespace SecureChannel.Engine;

/// <summary>What a handshake's handler says: go on, fail, or wait.</summary>
public readonly struct Step
{
    private Step(SessionError error) => Error = error;

    private Step(PendingOperation operation, Func<Step> resume) => (Operation, Next) = (operation, resume);

    /// <summary>The message is accepted, or was written: the handshake goes on.</summary>
    public static Step Continue => default;

    internal bool IsContinue => Error is null && Operation is null;

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<Step>? Next { get; }

    /// <summary>Waits for an operation, then asks again. A handler that writes is called once more after <paramref name="resume"/> said go on.</summary>
    /// <param name="operation">What takes long.</param>
    /// <param name="resume">Judges its result.</param>
    public static Step Pending(PendingOperation operation, Func<Step> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new Step(operation, resume);
    }

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static Step FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new Step(error);
    }

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static implicit operator Step(SessionError error) => FromSessionError(error);
}
