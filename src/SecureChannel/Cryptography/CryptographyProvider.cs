using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Cryptography;

/// <summary>A provider of ciphers, hash functions, key derivation, key exchange, signatures and random numbers. Thread-safe.</summary>
public abstract class CryptographyProvider
{
    /// <summary>Gets the provider that uses the platform's cryptography through the classes of .NET.</summary>
    public static CryptographyProvider Platform => PlatformProvider.Instance;

    /// <summary>Gets the name of the provider, which appears in error messages.</summary>
    public abstract string Name { get; }

    /// <summary>Returns a value that indicates whether <see cref="CreateAead"/> supports a cipher on this machine.</summary>
    /// <param name="algorithm">The cipher.</param>
    /// <returns>True if the cipher is supported; otherwise, false.</returns>
    public abstract bool Supports(AeadAlgorithm algorithm);

    /// <summary>Gets the cipher suites that the provider supports on this machine, best first.</summary>
    public abstract ImmutableArray<CipherSuite> CipherSuites { get; }

    /// <summary>Gets the groups of the key exchange that the provider supports on this machine, best first.</summary>
    public abstract ImmutableArray<NamedGroup> Groups { get; }

    /// <summary>Gets the signature schemes with which the provider can verify handshake signatures, best first.</summary>
    public abstract ImmutableArray<SignatureScheme> SignatureSchemes { get; }

    /// <summary>
    /// Gets the signature schemes of certificates that the provider can verify, best first, to be offered to peers (RFC 9846 section 4.3.3). They may include
    /// schemes that are not allowed in handshakes. Default: <see cref="SignatureSchemes"/>.
    /// </summary>
    public virtual ImmutableArray<SignatureScheme> CertificateSignatureSchemes => SignatureSchemes;

    /// <summary>Fills a buffer with cryptographically strong random bytes.</summary>
    /// <param name="destination">The buffer to fill.</param>
    public abstract void FillRandom(Span<byte> destination);

    /// <summary>Creates a cipher from a key, which is copied and prepared once for many uses.</summary>
    /// <param name="algorithm">The cipher.</param>
    /// <param name="key">The key, whose length must be that of the cipher.</param>
    /// <exception cref="ArgumentException">The key does not have the required length.</exception>
    /// <exception cref="PlatformNotSupportedException">The cipher is not supported.</exception>
    public abstract Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key);

    /// <summary>Creates a context that hashes data incrementally.</summary>
    /// <param name="function">The hash function.</param>
    public abstract HashContext CreateHashContext(HashFunction function);

    /// <summary>Computes HKDF-Extract (RFC 5869 section 2.2).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="salt">The salt, which may be empty.</param>
    /// <param name="inputKeyingMaterial">The input keying material.</param>
    /// <param name="pseudorandomKey">The output buffer, exactly as long as the hash.</param>
    public abstract void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey);

    /// <summary>Computes HKDF-Expand (RFC 5869 section 2.3).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="pseudorandomKey">The pseudorandom key, as HKDF-Extract returns it.</param>
    /// <param name="info">The context that the output is bound to, which may be empty.</param>
    /// <param name="outputKeyingMaterial">The output buffer: at most 255 times the length of the hash.</param>
    public abstract void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial);

    /// <summary>Computes an HMAC (RFC 2104).</summary>
    /// <param name="function">The hash function.</param>
    /// <param name="key">The key.</param>
    /// <param name="data">The data to authenticate.</param>
    /// <param name="mac">The output buffer, exactly as long as the hash.</param>
    public abstract void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <summary>Creates the client's side of one key exchange, with a new private key.</summary>
    /// <param name="group">The group: one of <see cref="Groups"/>.</param>
    /// <exception cref="PlatformNotSupportedException">The group is not supported.</exception>
    public abstract KeyExchange CreateKeyExchange(NamedGroup group);

    /// <summary>
    /// Tries to perform the server's side of one key exchange: computes a shared secret for the client's share, and the share from which the client computes the
    /// same secret. Private keys exist only during the call. Invalid shares are reported by the result, never by an exception.
    /// </summary>
    /// <param name="group">The group: one of <see cref="Groups"/>.</param>
    /// <param name="peerShare">The key share of the client in its wire format.</param>
    /// <param name="result">The shared secret and the share for the client, or null if the client's share is invalid.</param>
    /// <returns>
    /// True if the client's share has the length and the format of the group (see <see cref="NamedGroups"/>), its point is on the curve, and its encapsulation
    /// key is valid (FIPS 203 section 7.2); otherwise, false.
    /// </returns>
    /// <exception cref="PlatformNotSupportedException">The group is not supported.</exception>
    public abstract bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result);

    /// <summary>Tries to import a public key that verifies signatures. Malformed keys are reported by the result, never by an exception.</summary>
    /// <param name="subjectPublicKeyInfo">The SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1.2.7), in DER.</param>
    /// <param name="key">The key, which the caller owns, or null if it cannot be imported.</param>
    /// <returns>True if the key is well-formed and supports one of <see cref="SignatureSchemes"/>; otherwise, false.</returns>
    public abstract bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key);

    /// <summary>
    /// Tries to import the public key of a certificate. Override this method if the provider can use the key object of the certificate without exporting
    /// the key. Malformed keys are reported by the result, never by an exception.
    /// </summary>
    /// <param name="certificate">The certificate. The key outlives it.</param>
    /// <param name="key">The key, which the caller owns, or null if it cannot be imported.</param>
    /// <returns>True if the key is well-formed and supports one of <see cref="SignatureSchemes"/>; otherwise, false.</returns>
    public virtual bool TryImportVerificationKey(X509Certificate2 certificate, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return TryImportVerificationKey(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out key);
    }

    /// <summary>Tries to import a private key that signs.</summary>
    /// <param name="privateKeyInfo">The unencrypted PKCS #8 key (RFC 5958), in DER. It is copied.</param>
    /// <param name="key">The key, which the caller owns, or null if it cannot be imported.</param>
    /// <returns>True if the key is well-formed and supports one of <see cref="SignatureSchemes"/>; otherwise, false.</returns>
    public abstract bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key);
}
