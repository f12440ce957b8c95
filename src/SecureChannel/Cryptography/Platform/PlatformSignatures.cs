using System.Collections.Immutable;
using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>The mappings from curves to signature schemes and from signature schemes to hash functions.</summary>
internal static class PlatformSignatures
{
    /// <summary>Returns the signature scheme of a key's curve (RFC 9846 section 4.3.3), or an empty array if TLS does not define the curve.</summary>
    public static ImmutableArray<SignatureScheme> SchemesOf(ECDsa key) => key.ExportParameters(false).Curve.Oid?.Value switch
    {
        "1.2.840.10045.3.1.7" => [SignatureScheme.EcdsaSecp256r1Sha256],
        "1.3.132.0.34" => [SignatureScheme.EcdsaSecp384r1Sha384],
        "1.3.132.0.35" => [SignatureScheme.EcdsaSecp521r1Sha512],
        _ => [],
    };

    public static HashAlgorithmName HashOf(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssPssSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssPssSha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    public static HashAlgorithmName HashOf(CertificateSignatureAlgorithm algorithm) => algorithm switch
    {
        CertificateSignatureAlgorithm.RsaPkcs1Sha256 or CertificateSignatureAlgorithm.RsaPssSha256 or CertificateSignatureAlgorithm.EcdsaSha256 =>
            HashAlgorithmName.SHA256,
        CertificateSignatureAlgorithm.RsaPkcs1Sha384 or CertificateSignatureAlgorithm.RsaPssSha384 or CertificateSignatureAlgorithm.EcdsaSha384 =>
            HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}

/// <summary>An ECDSA public key that uses <see cref="ECDsa"/>.</summary>
internal sealed class PlatformEcdsaVerificationKey(ECDsa key, ImmutableArray<SignatureScheme> schemes) : VerificationKey
{
    public override ImmutableArray<SignatureScheme> Schemes { get; } = schemes;

    public override bool VerifyCertificate(CertificateSignatureAlgorithm algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        algorithm is CertificateSignatureAlgorithm.EcdsaSha256 or CertificateSignatureAlgorithm.EcdsaSha384 or CertificateSignatureAlgorithm.EcdsaSha512
        && Verify(content, signature, PlatformSignatures.HashOf(algorithm));

    protected override bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        Verify(content, signature, PlatformSignatures.HashOf(scheme));

    private bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        try
        {
            return key.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    protected override void Dispose(bool disposing) => key.Dispose();
}

/// <summary>An RSA public key that uses <see cref="RSA"/>: RSASSA-PSS with a salt as long as the hash (RFC 9846 section 4.3.3).</summary>
internal sealed class PlatformRsaVerificationKey(RSA key, ImmutableArray<SignatureScheme> schemes) : VerificationKey
{
    public override ImmutableArray<SignatureScheme> Schemes { get; } = schemes;

    public override bool VerifyCertificate(CertificateSignatureAlgorithm algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => algorithm switch
    {
        CertificateSignatureAlgorithm.RsaPkcs1Sha256 or CertificateSignatureAlgorithm.RsaPkcs1Sha384 or CertificateSignatureAlgorithm.RsaPkcs1Sha512 =>
            Verify(content, signature, PlatformSignatures.HashOf(algorithm), RSASignaturePadding.Pkcs1),
        CertificateSignatureAlgorithm.RsaPssSha256 or CertificateSignatureAlgorithm.RsaPssSha384 or CertificateSignatureAlgorithm.RsaPssSha512 =>
            Verify(content, signature, PlatformSignatures.HashOf(algorithm), RSASignaturePadding.Pss),
        _ => false,
    };

    protected override bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        Verify(content, signature, PlatformSignatures.HashOf(scheme), RSASignaturePadding.Pss);

    private bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        try
        {
            return key.VerifyData(content, signature, hash, padding);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    protected override void Dispose(bool disposing) => key.Dispose();
}

/// <summary>An ECDSA private key that uses <see cref="ECDsa"/>.</summary>
internal sealed class PlatformEcdsaSigningKey(ECDsa key, ImmutableArray<SignatureScheme> schemes) : SigningKey
{
    public override ImmutableArray<SignatureScheme> Schemes { get; } = schemes;

    protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> content) =>
        key.SignData(content, PlatformSignatures.HashOf(scheme), DSASignatureFormat.Rfc3279DerSequence);

    protected override void Dispose(bool disposing) => key.Dispose();
}

/// <summary>An RSA private key that uses <see cref="RSA"/>: RSASSA-PSS with a salt as long as the hash (RFC 9846 section 4.3.3).</summary>
internal sealed class PlatformRsaSigningKey(RSA key, ImmutableArray<SignatureScheme> schemes) : SigningKey
{
    public override ImmutableArray<SignatureScheme> Schemes { get; } = schemes;

    protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> content) =>
        key.SignData(content, PlatformSignatures.HashOf(scheme), RSASignaturePadding.Pss);

    protected override void Dispose(bool disposing) => key.Dispose();
}
