using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Cryptography;

/// <summary>Where ciphers, hashes, key derivation and randomness come from. Safe for use by several threads at once.</summary>
public abstract class CryptographyProvider
{
    /// <summary>The platform's cryptography, through .NET's own classes.</summary>
    public static CryptographyProvider Platform => PlatformProvider.Instance;

    /// <summary>The provider's name, for logs.</summary>
    public abstract string Name { get; }

    /// <summary>Whether <see cref="CreateAead"/> can make this cipher on this machine.</summary>
    /// <param name="algorithm">The cipher.</param>
    public abstract bool Supports(AeadAlgorithm algorithm);

    /// <summary>The suites whose cipher this machine supports, the one to prefer first.</summary>
    public abstract ImmutableArray<CipherSuite> CipherSuites { get; }

    /// <summary>The groups that <see cref="CreateKeyExchange"/> can make keys of, the one that costs least first.</summary>
    public abstract ImmutableArray<NamedGroup> Groups { get; }

    /// <summary>The schemes of handshake signatures that <see cref="TryImportVerificationKey(ReadOnlySpan{byte}, out VerificationKey?)"/> can verify, the one to prefer first.</summary>
    public abstract ImmutableArray<SignatureScheme> SignatureSchemes { get; }

    /// <summary>Fills a buffer with bytes that nobody can predict.</summary>
    /// <param name="destination">The buffer.</param>
    public abstract void FillRandom(Span<byte> destination);

    /// <summary>Prepares a cipher for many uses of one key, which is copied.</summary>
    /// <param name="algorithm">The cipher.</param>
    /// <param name="key">The key, of the cipher's length.</param>
    /// <exception cref="ArgumentException">The key's length is wrong.</exception>
    /// <exception cref="PlatformNotSupportedException">The cipher is not supported.</exception>
    public abstract Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key);

    /// <summary>Begins a hash.</summary>
    /// <param name="function">The hash function.</param>
    public abstract HashContext CreateHashContext(HashFunction function);

    /// <summary>HKDF-Extract (RFC 5869 section 2.2).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="salt">The salt; may be empty.</param>
    /// <param name="inputKeyingMaterial">The secret to extract from.</param>
    /// <param name="pseudorandomKey">Where the result goes: exactly the hash's length.</param>
    public abstract void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey);

    /// <summary>HKDF-Expand (RFC 5869 section 2.3).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="pseudorandomKey">The result of an extraction.</param>
    /// <param name="info">What the output is bound to; may be empty.</param>
    /// <param name="outputKeyingMaterial">Where the result goes: at most 255 times the hash's length.</param>
    public abstract void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial);

    /// <summary>HMAC (RFC 2104).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="key">The key.</param>
    /// <param name="data">What to authenticate.</param>
    /// <param name="mac">Where the result goes: exactly the hash's length.</param>
    public abstract void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <summary>Makes a fresh key pair for one key agreement.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    /// <exception cref="PlatformNotSupportedException">The group is not supported.</exception>
    public abstract KeyExchange CreateKeyExchange(NamedGroup group);

    /// <summary>Imports a public key to verify signatures with. Never throws for what a peer sent.</summary>
    /// <param name="subjectPublicKeyInfo">The key as a certificate holds it (RFC 5280 section 4.1.2.7), in DER.</param>
    /// <param name="key">The key; the caller owns it.</param>
    /// <returns>Whether the key is well-formed and signs by one of <see cref="SignatureSchemes"/>.</returns>
    public abstract bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key);

    /// <summary>Takes a certificate's public key to verify signatures with: for providers to which a key that is read already is cheaper. Never throws for what a peer sent.</summary>
    /// <param name="certificate">The certificate; the key outlives it.</param>
    /// <param name="key">The key; the caller owns it.</param>
    /// <returns>Whether the key signs by one of <see cref="SignatureSchemes"/>.</returns>
    public virtual bool TryImportVerificationKey(X509Certificate2 certificate, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return TryImportVerificationKey(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out key);
    }

    /// <summary>Imports a private key to sign with.</summary>
    /// <param name="privateKeyInfo">The key in PKCS #8 (RFC 5958), not encrypted, in DER; it is copied.</param>
    /// <param name="key">The key; the caller owns it.</param>
    /// <returns>Whether the key is well-formed and signs by one of <see cref="SignatureSchemes"/>.</returns>
    public abstract bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key);
}
