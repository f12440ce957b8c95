namespace SecureChannel.Handshakes;

/// <summary>
/// The result of a handler whose message must prove the identity of the peer (<see cref="TransitionAttribute.Authenticates"/>): a proof, an error, or a pending
/// operation. The handshake cannot continue without a proof. The default value fails the session.
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

    /// <summary>
    /// Creates a result that waits for an operation. When the operation has completed, the result of <paramref name="resume"/> replaces the pending result.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="resume">Evaluates the outcome of the operation.</param>
    public static AuthenticationResult Pending(PendingOperation operation, Func<AuthenticationResult> resume)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(resume);
        return new AuthenticationResult(operation, resume);
    }

    /// <summary>Creates a result that continues the handshake with a proof of the peer's identity.</summary>
    /// <param name="proof">The proof.</param>
    public static AuthenticationResult FromIdentityProof(IdentityProof proof) => new(proof);

    /// <summary>Creates a result that fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static AuthenticationResult FromSessionError(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new AuthenticationResult(error);
    }

    /// <summary>Creates a result that continues the handshake with a proof of the peer's identity.</summary>
    /// <param name="proof">The proof.</param>
    public static implicit operator AuthenticationResult(IdentityProof proof) => FromIdentityProof(proof);

    /// <summary>Creates a result that fails the session. The peer receives the alert of the error.</summary>
    /// <param name="error">The error.</param>
    public static implicit operator AuthenticationResult(SessionError error) => FromSessionError(error);
}
