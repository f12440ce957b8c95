using System.Formats.Asn1;

namespace SecureChannel;

/// <summary>
/// A reader of DER values (ITU-T X.690) that reports malformed data by its results and never throws. Contents are slices of the input, so reading allocates
/// nothing.
/// </summary>
/// <param name="data">The values to read.</param>
internal struct DerReader(ReadOnlyMemory<byte> data)
{
    public const byte Boolean = 0x01;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte Null = 0x05;
    public const byte ObjectIdentifier = 0x06;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;
    public const byte Enumerated = 0x0A;
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;

    private ReadOnlyMemory<byte> _rest = data;

    /// <summary>Gets a value that indicates whether all values were read.</summary>
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Returns the tag of a primitive context-specific value.</summary>
    public static byte Context(int number) => (byte)(0x80 | number);

    /// <summary>Returns the tag of a constructed context-specific value.</summary>
    public static byte ContextConstructed(int number) => (byte)(0xA0 | number);

    /// <summary>Returns a value that indicates whether the next value has a tag.</summary>
    public readonly bool IsNext(byte tag) => !_rest.IsEmpty && _rest.Span[0] == tag;

    /// <summary>Tries to read the next value, regardless of its tag.</summary>
    /// <param name="tag">The first byte of the tag.</param>
    /// <param name="content">The content of the value.</param>
    /// <param name="encoded">The complete value.</param>
    public bool TryReadAny(out byte tag, out ReadOnlyMemory<byte> content, out ReadOnlyMemory<byte> encoded)
    {
        (tag, content, encoded) = (0, default, default);
        if (!AsnDecoder.TryReadEncodedValue(_rest.Span, AsnEncodingRules.DER, out _, out var offset, out var length, out var consumed))
            return false;
        tag = _rest.Span[0];
        content = _rest.Slice(offset, length);
        encoded = _rest[..consumed];
        _rest = _rest[consumed..];
        return true;
    }

    /// <summary>Tries to read the content of the next value, which must have a tag.</summary>
    public bool TryRead(byte tag, out ReadOnlyMemory<byte> content)
    {
        content = default;
        return IsNext(tag) && TryReadAny(out _, out content, out _);
    }

    /// <summary>Tries to read the next value with its tag and length.</summary>
    public bool TryReadEncoded(byte tag, out ReadOnlyMemory<byte> encoded)
    {
        encoded = default;
        return IsNext(tag) && TryReadAny(out _, out _, out encoded);
    }

    /// <summary>Tries to read the next value and returns a reader of the values that it contains.</summary>
    public bool TryEnter(byte tag, out DerReader inner)
    {
        var found = TryRead(tag, out var content);
        inner = new(content);
        return found;
    }

    /// <summary>Tries to read a BOOLEAN, which DER encodes as 0 or 255.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = TryRead(Boolean, out var content) && content.Length == 1 && content.Span[0] == 0xFF;
        return value || (content.Length == 1 && content.Span[0] == 0);
    }

    /// <summary>Tries to read an INTEGER in its shortest form.</summary>
    public bool TryReadInteger(out ReadOnlyMemory<byte> value) => TryRead(Integer, out value) && IsMinimal(value.Span);

    /// <summary>Tries to read an INTEGER from 0 to 2^31-1.</summary>
    public bool TryReadSmallInteger(out int value)
    {
        value = 0;
        if (!TryReadInteger(out var bytes) || bytes.Length > sizeof(int) || bytes.Span[0] >= 0x80)
            return false;
        foreach (var part in bytes.Span)
            value = (value << 8) | part;
        return true;
    }

    /// <summary>Tries to read an ENUMERATED value from 0 to 127.</summary>
    public bool TryReadSmallEnumerated(out int value)
    {
        var found = TryRead(Enumerated, out var content) && content.Length == 1 && content.Span[0] < 0x80;
        value = found ? content.Span[0] : 0;
        return found;
    }

    /// <summary>Tries to read a BIT STRING of whole bytes.</summary>
    public bool TryReadBytesOfBits(out ReadOnlyMemory<byte> value)
    {
        var found = TryRead(BitString, out var content) && !content.IsEmpty && content.Span[0] == 0;
        value = found ? content[1..] : default;
        return found;
    }

    /// <summary>Tries to read a BIT STRING of named bits, of which the first 16 are returned: bit 0 is the most significant one.</summary>
    public bool TryReadNamedBits(out ushort bits)
    {
        bits = 0;
        return TryRead(BitString, out var content) && TryDecodeNamedBits(content.Span, out bits);
    }

    /// <summary>Tries to read the content of an OBJECT IDENTIFIER whose parts have their shortest form.</summary>
    public bool TryReadOid(out ReadOnlyMemory<byte> oid) => TryRead(ObjectIdentifier, out oid) && IsOid(oid.Span);

    /// <summary>Tries to decode the content of a BIT STRING of named bits. X.690 section 11.2.2: trailing zero bits are removed.</summary>
    public static bool TryDecodeNamedBits(ReadOnlySpan<byte> content, out ushort bits)
    {
        bits = 0;
        if (content.IsEmpty || content[0] > 7)
            return false;
        var unused = content[0];
        var bytes = content[1..];
        if (bytes.IsEmpty)
            return unused == 0;
        if ((bytes[^1] & ((1 << unused) - 1)) != 0 || (bytes[^1] & (1 << unused)) == 0)
            return false;
        bits = (ushort)((bytes[0] << 8) | (bytes.Length > 1 ? bytes[1] : 0));
        return true;
    }

    private static bool IsMinimal(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && (value.Length == 1 || (value[0] != 0 || value[1] >= 0x80) && (value[0] != 0xFF || value[1] < 0x80));

    private static bool IsOid(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content[^1] >= 0x80)
            return false;
        var isStart = true;
        foreach (var part in content)
        {
            if (isStart && part == 0x80)
                return false;
            isStart = part < 0x80;
        }

        return true;
    }
}
