namespace SecureChannel.Handshakes;

/// <summary>
/// The proof of the peer's identity: the trust policy accepts the peer's certificate, and the peer holds the certificate's private key. The constructors
/// require values that only the checks of these two facts can create.
/// </summary>
public sealed class IdentityProof
{
    /// <summary>Creates a proof from the peer's signature over the handshake (RFC 9846 section 4.5.2).</summary>
    /// <param name="verified">The result of the signature check.</param>
    /// <exception cref="ArgumentException"><paramref name="verified"/> is the default value, which proves nothing.</exception>
    public IdentityProof(SignatureVerified verified)
        : this(verified.Identity
            ?? throw new ArgumentException("The signature was not verified. Create the value with SignatureVerified.TryCheck.", nameof(verified)))
    {
    }

    /// <summary>
    /// Creates a proof from a wrapped key. Only the holder of the certificate's private key can unwrap that key and confirm the keys that are derived from it.
    /// </summary>
    /// <param name="wrapped">The key that was wrapped for the peer.</param>
    /// <param name="confirmed">The result of the check of the peer's Finished value, whose key was derived from the wrapped key.</param>
    /// <exception cref="ArgumentException"><paramref name="confirmed"/> is the default value, which proves nothing.</exception>
    public IdentityProof(WrappedKey wrapped, KeysConfirmed confirmed)
        : this(RecipientOf(wrapped, confirmed))
    {
    }

    private IdentityProof(VerifiedIdentity verified)
    {
        verified.Remember();
        Identity = verified.Identity;
    }

    /// <summary>Gets the proven identity.</summary>
    public PeerIdentity Identity { get; }

    private static VerifiedIdentity RecipientOf(WrappedKey wrapped, KeysConfirmed confirmed)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        return confirmed.IsProven
            ? wrapped.Recipient
            : throw new ArgumentException("The keys were not confirmed. Create the value with KeysConfirmed.TryCheck.", nameof(confirmed));
    }
}
