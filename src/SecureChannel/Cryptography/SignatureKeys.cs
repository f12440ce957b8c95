using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Cryptography;

/// <summary>A public key that verifies signatures. Thread-safe.</summary>
public abstract class VerificationKey : IDisposable
{
    /// <summary>Gets the signature schemes that the key supports, best first (RFC 9846 section 4.3.3).</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Verifies a signature. Malformed signatures are reported by the result, never by an exception.</summary>
    /// <param name="scheme">The signature scheme.</param>
    /// <param name="content">The content that was signed.</param>
    /// <param name="signature">The signature in its wire format; for ECDSA, in DER.</param>
    /// <returns>True if the signature is valid and the scheme is one of <see cref="Schemes"/>; otherwise, false.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        Schemes.Contains(scheme) && VerifyCore(scheme, content, signature);

    /// <summary>
    /// Verifies the signature of a certificate or of revocation data. Malformed signatures are reported by the result, never by an exception. Override this
    /// method if the key supports algorithms without a scheme in <see cref="Schemes"/>, such as RSASSA-PKCS1-v1_5 or ECDSA on P-384 with SHA-256.
    /// </summary>
    /// <param name="algorithm">The algorithm of the signature.</param>
    /// <param name="content">The content that was signed.</param>
    /// <param name="signature">The signature; for ECDSA, in DER.</param>
    /// <returns>True if the signature is valid and the key supports the algorithm; otherwise, false.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public virtual bool VerifyCertificate(CertificateSignatureAlgorithm algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => algorithm switch
    {
        CertificateSignatureAlgorithm.RsaPssSha256 =>
            Verify(SignatureScheme.RsaPssRsaeSha256, content, signature) || Verify(SignatureScheme.RsaPssPssSha256, content, signature),
        CertificateSignatureAlgorithm.RsaPssSha384 =>
            Verify(SignatureScheme.RsaPssRsaeSha384, content, signature) || Verify(SignatureScheme.RsaPssPssSha384, content, signature),
        CertificateSignatureAlgorithm.RsaPssSha512 =>
            Verify(SignatureScheme.RsaPssRsaeSha512, content, signature) || Verify(SignatureScheme.RsaPssPssSha512, content, signature),
        CertificateSignatureAlgorithm.EcdsaSha256 => Verify(SignatureScheme.EcdsaSecp256r1Sha256, content, signature),
        CertificateSignatureAlgorithm.EcdsaSha384 => Verify(SignatureScheme.EcdsaSecp384r1Sha384, content, signature),
        CertificateSignatureAlgorithm.EcdsaSha512 => Verify(SignatureScheme.EcdsaSecp521r1Sha512, content, signature),
        CertificateSignatureAlgorithm.Ed25519 => Verify(SignatureScheme.Ed25519, content, signature),
        _ => false,
    };

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Verifies a signature. The caller has checked that the key supports the scheme.</summary>
    /// <param name="scheme">The signature scheme.</param>
    /// <param name="content">The content that was signed.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>True if the signature is valid; otherwise, false.</returns>
    protected abstract bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);

    /// <summary>Releases the key.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A private key that signs and is in the memory of this process. Thread-safe.</summary>
public abstract class SigningKey : IDisposable
{
    /// <summary>Gets the signature schemes that the key supports, best first (RFC 9846 section 4.3.3).</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Signs content.</summary>
    /// <param name="scheme">The signature scheme: one of <see cref="Schemes"/>.</param>
    /// <param name="content">The content to sign.</param>
    /// <returns>The signature in its wire format; for ECDSA, in DER.</returns>
    /// <exception cref="ArgumentException">The key does not support the scheme.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> content) => Schemes.Contains(scheme)
        ? SignCore(scheme, content)
        : throw new ArgumentException(
            $"The key does not support the scheme '{scheme.Name}'. Use one of its schemes: {string.Join(", ", Schemes.Select(known => known.Name))}.",
            nameof(scheme));

    /// <summary>Creates a signing key from the private key of a certificate. The signing key uses the platform's cryptography.</summary>
    /// <param name="certificate">The certificate with its private key.</param>
    /// <returns>The key, or null if the certificate has no private key or the platform cannot sign with keys of this type.</returns>
    public static SigningKey? FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var info))
            return null;
        if (certificate.GetECDsaPrivateKey() is { } ecdsa)
            return PlatformProvider.FromEcdsa(ecdsa);
        return certificate.GetRSAPrivateKey() is { } rsa ? new PlatformRsaSigningKey(rsa, info.RsaSchemes()) : null;
    }

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns a description that lists the signature schemes and contains no key.</summary>
    public sealed override string ToString() => $"{nameof(SigningKey)} for {string.Join(", ", Schemes.Select(scheme => scheme.Name))}";

    /// <summary>Signs content. The caller has checked that the key supports the scheme.</summary>
    /// <param name="scheme">The signature scheme.</param>
    /// <param name="content">The content to sign.</param>
    /// <returns>The signature.</returns>
    protected abstract byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> content);

    /// <summary>Releases the key.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
