using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// The proof that the peer signed the handshake with the private key of its certificate (RFC 9846 section 4.5.2). Only <see cref="TryCheck"/> creates it. The
/// default value proves nothing.
/// </summary>
public readonly struct SignatureVerified
{
    private SignatureVerified(VerifiedIdentity identity) => Identity = identity;

    /// <summary>Gets the identity that signed, or null for the default value.</summary>
    internal VerifiedIdentity? Identity { get; }

    /// <summary>Tries to verify the peer's signature with the public key of its certificate.</summary>
    /// <param name="cryptography">The provider that verifies the signature.</param>
    /// <param name="identity">The verified identity of the peer.</param>
    /// <param name="scheme">The signature scheme that the peer used. The caller must check that it was offered.</param>
    /// <param name="content">The content that the peer must have signed.</param>
    /// <param name="signature">The signature that was received.</param>
    /// <param name="verified">The proof, or the default value if the signature is invalid.</param>
    /// <param name="error">The reason for the failure, or null if the signature is valid.</param>
    /// <returns>True if the signature is valid; otherwise, false.</returns>
    public static bool TryCheck(
        CryptographyProvider cryptography,
        VerifiedIdentity identity,
        SignatureScheme scheme,
        ReadOnlySpan<byte> content,
        ReadOnlySpan<byte> signature,
        out SignatureVerified verified,
        [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(identity);
        error = Check(cryptography, identity, scheme, content, signature);
        verified = error is null ? new SignatureVerified(identity) : default;
        return error is null;
    }

    private static SessionError? Check(
        CryptographyProvider cryptography,
        VerifiedIdentity identity,
        SignatureScheme scheme,
        ReadOnlySpan<byte> content,
        ReadOnlySpan<byte> signature)
    {
        // RFC 9846 section 4.5.1.2: "the digitalSignature bit MUST be set if the Key Usage extension is present". A verifier of the application may not check it.
        var certificate = identity.Certificate;
        if (certificate.Extensions.KeyUsages is { } usages && !usages.HasFlag(KeyUsages.DigitalSignature))
            return PathError.Create(new PathFailure(PathFault.CannotSign, certificate), 0, identity.Purpose, default);

        if (!identity.TryGetVerificationKey(cryptography, out var key))
        {
            return new(SessionErrorKind.Incompatible, SessionErrorCode.NoCommonSignatureScheme, AlertDescription.UnsupportedCertificate,
                $"{CertificateText.Of(identity.Identity.Certificate!)} has a key type that {cryptography.Name} does not support. "
                + "Use another provider, or a certificate of the peer with another key type.");
        }

        // RFC 9846 section 4.5.2: the algorithm "MUST be compatible with the key in the sender's end-entity certificate".
        if (!key.Schemes.Contains(scheme))
        {
            return new(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
                $"The peer signed with {scheme.Name}, which its certificate's key does not support.");
        }

        // RFC 9846 section 4.5.2: "If the verification fails, the receiver MUST terminate the handshake with a "decrypt_error" alert."
        return key.Verify(scheme, content, signature)
            ? null
            : new(SessionErrorKind.ProtocolViolation, SessionErrorCode.BadSignature, AlertDescription.DecryptError,
                "The peer's signature is invalid: the peer does not hold the private key of its certificate, or a handshake message was modified in transit.");
    }
}
