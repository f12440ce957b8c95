namespace SecureChannel.Handshakes;

/// <summary>
/// What the handler of a message that is declared to prove the peer's identity (<see cref="TransitionAttribute.Authenticates"/>) says: here is the proof, fail, or
/// wait. There is no way to go on without the proof; the default value fails.
/// </summary>
public readonly struct AuthenticationResult
{
    private AuthenticationResult(IdentityProof proof) => Proof = proof;

    private AuthenticationResult(SessionError error) => Error = error;

    private AuthenticationResult(PendingOperation operation, Func<AuthenticationResult> resume) => (Operation, Next) = (operation, resume);

    internal IdentityProof? Proof { get; }

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<AuthenticationResult>? Next { get; }

    /// <summary>Waits for an operation, then asks again.</summary>
    /// <param name="operation">What takes long.</param>
    /// <param name="resume">Judges its result.</param>
    public static AuthenticationResult Pending(PendingOperation operation, Func<AuthenticationResult> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new AuthenticationResult(operation, resume);
    }

    /// <summary>The peer's identity is proven: the handshake goes on.</summary>
    /// <param name="proof">The proof.</param>
    public static AuthenticationResult FromIdentityProof(IdentityProof proof) => new(proof);

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static AuthenticationResult FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new AuthenticationResult(error);
    }

    /// <summary>The peer's identity is proven: the handshake goes on.</summary>
    /// <param name="proof">The proof.</param>
    public static implicit operator AuthenticationResult(IdentityProof proof) => FromIdentityProof(proof);

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static implicit operator AuthenticationResult(SessionError error) => FromSessionError(error);
}
