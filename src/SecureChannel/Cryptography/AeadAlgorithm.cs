namespace SecureChannel.Cryptography;

/// <summary>The ciphers that protect records: authenticated encryption with associated data (RFC 5116).</summary>
public enum AeadAlgorithm
{
    /// <summary>AES-GCM with a key of 128 bits.</summary>
    Aes128Gcm,

    /// <summary>AES-GCM with a key of 256 bits.</summary>
    Aes256Gcm,

    /// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
    ChaCha20Poly1305,
}

/// <summary>The sizes of an <see cref="AeadAlgorithm"/>.</summary>
public static class AeadAlgorithms
{
    extension(AeadAlgorithm algorithm)
    {
        /// <summary>The key's length in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
        public int KeyLength => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm => 16,
            AeadAlgorithm.Aes256Gcm or AeadAlgorithm.ChaCha20Poly1305 => 32,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a known algorithm."),
        };

        /// <summary>How many full-size records may be protected by one key (RFC 9846 section 5.5: 2^24.5 for AES-GCM, here 2^24).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
        public long RecordLimit => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => 1L << 24,
            AeadAlgorithm.ChaCha20Poly1305 => long.MaxValue,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a known algorithm."),
        };
    }
}
