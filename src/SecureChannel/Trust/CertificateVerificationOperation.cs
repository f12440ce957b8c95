namespace SecureChannel.Handshakes;

/// <summary>The validation of a peer's chain as something that a handshake awaits. Runs on the calling thread.</summary>
/// <param name="trust">The policy that decides which certificates are trusted.</param>
/// <param name="chain">The certificates that the peer sent, in DER: its own first, intermediate certificates in any order.</param>
/// <param name="name">The name that the peer must prove: a DNS name or an IP address.</param>
/// <param name="purpose">The purpose that the certificate must allow.</param>
/// <param name="time">The time at which every certificate in the certification path must be valid.</param>
public sealed class CertificateVerificationOperation(TrustPolicy trust, IReadOnlyList<ReadOnlyMemory<byte>> chain, string name, CertificatePurpose purpose,
    DateTimeOffset time) : PendingOperation
{
    /// <summary>The proof; null before the operation has run, and where it found an error.</summary>
    public VerifiedIdentity? Identity { get; private set; }

    /// <summary>Why the peer is not trusted; null before the operation has run, and where the peer is trusted.</summary>
    public SessionError? Error { get; private set; }

    /// <inheritdoc/>
    public override ValueTask RunAsync(CancellationToken cancellationToken)
    {
        ChainValidator.TryValidate(chain, name, purpose, trust, time, out var identity, out var error);
        (Identity, Error) = (identity, error);
        return ValueTask.CompletedTask;
    }
}
