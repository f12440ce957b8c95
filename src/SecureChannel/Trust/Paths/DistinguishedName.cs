using System.Text;

namespace SecureChannel;

/// <summary>A distinguished name (RFC 5280 section 4.1.2.4), read from its encoding without a copy.</summary>
internal static class DistinguishedName
{
    private const int MaxParts = 64;

    /// <summary>The encoding of a name without attributes.</summary>
    public static ReadOnlySpan<byte> Empty => [DerReader.Sequence, 0];

    /// <summary>Returns a value that indicates whether an encoded name is a sequence of sets of attributes.</summary>
    public static bool IsWellFormed(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var parts) || !outer.IsEmpty)
            return false;
        for (var count = 0; !parts.IsEmpty; count++)
        {
            if (count == MaxParts || !parts.TryEnter(DerReader.Set, out var attributes) || attributes.IsEmpty)
                return false;
            while (!attributes.IsEmpty)
            {
                if (!TryReadAttribute(ref attributes, out _, out _, out _))
                    return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Returns a value that indicates whether a name begins with all parts of another, which is how a subtree of names contains it (RFC 5280 section 4.2.1.10).
    /// Text is compared without regard to the case of letters, repeated spaces and the string type (section 7.1).
    /// </summary>
    public static bool IsWithin(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> subtree)
    {
        var (left, right) = (Enter(name), Enter(subtree));
        while (!right.IsEmpty)
        {
            if (!left.TryEnter(DerReader.Set, out var attributes) || !right.TryEnter(DerReader.Set, out var expected) || !AreEqual(attributes, expected))
                return false;
        }

        return true;
    }

    /// <summary>Returns the values of the e-mail address attributes of a name (RFC 5280 section 4.1.2.6).</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> FindEmailAddresses(ReadOnlyMemory<byte> name)
    {
        var parts = Enter(name);
        while (parts.TryEnter(DerReader.Set, out var attributes))
        {
            while (TryReadAttribute(ref attributes, out var oid, out _, out var value))
            {
                if (oid.Span.SequenceEqual(Oids.EmailAddress))
                    yield return value;
            }
        }
    }

    private static DerReader Enter(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        outer.TryEnter(DerReader.Sequence, out var parts);
        return parts;
    }

    private static bool TryReadAttribute(ref DerReader attributes, out ReadOnlyMemory<byte> oid, out byte tag, out ReadOnlyMemory<byte> value)
    {
        (oid, tag, value) = (default, 0, default);
        return attributes.TryEnter(DerReader.Sequence, out var attribute) && attribute.TryReadOid(out oid)
            && attribute.TryReadAny(out tag, out value, out _) && attribute.IsEmpty;
    }

    // Sets are sorted in DER, but their order can depend on the string types.
    private static bool AreEqual(DerReader left, DerReader right)
    {
        var count = 0;
        for (var rest = left; TryReadAttribute(ref rest, out var oid, out var tag, out var value); count++)
        {
            if (!Contains(right, oid, tag, value))
                return false;
        }

        while (TryReadAttribute(ref right, out _, out _, out _))
            count--;
        return count == 0;
    }

    private static bool Contains(DerReader attributes, ReadOnlyMemory<byte> oid, byte tag, ReadOnlyMemory<byte> value)
    {
        while (TryReadAttribute(ref attributes, out var otherOid, out var otherTag, out var other))
        {
            if (otherOid.Span.SequenceEqual(oid.Span) && ((tag == otherTag && other.Span.SequenceEqual(value.Span))
                || (Normalize(tag, value) is { } text && text == Normalize(otherTag, other))))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Normalize(byte tag, ReadOnlyMemory<byte> value)
    {
        var text = tag switch
        {
            12 or 18 or 19 or 22 or 26 or 27 => Encoding.UTF8.GetString(value.Span), // UTF8String, and the string types of ASCII
            20 => Encoding.Latin1.GetString(value.Span), // TeletexString
            30 => Encoding.BigEndianUnicode.GetString(value.Span), // BMPString
            28 => new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetString(value.Span), // UniversalString
            _ => null,
        };
        return text is null ? null : CaseFolding.ToLower(string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }
}
