namespace SecureChannel.Handshakes;

/// <summary>
/// The proof of the peer's identity: the trust policy accepts the peer's certificate, and the peer holds the certificate's private key, or held it in an earlier
/// session that this one resumes. The constructors require values that only the checks of these facts can create.
/// </summary>
public sealed class IdentityProof
{
    private readonly VerifiedIdentity _verified;

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

    /// <summary>
    /// Creates a proof from a resumed session. Only the peer that proved the identity in the earlier session holds the pre-shared key from which the keys of this
    /// session are derived.
    /// </summary>
    /// <param name="resumed">The identity that the peer of the earlier session proved, and that the trust policy accepts again.</param>
    /// <param name="confirmed">The result of the check of the peer's Finished value, whose key was derived from the pre-shared key.</param>
    /// <exception cref="ArgumentException"><paramref name="confirmed"/> is the default value, which proves nothing.</exception>
    public IdentityProof(ResumedIdentity resumed, KeysConfirmed confirmed)
        : this(IdentityOf(resumed, confirmed))
    {
    }

    private IdentityProof(VerifiedIdentity verified)
    {
        verified.Remember();
        _verified = verified;
    }

    /// <summary>Gets the proven identity.</summary>
    public PeerIdentity Identity => _verified.Identity;

    /// <summary>Gets the end of the certificate's validity.</summary>
    internal DateTimeOffset NotAfter => new(_verified.Certificate.NotAfter, TimeSpan.Zero);

    /// <summary>Throws if the first certificate of a chain is not the proven one.</summary>
    internal void ThrowIfNotOf(IReadOnlyList<ReadOnlyMemory<byte>> chain, string parameter)
    {
        if (chain.Count == 0 || !chain[0].Span.SequenceEqual(_verified.Certificate.Encoded.Span))
            throw new ArgumentException("The first certificate is not the certificate of the proof. Pass the certificates that the peer sent.", parameter);
    }

    private static VerifiedIdentity RecipientOf(WrappedKey wrapped, KeysConfirmed confirmed)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ThrowIfUnproven(confirmed);
        return wrapped.Recipient;
    }

    private static VerifiedIdentity IdentityOf(ResumedIdentity resumed, KeysConfirmed confirmed)
    {
        ArgumentNullException.ThrowIfNull(resumed);
        ThrowIfUnproven(confirmed);
        return resumed.Verified;
    }

    private static void ThrowIfUnproven(KeysConfirmed confirmed)
    {
        if (!confirmed.IsProven)
            throw new ArgumentException("The keys were not confirmed. Create the value with KeysConfirmed.TryCheck.", nameof(confirmed));
    }
}
