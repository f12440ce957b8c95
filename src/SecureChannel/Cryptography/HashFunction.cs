namespace SecureChannel.Cryptography;

/// <summary>The hash functions of transcripts and key derivation.</summary>
public enum HashFunction
{
    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,
}

/// <summary>The sizes of a <see cref="HashFunction"/>.</summary>
public static class HashFunctions
{
    /// <summary>The longest hash of any function, in bytes: room enough for each.</summary>
    public const int MaxLength = 48;

    extension(HashFunction function)
    {
        /// <summary>The hash's length in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
        public int Length => function switch
        {
            HashFunction.Sha256 => 32,
            HashFunction.Sha384 => 48,
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not a known hash function."),
        };
    }
}
