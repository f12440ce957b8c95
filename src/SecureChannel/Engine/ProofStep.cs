namespace SecureChannel.Engine;

/// <summary>
/// What the handler of a message that is declared to prove the peer's identity (<see cref="TransitionAttribute.Proves"/>) says: here is the proof, fail, or
/// wait. There is no way to go on without the proof; the default value fails.
/// </summary>
public readonly struct ProofStep
{
    private ProofStep(IdentityProof proof) => Proof = proof;

    private ProofStep(SessionError error) => Error = error;

    private ProofStep(PendingOperation operation, Func<ProofStep> resume) => (Operation, Next) = (operation, resume);

    internal IdentityProof? Proof { get; }

    internal SessionError? Error { get; }

    internal PendingOperation? Operation { get; }

    internal Func<ProofStep>? Next { get; }

    /// <summary>Waits for an operation, then asks again.</summary>
    /// <param name="operation">What takes long.</param>
    /// <param name="resume">Judges its result.</param>
    public static ProofStep Pending(PendingOperation operation, Func<ProofStep> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new ProofStep(operation, resume);
    }

    /// <summary>The peer's identity is proven: the handshake goes on.</summary>
    /// <param name="proof">The proof.</param>
    public static ProofStep FromIdentityProof(IdentityProof proof) => new(proof);

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static ProofStep FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new ProofStep(error);
    }

    /// <summary>The peer's identity is proven: the handshake goes on.</summary>
    /// <param name="proof">The proof.</param>
    public static implicit operator ProofStep(IdentityProof proof) => FromIdentityProof(proof);

    /// <summary>The session fails: the peer is told the error's alert.</summary>
    /// <param name="error">Why.</param>
    public static implicit operator ProofStep(SessionError error) => FromSessionError(error);
}
