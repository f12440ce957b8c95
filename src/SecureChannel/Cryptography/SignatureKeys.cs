using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Cryptography;

/// <summary>A public key that verifies signatures, imported once. Safe for use by several threads at once.</summary>
public abstract class VerificationKey : IDisposable
{
    /// <summary>The schemes that a key of this kind signs by (RFC 9846 section 4.3.3), best first.</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Verifies a signature. Never throws for what a peer sent.</summary>
    /// <param name="scheme">How it was made.</param>
    /// <param name="content">What was signed.</param>
    /// <param name="signature">The signature as it came over the wire; ECDSA's in DER.</param>
    /// <returns>Whether it is this key's signature of the content. False for a scheme that is not one of <see cref="Schemes"/>.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        Schemes.Contains(scheme) && VerifyCore(scheme, content, signature);

    /// <summary>Frees the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Verifies; the scheme is the key's.</summary>
    /// <param name="scheme">How the signature was made.</param>
    /// <param name="content">What was signed.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>Whether it is right.</returns>
    protected abstract bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);

    /// <summary>Frees the key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A private key that signs, in this process's memory. Safe for use by several threads at once. <see cref="Dispose()"/> lets go of it.</summary>
public abstract class SigningKey : IDisposable
{
    /// <summary>The schemes that this key signs by (RFC 9846 section 4.3.3), best first.</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Signs.</summary>
    /// <param name="scheme">How; one of <see cref="Schemes"/>.</param>
    /// <param name="content">What to sign.</param>
    /// <returns>The signature as it goes over the wire; ECDSA's in DER.</returns>
    /// <exception cref="ArgumentException">The scheme is not the key's.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> content) => Schemes.Contains(scheme)
        ? SignCore(scheme, content)
        : throw new ArgumentException($"This key does not sign by {scheme.Name}, only by {string.Join(", ", Schemes.Select(known => known.Name))}.", nameof(scheme));

    /// <summary>The private key of a certificate, by the platform's cryptography.</summary>
    /// <param name="certificate">The certificate with its private key.</param>
    /// <returns>The key; null if the certificate has none, or one of a kind that the platform does not sign with.</returns>
    public static SigningKey? FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var info))
            return null;
        if (certificate.GetECDsaPrivateKey() is { } ecdsa)
            return PlatformProvider.FromEcdsa(ecdsa);
        return certificate.GetRSAPrivateKey() is { } rsa ? new PlatformRsaSigningKey(rsa, info.RsaSchemes()) : null;
    }

    /// <summary>Lets go of the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The schemes, never the key.</summary>
    public sealed override string ToString() => $"{nameof(SigningKey)} for {string.Join(", ", Schemes.Select(scheme => scheme.Name))}";

    /// <summary>Signs; the scheme is the key's.</summary>
    /// <param name="scheme">How.</param>
    /// <param name="content">What to sign.</param>
    /// <returns>The signature.</returns>
    protected abstract byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> content);

    /// <summary>Lets go of the key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
