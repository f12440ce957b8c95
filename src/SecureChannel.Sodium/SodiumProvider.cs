using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>
/// A provider that uses libsodium for AES-256-GCM, ChaCha20-Poly1305, X25519, ML-KEM-768, Ed25519 and random numbers, and <see cref="CryptographyProvider.Platform"/> for
/// the rest. Short records are faster than with the platform's cryptography. The gain is largest with AES-256-GCM, which this provider prefers if the machine
/// supports it. Long records with ChaCha20-Poly1305 can be slower. Thread-safe.
/// </summary>
public sealed class SodiumProvider : CryptographyProvider
{
    private static readonly Lazy<SodiumProvider> Shared = new(() => new SodiumProvider());

    private readonly bool _hasAes256Gcm;

    private SodiumProvider()
    {
        if (Native.Initialize() < 0)
            throw new PlatformNotSupportedException("libsodium cannot be initialized on this machine. Use CryptographyProvider.Platform.");

        _hasAes256Gcm = Native.Aes256GcmIsAvailable() == 1;

        // A suite whose cipher libsodium implements is preferred.
        CipherSuites = _hasAes256Gcm
            ? [CipherSuite.Aes256GcmSha384, .. Platform.CipherSuites.Where(suite => suite is not CipherSuite.Aes256GcmSha384)]
            : [CipherSuite.ChaCha20Poly1305Sha256, .. Platform.CipherSuites.Where(suite => suite is not CipherSuite.ChaCha20Poly1305Sha256)];
    }

    /// <summary>Gets the shared instance of the provider.</summary>
    /// <exception cref="DllNotFoundException">The package libsodium contains no native library for this platform.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium cannot be initialized.</exception>
    public static SodiumProvider Instance => Shared.Value;

    /// <inheritdoc/>
    public override string Name => "libsodium";

    /// <inheritdoc/>
    public override ImmutableArray<CipherSuite> CipherSuites { get; }

    /// <inheritdoc/>
    public override ImmutableArray<NamedGroup> Groups { get; } =
        [NamedGroup.X25519MLKem768, NamedGroup.X25519, .. Platform.Groups.Where(group => group is not (NamedGroup.X25519MLKem768 or NamedGroup.X25519))];

    /// <inheritdoc/>
    public override ImmutableArray<SignatureScheme> SignatureSchemes { get; } = [SignatureScheme.Ed25519, .. Platform.SignatureSchemes];

    /// <inheritdoc/>
    public override ImmutableArray<SignatureScheme> CertificateSignatureSchemes { get; } =
        [SignatureScheme.Ed25519, .. Platform.CertificateSignatureSchemes];

    /// <inheritdoc/>
    public override bool Supports(AeadAlgorithm algorithm) => IsNative(algorithm) || Platform.Supports(algorithm);

    /// <inheritdoc/>
    public override unsafe void FillRandom(Span<byte> destination)
    {
        fixed (byte* memory = destination)
            Native.FillRandom(memory, (nuint)destination.Length);
    }

    /// <inheritdoc/>
    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        if (!IsNative(algorithm))
            return Platform.CreateAead(algorithm, key);

        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, algorithm.KeyLength);
        return algorithm is AeadAlgorithm.Aes256Gcm ? new SodiumAes256Gcm(key) : new SodiumChaCha20Poly1305(key);
    }

    /// <inheritdoc/>
    public override HashContext CreateHashContext(HashFunction function) => Platform.CreateHashContext(function);

    /// <inheritdoc/>
    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey) =>
        Platform.HkdfExtract(function, salt, inputKeyingMaterial, pseudorandomKey);

    /// <inheritdoc/>
    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        Platform.HkdfExpand(function, pseudorandomKey, info, outputKeyingMaterial);

    /// <inheritdoc/>
    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) =>
        Platform.Hmac(function, key, data, mac);

    /// <inheritdoc/>
    public override KeyExchange CreateKeyExchange(NamedGroup group) => group switch
    {
        NamedGroup.X25519MLKem768 => new SodiumHybrid(),
        NamedGroup.X25519 => new SodiumX25519(),
        _ => Platform.CreateKeyExchange(group),
    };

    /// <inheritdoc/>
    public override bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result) => group switch
    {
        NamedGroup.X25519MLKem768 => SodiumHybrid.TryEncapsulate(peerShare, out result),
        NamedGroup.X25519 => SodiumX25519.TryEncapsulate(peerShare, out result),
        _ => Platform.TryEncapsulate(group, peerShare, out result),
    };

    /// <inheritdoc/>
    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key)
    {
        if (!EncodedKey.TryReadPublic(subjectPublicKeyInfo, out var info) || info.Algorithm != EncodedKey.Ed25519)
            return Platform.TryImportVerificationKey(subjectPublicKeyInfo, out key);

        key = info.Key.Length == Ed25519.PublicKeyLength ? new SodiumEd25519VerificationKey(info.Key) : null;
        return key is not null;
    }

    /// <inheritdoc/>
    public override bool TryImportVerificationKey(X509Certificate2 certificate, [NotNullWhen(true)] out VerificationKey? key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.PublicKey.Oid.Value == EncodedKey.Ed25519
            ? base.TryImportVerificationKey(certificate, out key)
            : Platform.TryImportVerificationKey(certificate, out key);
    }

    /// <inheritdoc/>
    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key)
    {
        if (!EncodedKey.TryReadPrivate(privateKeyInfo, out var info) || info.Algorithm != EncodedKey.Ed25519)
            return Platform.TryImportSigningKey(privateKeyInfo, out key);

        key = info.TryGetEd25519Seed(out var seed) ? new SodiumEd25519SigningKey(seed) : null;
        return key is not null;
    }

    // libsodium supports AES-256-GCM only on processors with AES instructions, and does not support AES-128-GCM.
    private bool IsNative(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes256Gcm => _hasAes256Gcm,
        AeadAlgorithm.ChaCha20Poly1305 => true,
        _ => false,
    };
}
