namespace SecureChannel.Cryptography;

/// <summary>
/// A cipher and a hash function. The values are the code points of RFC 9846 appendix B.4. Peers may also send values that are not defined here.
/// </summary>
public enum CipherSuite : ushort
{
    /// <summary>AES-128-GCM with SHA-256.</summary>
    Aes128GcmSha256 = 0x1301,

    /// <summary>AES-256-GCM with SHA-384.</summary>
    Aes256GcmSha384 = 0x1302,

    /// <summary>ChaCha20-Poly1305 with SHA-256.</summary>
    ChaCha20Poly1305Sha256 = 0x1303,
}

/// <summary>The components of a <see cref="CipherSuite"/>.</summary>
public static class CipherSuites
{
    extension(CipherSuite suite)
    {
        /// <summary>Gets a value that indicates whether the suite is defined in the enumeration.</summary>
        public bool IsKnown => suite is CipherSuite.Aes128GcmSha256 or CipherSuite.Aes256GcmSha384 or CipherSuite.ChaCha20Poly1305Sha256;

        /// <summary>Gets the cipher.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The suite is not defined.</exception>
        public AeadAlgorithm Aead => suite switch
        {
            CipherSuite.Aes128GcmSha256 => AeadAlgorithm.Aes128Gcm,
            CipherSuite.Aes256GcmSha384 => AeadAlgorithm.Aes256Gcm,
            CipherSuite.ChaCha20Poly1305Sha256 => AeadAlgorithm.ChaCha20Poly1305,
            _ => throw Unknown(suite),
        };

        /// <summary>Gets the hash function.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The suite is not defined.</exception>
        public HashFunction Hash => suite switch
        {
            CipherSuite.Aes128GcmSha256 or CipherSuite.ChaCha20Poly1305Sha256 => HashFunction.Sha256,
            CipherSuite.Aes256GcmSha384 => HashFunction.Sha384,
            _ => throw Unknown(suite),
        };

        /// <summary>Gets the name in the IANA registry, or the code point in hexadecimal if the suite is not defined.</summary>
        public string Name => suite switch
        {
            CipherSuite.Aes128GcmSha256 => "TLS_AES_128_GCM_SHA256",
            CipherSuite.Aes256GcmSha384 => "TLS_AES_256_GCM_SHA384",
            CipherSuite.ChaCha20Poly1305Sha256 => "TLS_CHACHA20_POLY1305_SHA256",
            _ => $"0x{(ushort)suite:X4}",
        };
    }

    private static ArgumentOutOfRangeException Unknown(CipherSuite suite) =>
        new(nameof(suite), suite.Name, "The cipher suite is not defined. Use a member of CipherSuite.");
}
