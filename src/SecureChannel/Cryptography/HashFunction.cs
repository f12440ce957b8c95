namespace SecureChannel.Cryptography;

/// <summary>The hash functions of transcripts and key derivation.</summary>
public enum HashFunction
{
    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,
}

/// <summary>The parameters of a <see cref="HashFunction"/>.</summary>
public static class HashFunctions
{
    /// <summary>The length in bytes of the longest hash. A buffer of this length can hold the hash of any defined function.</summary>
    public const int MaxLength = 48;

    // FIPS 180-4: the hashes of the empty message.
    private static readonly byte[] Sha256EmptyHash = Convert.FromHexString("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
    private static readonly byte[] Sha384EmptyHash =
        Convert.FromHexString("38B060A751AC96384CD9327EB1B1E36A21FDB71114BE07434C0CC7BF63F6E1DA274EDEBFE76F65FBD51AD2F14898B95B");

    extension(HashFunction function)
    {
        /// <summary>Gets the length of the hash in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The hash function is not defined.</exception>
        public int Length => function switch
        {
            HashFunction.Sha256 => 32,
            HashFunction.Sha384 => 48,
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "The hash function is not defined. Use a member of HashFunction."),
        };

        /// <summary>Gets the hash of the empty string, which a key schedule uses as the transcript hash of no messages (RFC 9846 section 7.1).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The hash function is not defined.</exception>
        public ReadOnlySpan<byte> EmptyHash => function switch
        {
            HashFunction.Sha256 => Sha256EmptyHash,
            HashFunction.Sha384 => Sha384EmptyHash,
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "The hash function is not defined. Use a member of HashFunction."),
        };
    }
}
