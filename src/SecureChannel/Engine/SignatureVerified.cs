using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// A proof that the peer holds the private key of its certificate. Only the check of the peer's signature over the handshake creates one (RFC 9846 section
/// 4.5.2). The default value proves nothing and is rejected.
/// </summary>
public readonly struct SignatureVerified
{
    private SignatureVerified(VerifiedIdentity chain) => Identity = chain;

    internal VerifiedIdentity? Identity { get; }

    /// <summary>Verifies the peer's signature with the key of its certificate. The key is imported once for each certificate.</summary>
    /// <param name="cryptography">The cryptography provider.</param>
    /// <param name="chain">The verified identity of the peer.</param>
    /// <param name="scheme">The signature scheme of the peer. The caller must check that it was offered.</param>
    /// <param name="content">The content that the peer must have signed.</param>
    /// <param name="signature">The signature that the peer sent.</param>
    /// <param name="verified">The proof if the signature is valid.</param>
    /// <param name="error">The error if the signature is not valid.</param>
    /// <returns>True if the signature is valid; otherwise, false.</returns>
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
            error = new(
                SessionErrorKind.Incompatible, AlertDescription.UnsupportedCertificate,
                $"{cryptography.Name} does not support the key of {CertificateText.Of(chain.Leaf)}.");
        else if (!key.Schemes.Contains(scheme))
            // RFC 9846 section 4.5.2: the algorithm "MUST be compatible with the key in the sender's end-entity certificate".
            error = new(
                SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter,
                $"The peer signed with {scheme.Name}, which its certificate's key does not support.");
        else if (!key.Verify(scheme, content, signature))
            // RFC 9846 section 4.5.2: "If the verification fails, the receiver MUST terminate the handshake with a "decrypt_error" alert."
            error = new(
                SessionErrorKind.ProtocolViolation, AlertDescription.DecryptError,
                "The signature of the peer is invalid. The peer does not hold the key of its certificate, or messages were altered.");
        else
            error = null;
        if (error is null)
            verified = new SignatureVerified(chain);
        return error is null;
    }
}
