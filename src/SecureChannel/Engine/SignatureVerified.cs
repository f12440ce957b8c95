using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// That the peer holds the private key of its certificate: only the check of its signature over the handshake makes one (RFC 9846 section 4.5.2). The default
/// value proves nothing and is refused wherever a proof is asked for.
/// </summary>
public readonly struct SignatureVerified
{
    private SignatureVerified(VerifiedIdentity chain) => Identity = chain;

    internal VerifiedIdentity? Identity { get; }

    /// <summary>Verifies the peer's signature by the key of its certificate, which is imported once for a certificate.</summary>
    /// <param name="cryptography">What verifies.</param>
    /// <param name="chain">The peer's chain.</param>
    /// <param name="scheme">How the peer signed; that it was offered is the caller's to check.</param>
    /// <param name="content">What the peer must have signed.</param>
    /// <param name="signature">What came.</param>
    /// <param name="verified">The proof.</param>
    /// <param name="error">Why there is none.</param>
    /// <returns>Whether the signature is right.</returns>
    public static bool TryCheck(
        CryptographyProvider cryptography,
        VerifiedIdentity chain,
        SignatureScheme scheme,
        ReadOnlySpan<byte> content,
        ReadOnlySpan<byte> signature,
        out SignatureVerified verified,
        [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(chain);
        verified = default;
        if (!chain.TryGetVerificationKey(cryptography, out var key))
            error = new(SessionErrorKind.Incompatible, AlertDescription.UnsupportedCertificate, $"The key of {CertificateText.Of(chain.Leaf)} is of a kind that {cryptography.Name} cannot verify with.");
        else if (!key.Schemes.Contains(scheme))
            // RFC 9846 section 4.5.2: the algorithm "MUST be compatible with the key in the sender's end-entity certificate".
            error = new(SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter, $"The peer signed by {scheme.Name}, which does not fit the key of its certificate.");
        else if (!key.Verify(scheme, content, signature))
            // RFC 9846 section 4.5.2: "If the verification fails, the receiver MUST terminate the handshake with a "decrypt_error" alert."
            error = new(SessionErrorKind.ProtocolViolation, AlertDescription.DecryptError, "The peer's signature is wrong: it does not hold its certificate's key, or messages were altered.");
        else
            error = null;
        if (error is null)
            verified = new SignatureVerified(chain);
        return error is null;
    }
}
