namespace SecureChannel.Cryptography;

/// <summary>
/// The algorithms of signatures in certificates and revocation data. A <see cref="SignatureScheme"/> also names the curve of an ECDSA key and the type of an
/// RSA key; a certificate's signature does not.
/// </summary>
public enum CertificateSignatureAlgorithm
{
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RsaPkcs1Sha256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384.</summary>
    RsaPkcs1Sha384,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512.</summary>
    RsaPkcs1Sha512,

    /// <summary>RSASSA-PSS with SHA-256 and a salt of 32 bytes.</summary>
    RsaPssSha256,

    /// <summary>RSASSA-PSS with SHA-384 and a salt of 48 bytes.</summary>
    RsaPssSha384,

    /// <summary>RSASSA-PSS with SHA-512 and a salt of 64 bytes.</summary>
    RsaPssSha512,

    /// <summary>ECDSA with SHA-256 on any supported curve.</summary>
    EcdsaSha256,

    /// <summary>ECDSA with SHA-384 on any supported curve.</summary>
    EcdsaSha384,

    /// <summary>ECDSA with SHA-512 on any supported curve.</summary>
    EcdsaSha512,

    /// <summary>Ed25519 (RFC 8032).</summary>
    Ed25519,
}
