namespace SecureChannel;

/// <summary>The parameters of RSASSA-PSS keys and signatures (RFC 4055 section 3.1).</summary>
internal static class PssParameters
{
    /// <summary>The last number of the object identifier of SHA-256. The other constants are alike.</summary>
    public const int Sha256 = 1;

    /// <summary>The last number of the object identifier of SHA-384.</summary>
    public const int Sha384 = 2;

    /// <summary>The last number of the object identifier of SHA-512.</summary>
    public const int Sha512 = 3;

    // The contents of OBJECT IDENTIFIER values. The last byte of a hash function's identifier selects it.
    private static ReadOnlySpan<byte> Mgf1 => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8];
    private static ReadOnlySpan<byte> Sha2 => [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

    /// <summary>
    /// Returns the last number of the hash function's identifier in RSASSA-PSS parameters, or null if they are not accepted: the mask generation function must
    /// use the same hash function, and the salt must be as long as the hash (RFC 4055 section 3.1).
    /// </summary>
    public static int? ReadHash(DerReader parameters)
    {
        if (!parameters.TryEnter(DerReader.Sequence, out var fields) || !parameters.IsEmpty
            || !fields.TryEnter(DerReader.ContextConstructed(0), out var hashField) || ReadHashField(hashField) is not { } hash
            || !fields.TryEnter(DerReader.ContextConstructed(1), out var maskField)
            || !maskField.TryEnter(DerReader.Sequence, out var mask) || !maskField.IsEmpty
            || !mask.TryReadOid(out var function) || !function.Span.SequenceEqual(Mgf1) || ReadHashField(mask) != hash
            || !fields.TryEnter(DerReader.ContextConstructed(2), out var saltField) || !saltField.TryReadSmallInteger(out var salt) || !saltField.IsEmpty
            || !fields.IsEmpty)
        {
            return null;
        }

        return salt == LengthOf(hash) ? hash : null;
    }

    private static int LengthOf(int hash) => hash switch { Sha256 => 32, Sha384 => 48, _ => 64 };

    private static int? ReadHashField(DerReader field)
    {
        if (!field.TryEnter(DerReader.Sequence, out var algorithm) || !field.IsEmpty || !algorithm.TryReadOid(out var oid)
            || oid.Length != Sha2.Length + 1 || !oid.Span.StartsWith(Sha2))
        {
            return null;
        }

        if (!algorithm.IsEmpty && !(algorithm.TryRead(DerReader.Null, out var nothing) && nothing.IsEmpty && algorithm.IsEmpty))
            return null;
        return oid.Span[^1] is Sha256 or Sha384 or Sha512 ? oid.Span[^1] : null;
    }
}
