namespace SecureChannel.Handshakes;

/// <summary>The validation of a peer's chain as something that a handshake awaits. Runs on the calling thread.</summary>
/// <param name="presented">The certificates in DER as they were sent: the peer's own first, the others in any order.</param>
/// <param name="name">The name that the peer must have.</param>
/// <param name="purpose">What the certificate must be for.</param>
/// <param name="trust">Whom to believe.</param>
/// <param name="timeProvider">Tells at which time every certificate must be valid.</param>
public sealed class CertificateVerificationOperation(IReadOnlyList<ReadOnlyMemory<byte>> presented, string name, CertificatePurpose purpose, TrustPolicy trust,
    TimeProvider timeProvider) : PendingOperation
{
    /// <summary>The proof; null before the operation has run, and where it found an error.</summary>
    public VerifiedIdentity? Identity { get; private set; }

    /// <summary>Why the peer is not trusted; null before the operation has run, and where the peer is trusted.</summary>
    public SessionError? Error { get; private set; }

    /// <inheritdoc/>
    public override ValueTask RunAsync(CancellationToken cancellationToken)
    {
        ChainValidator.TryValidate(presented, name, purpose, trust, timeProvider.GetUtcNow(), out var chain, out var error);
        (Identity, Error) = (chain, error);
        return ValueTask.CompletedTask;
    }
}
