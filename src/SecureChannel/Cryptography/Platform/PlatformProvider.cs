using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Cryptography;

/// <summary>The provider that uses the platform's cryptography through the classes of .NET.</summary>
internal sealed class PlatformProvider : CryptographyProvider
{
    public static readonly PlatformProvider Instance = new();

    private PlatformProvider()
    {
        CipherSuite[] known = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256];
        CipherSuites = [.. known.Where(suite => Supports(suite.Aead))];
        CertificateSignatureSchemes =
            [.. SignatureSchemes, SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512];
    }

    public override string Name => ".NET";

    public override ImmutableArray<CipherSuite> CipherSuites { get; }

    public override ImmutableArray<NamedGroup> Groups { get; } = [NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.Secp521r1];

    public override ImmutableArray<SignatureScheme> SignatureSchemes { get; } =
    [
        SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPssPssSha256, SignatureScheme.RsaPssPssSha384, SignatureScheme.RsaPssPssSha512,
    ];

    public override ImmutableArray<SignatureScheme> CertificateSignatureSchemes { get; }

    public override bool Supports(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => AesGcm.IsSupported,
        AeadAlgorithm.ChaCha20Poly1305 => ChaCha20Poly1305.IsSupported,
        _ => false,
    };

    public override void FillRandom(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, algorithm.KeyLength);
        return algorithm is AeadAlgorithm.ChaCha20Poly1305 ? new PlatformChaCha20Poly1305(key) : new PlatformAesGcm(key);
    }

    public override HashContext CreateHashContext(HashFunction function) => new PlatformHashContext(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pseudorandomKey.Length, function.Length);
        HKDF.Extract(NameOf(function), inputKeyingMaterial, salt, pseudorandomKey);
    }

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        HKDF.Expand(NameOf(function), pseudorandomKey, outputKeyingMaterial, info);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac.Length, function.Length);
        CryptographicOperations.HmacData(NameOf(function), key, data, mac);
    }

    public override KeyExchange CreateKeyExchange(NamedGroup group)
    {
        ThrowIfUnsupported(group);
        return new PlatformKeyExchange(group);
    }

    public override bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result)
    {
        ThrowIfUnsupported(group);
        using var exchange = new PlatformKeyExchange(group);
        result = exchange.TryDecapsulate(peerShare, out var secret) ? new EncapsulatedSecret(exchange.PublicKey, secret) : null;
        return result is not null;
    }

    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        try
        {
            if (!EncodedKey.TryReadPublic(subjectPublicKeyInfo, out var info))
                return false;
            if (info.EcdsaSchemes() is { IsEmpty: false } ecdsa)
                key = ImportEcdsa(subjectPublicKeyInfo, ecdsa);
            else if (info.RsaSchemes() is { IsEmpty: false } schemes)
                key = ImportRsa(info.Key, schemes);
            return key is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    public override bool TryImportVerificationKey(X509Certificate2 certificate, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var info))
            return false;
        try
        {
            // The certificate already contains the imported key, and importing a point again costs as much as verifying a signature.
            if (info.Algorithm == EncodedKey.EcPublicKey && info.EcdsaSchemes() is { IsEmpty: false } schemes && certificate.GetECDsaPublicKey() is { } ecdsa)
                key = new PlatformEcdsaVerificationKey(ecdsa, schemes);
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }

        return key is not null || base.TryImportVerificationKey(certificate, out key);
    }

    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key)
    {
        key = null;
        try
        {
            if (!EncodedKey.TryReadPrivate(privateKeyInfo, out var info))
                return false;
            if (info.Algorithm == EncodedKey.EcPublicKey)
            {
                var ecdsa = ECDsa.Create();
                ecdsa.ImportPkcs8PrivateKey(privateKeyInfo, out _);
                key = FromEcdsa(ecdsa);
            }
            else if (info.RsaSchemes() is { IsEmpty: false } schemes)
            {
                // The platform's import of PKCS #8 keys supports rsaEncryption only.
                var rsa = RSA.Create();
                rsa.ImportRSAPrivateKey(info.Key, out _);
                key = new PlatformRsaSigningKey(rsa, schemes);
            }

            return key is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Creates a signing key that owns an <see cref="ECDsa"/> key. Returns null if TLS does not define the curve of the key.</summary>
    public static SigningKey? FromEcdsa(ECDsa key) =>
        PlatformSignatures.SchemesOf(key) is { IsEmpty: false } schemes ? new PlatformEcdsaSigningKey(key, schemes) : null;

    private void ThrowIfUnsupported(NamedGroup group)
    {
        if (!Groups.Contains(group))
        {
            throw new PlatformNotSupportedException(
                $"{Name} does not support the group '{group.Name}'. Use one of its groups: {string.Join(", ", Groups.Select(known => known.Name))}.");
        }
    }

    private static PlatformEcdsaVerificationKey ImportEcdsa(ReadOnlySpan<byte> subjectPublicKeyInfo, ImmutableArray<SignatureScheme> schemes)
    {
        // On Linux, ECDsa.Create returns a wrapper that copies the arguments of each call.
        var ecdsa = OperatingSystem.IsLinux() ? new ECDsaOpenSsl() : ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        return new PlatformEcdsaVerificationKey(ecdsa, schemes);
    }

    private static PlatformRsaVerificationKey ImportRsa(ReadOnlySpan<byte> publicKey, ImmutableArray<SignatureScheme> schemes)
    {
        // The platform's import of SubjectPublicKeyInfo supports rsaEncryption only.
        var rsa = RSA.Create();
        rsa.ImportRSAPublicKey(publicKey, out _);
        return new PlatformRsaVerificationKey(rsa, schemes);
    }

    public static HashAlgorithmName NameOf(HashFunction function) => function switch
    {
        HashFunction.Sha256 => HashAlgorithmName.SHA256,
        HashFunction.Sha384 => HashAlgorithmName.SHA384,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "The hash function is not defined. Use a member of HashFunction."),
    };
}
