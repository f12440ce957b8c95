namespace SecureChannel.Cryptography;

/// <summary>The secret of one session from which the keys of its tickets are derived (RFC 9846 section 7.1).</summary>
public sealed class ResumptionSecret : Secret
{
    private ResumptionSecret(int length)
        : base(length)
    {
    }

    /// <summary>Derives the secret from another secret and a transcript hash.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="from">The secret to derive from.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the secret.</param>
    /// <param name="transcriptHash">The transcript hash that the secret is bound to.</param>
    public static ResumptionSecret Derive(
        CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> transcriptHash) =>
        Expand(new ResumptionSecret(hash.Length), provider, hash, from, prefix, label, transcriptHash);
}

/// <summary>The pre-shared key of one ticket, which resumes a session (RFC 9846 section 4.7.1).</summary>
public sealed class ResumptionKey : Secret
{
    private ResumptionKey(int length)
        : base(length)
    {
    }

    /// <summary>Creates a copy of an existing key.</summary>
    /// <param name="bytes">The bytes of the key. The caller must wipe them.</param>
    public ResumptionKey(ReadOnlySpan<byte> bytes)
        : base(bytes.Length) => bytes.CopyTo(Writable.Span);

    /// <summary>Derives the key of a ticket.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function of the session.</param>
    /// <param name="from">The secret of the session.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label of the key.</param>
    /// <param name="nonce">The value that makes the key of this ticket unique.</param>
    public static ResumptionKey Derive(
        CryptographyProvider provider, HashFunction hash, ResumptionSecret from, string prefix, string label, ReadOnlySpan<byte> nonce) =>
        Expand(new ResumptionKey(hash.Length), provider, hash, from, prefix, label, nonce);
}
