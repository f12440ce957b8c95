namespace SecureChannel;

/// <summary>
/// A trust decision of your own, such as trust on first use or the rules of a company. It replaces path validation, names and pins. The handshake always checks
/// afterwards that the peer holds the private key of the certificate. Implementations are thread-safe.
/// </summary>
public abstract class CertificateVerifier
{
    /// <summary>
    /// Gets a text that identifies the decisions of this verifier, or null. Two verifiers with the same text must decide alike, in this process and in all others
    /// that share keys of tickets; change the text when the decisions change. The default is null, which disables the resumption of sessions: each handshake is
    /// a full one.
    /// </summary>
    public virtual string? PolicyId => null;

    /// <summary>Creates a verifier that applies a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The verifier.</returns>
    public static CertificateVerifier FromPolicy(TrustPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new PolicyVerifier(policy);
    }

    /// <summary>Verifies the certificates of a peer.</summary>
    /// <param name="request">The request, whose methods create the result.</param>
    /// <param name="cancellationToken">The token that is canceled if the session ends before the verification completes.</param>
    /// <returns>
    /// The result of <see cref="CertificateVerificationRequest.Accept"/> or <see cref="CertificateVerificationRequest.Reject"/> of this request. Results of other
    /// requests, and the default value, reject the peer.
    /// </returns>
    public abstract ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken);

    /// <summary>Creates a verifier that accepts the peers that this and another verifier accept. The other one runs only if this one accepts.</summary>
    /// <param name="other">The other verifier.</param>
    /// <returns>The verifier.</returns>
    public CertificateVerifier And(CertificateVerifier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new BothVerifier(this, other);
    }

    /// <summary>Creates a verifier that accepts the peers that this or another verifier accepts. The other one runs only if this one rejects.</summary>
    /// <param name="other">The other verifier.</param>
    /// <returns>The verifier.</returns>
    public CertificateVerifier Or(CertificateVerifier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new EitherVerifier(this, other);
    }

    // The length in front of the first text keeps different pairs apart.
    private static string? Combine(string operation, CertificateVerifier first, CertificateVerifier second) =>
        first.PolicyId is { } left && second.PolicyId is { } right ? $"{operation} {left.Length} {left} {right}" : null;

    private sealed class PolicyVerifier(TrustPolicy policy) : CertificateVerifier
    {
        public override string? PolicyId => policy.Fingerprint is { } fingerprint ? $"policy {Convert.ToHexString(fingerprint)}" : null;

        public override async ValueTask<CertificateVerificationResult> VerifyAsync(
            CertificateVerificationRequest request, CancellationToken cancellationToken) =>
            request.Bind(await policy.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private sealed class BothVerifier(CertificateVerifier first, CertificateVerifier second) : CertificateVerifier
    {
        public override string? PolicyId => Combine("and", first, second);

        public override async ValueTask<CertificateVerificationResult> VerifyAsync(
            CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            var result = request.Check(await first.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
            if (result.Identity is null)
                return result;
            var other = request.Check(await second.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
            return other.Identity is { Identity.Name: null } ? result : other;
        }
    }

    private sealed class EitherVerifier(CertificateVerifier first, CertificateVerifier second) : CertificateVerifier
    {
        public override string? PolicyId => Combine("or", first, second);

        public override async ValueTask<CertificateVerificationResult> VerifyAsync(
            CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            var result = request.Check(await first.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
            return result.Identity is not null ? result : request.Check(await second.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
        }
    }
}
