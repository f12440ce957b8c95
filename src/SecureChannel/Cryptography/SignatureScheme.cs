namespace SecureChannel.Cryptography;

/// <summary>
/// A signature algorithm with its hash function and, for ECDSA, its curve. The values are the code points of RFC 9846 section 4.3.3. Peers may also send
/// values that are not defined here.
/// </summary>
public enum SignatureScheme : ushort
{
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, for certificates only, never for handshake signatures.</summary>
    RsaPkcs1Sha256 = 0x0401,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384, for certificates only.</summary>
    RsaPkcs1Sha384 = 0x0501,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512, for certificates only.</summary>
    RsaPkcs1Sha512 = 0x0601,

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    EcdsaSecp256r1Sha256 = 0x0403,

    /// <summary>ECDSA on P-384 with SHA-384.</summary>
    EcdsaSecp384r1Sha384 = 0x0503,

    /// <summary>ECDSA on P-521 with SHA-512.</summary>
    EcdsaSecp521r1Sha512 = 0x0603,

    /// <summary>RSASSA-PSS with SHA-256, for public keys with the object identifier rsaEncryption.</summary>
    RsaPssRsaeSha256 = 0x0804,

    /// <summary>RSASSA-PSS with SHA-384, for public keys with the object identifier rsaEncryption.</summary>
    RsaPssRsaeSha384 = 0x0805,

    /// <summary>RSASSA-PSS with SHA-512, for public keys with the object identifier rsaEncryption.</summary>
    RsaPssRsaeSha512 = 0x0806,

    /// <summary>Ed25519 (RFC 8032).</summary>
    Ed25519 = 0x0807,

    /// <summary>RSASSA-PSS with SHA-256, for public keys with the object identifier id-RSASSA-PSS.</summary>
    RsaPssPssSha256 = 0x0809,

    /// <summary>RSASSA-PSS with SHA-384, for public keys with the object identifier id-RSASSA-PSS.</summary>
    RsaPssPssSha384 = 0x080A,

    /// <summary>RSASSA-PSS with SHA-512, for public keys with the object identifier id-RSASSA-PSS.</summary>
    RsaPssPssSha512 = 0x080B,
}

/// <summary>The names of a <see cref="SignatureScheme"/>.</summary>
public static class SignatureSchemes
{
    extension(SignatureScheme scheme)
    {
        /// <summary>
        /// Gets a value that indicates whether the scheme is defined and allowed for handshake signatures. RSASSA-PKCS1-v1_5 is for certificates only (RFC 9846
        /// section 4.3.3).
        /// </summary>
        public bool IsForHandshakes => scheme is SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.EcdsaSecp521r1Sha512
            or SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512
            or SignatureScheme.RsaPssPssSha256 or SignatureScheme.RsaPssPssSha384 or SignatureScheme.RsaPssPssSha512 or SignatureScheme.Ed25519;

        /// <summary>Gets the name in the IANA registry, or the code point in hexadecimal if the scheme is not defined.</summary>
        public string Name => scheme switch
        {
            SignatureScheme.RsaPkcs1Sha256 => "rsa_pkcs1_sha256",
            SignatureScheme.RsaPkcs1Sha384 => "rsa_pkcs1_sha384",
            SignatureScheme.RsaPkcs1Sha512 => "rsa_pkcs1_sha512",
            SignatureScheme.EcdsaSecp256r1Sha256 => "ecdsa_secp256r1_sha256",
            SignatureScheme.EcdsaSecp384r1Sha384 => "ecdsa_secp384r1_sha384",
            SignatureScheme.EcdsaSecp521r1Sha512 => "ecdsa_secp521r1_sha512",
            SignatureScheme.RsaPssRsaeSha256 => "rsa_pss_rsae_sha256",
            SignatureScheme.RsaPssRsaeSha384 => "rsa_pss_rsae_sha384",
            SignatureScheme.RsaPssRsaeSha512 => "rsa_pss_rsae_sha512",
            SignatureScheme.Ed25519 => "ed25519",
            SignatureScheme.RsaPssPssSha256 => "rsa_pss_pss_sha256",
            SignatureScheme.RsaPssPssSha384 => "rsa_pss_pss_sha384",
            SignatureScheme.RsaPssPssSha512 => "rsa_pss_pss_sha512",
            _ => $"0x{(ushort)scheme:X4}",
        };
    }
}
