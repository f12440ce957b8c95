namespace SecureChannel.Handshakes;

/// <summary>
/// That the peer is who its certificate names: the chain leads to a trusted authority, and the peer showed that it holds the certificate's key. Both facts are
/// values that only their checks can make.
/// </summary>
public sealed class IdentityProof
{
    /// <summary>A proof by a key that only the certificate's holder could have unwrapped: the peer confirmed what it is used in.</summary>
    /// <param name="chain">The peer's chain.</param>
    /// <param name="confirmed">The check of the peer's Finished value.</param>
    /// <exception cref="ArgumentException"><paramref name="confirmed"/> is the default value, which proves nothing.</exception>
    public IdentityProof(VerifiedIdentity chain, KeysConfirmed confirmed)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (!confirmed.IsProven)
            throw new ArgumentException("The keys were not confirmed: make the value with KeysConfirmed.TryCheck.", nameof(confirmed));
        Chain = chain;
        chain.Remember();
    }

    /// <summary>A proof by a signature over the handshake (RFC 9846 section 4.5.2).</summary>
    /// <param name="verified">The check of the peer's signature.</param>
    /// <exception cref="ArgumentException"><paramref name="verified"/> is the default value, which proves nothing.</exception>
    public IdentityProof(SignatureVerified verified)
    {
        Chain = verified.Identity
            ?? throw new ArgumentException("The signature was not verified: make the value with SignatureVerified.TryCheck.", nameof(verified));
        Chain.Remember();
    }

    /// <summary>The peer's chain.</summary>
    public VerifiedIdentity Chain { get; }
}
