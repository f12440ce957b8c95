namespace SecureChannel.Cryptography;

/// <summary>The ciphers that protect records: authenticated encryption with associated data (RFC 5116).</summary>
public enum AeadAlgorithm
{
    /// <summary>AES-GCM with a 128-bit key.</summary>
    Aes128Gcm,

    /// <summary>AES-GCM with a 256-bit key.</summary>
    Aes256Gcm,

    /// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
    ChaCha20Poly1305,
}

/// <summary>The parameters of an <see cref="AeadAlgorithm"/>.</summary>
public static class AeadAlgorithms
{
    /// <summary>The maximum length of a nonce, in bytes.</summary>
    internal const int MaxNonceLength = 12;

    /// <summary>The maximum length of a tag, in bytes.</summary>
    internal const int MaxTagLength = 16;

    extension(AeadAlgorithm algorithm)
    {
        /// <summary>Gets the length of the key in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The algorithm is not defined.</exception>
        public int KeyLength => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm => 16,
            AeadAlgorithm.Aes256Gcm or AeadAlgorithm.ChaCha20Poly1305 => 32,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The algorithm is not defined. Use a member of AeadAlgorithm."),
        };

        /// <summary>Gets the length of a nonce in bytes, as <see cref="Aead.NonceLength"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The algorithm is not defined.</exception>
        public int NonceLength => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm or AeadAlgorithm.ChaCha20Poly1305 => 12,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The algorithm is not defined. Use a member of AeadAlgorithm."),
        };

        /// <summary>Gets the length of a tag in bytes, as <see cref="Aead.TagLength"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The algorithm is not defined.</exception>
        public int TagLength => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm or AeadAlgorithm.ChaCha20Poly1305 => 16,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The algorithm is not defined. Use a member of AeadAlgorithm."),
        };

        /// <summary>
        /// Gets the maximum number of full-size records that one key may protect: 2^24 for AES-GCM, where RFC 9846 section 5.5 allows 2^24.5, and
        /// <see cref="long.MaxValue"/> for ChaCha20-Poly1305.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The algorithm is not defined.</exception>
        public long RecordLimit => algorithm switch
        {
            AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => 1L << 24,
            AeadAlgorithm.ChaCha20Poly1305 => long.MaxValue,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The algorithm is not defined. Use a member of AeadAlgorithm."),
        };
    }
}
