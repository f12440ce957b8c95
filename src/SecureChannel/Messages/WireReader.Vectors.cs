using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4) in place.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="value">The content, a part of the input.</param>
    public bool TryReadBytes(int min, int max, out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadLength(min, max, out var length) && TryTake(length, out value);
    }

    /// <summary>Reads <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2) in place.</summary>
    /// <param name="value">The content, a part of the input.</param>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadLength(out var length) && TryTake(length, out value);
    }

    /// <summary>Reads in place all that is left of the input, or of the vector that was entered last.</summary>
    /// <param name="value">The content, a part of the input.</param>
    public bool TryReadRest(out ReadOnlySpan<byte> value) => TryTake(Remaining, out value);

    /// <summary>Reads a string of UTF-8 as <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="value">The string.</param>
    public bool TryReadString(int min, int max, [NotNullWhen(true)] out string? value)
    {
        value = null;
        return TryReadBytes(min, max, out var bytes) && TryDecode(bytes, out value);
    }

    /// <summary>Reads a string of UTF-8 as <c>opaque v&lt;V&gt;</c>.</summary>
    /// <param name="value">The string.</param>
    public bool TryReadString([NotNullWhen(true)] out string? value)
    {
        value = null;
        return TryReadBytes(out var bytes) && TryDecode(bytes, out value);
    }

    /// <summary>Reads a variable-size integer of 1, 2 or 4 bytes, in its shortest form (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">0 to 2^30 - 1.</param>
    public bool TryReadVarint(out int value)
    {
        value = 0;
        if (IsAtEnd)
            return FailTruncated(1);
        var prefix = _bytes[_position] >> 6;
        if (prefix == 3)
            return Fail(WireErrorReason.NotMinimal, "no variable-size integer begins with the bits 11 (RFC 9420 section 2.1.2)");
        var size = 1 << prefix;
        if (!TryTake(size, out var bytes))
            return false;
        var result = bytes[0] & 0x3F;
        foreach (var next in bytes[1..])
            result = (result << 8) | next;
        // RFC 9420 section 2.1.2: "values MUST be encoded in the minimal number of bytes"; a decoder refuses others
        if (WireWriter.GetVarintSize(result) != size)
        {
            _position -= size;
            return Fail(WireErrorReason.NotMinimal);
        }

        value = result;
        return true;
    }

    private bool TryReadLength(int min, int max, out int length)
    {
        if (min == max)
        {
            length = min;
            return length <= Remaining || FailTruncated(length);
        }

        var width = WireWriter.GetPrefixWidth(max);
        length = 0;
        if (!TryTake(width, out var prefix))
            return false;
        var value = 0L;
        foreach (var next in prefix)
            value = (value << 8) | next;
        if (value < min || value > max)
        {
            _position -= width;
            return Fail(WireErrorReason.LengthOutOfBounds, $"a length of {value} bytes lies outside {min} to {max}");
        }

        length = (int)value;
        return length <= Remaining || FailTruncated(length);
    }

    private bool TryReadLength(out int length) => TryReadVarint(out length) && (length <= Remaining || FailTruncated(length));

    private bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? value)
    {
        if (!Utf8.IsValid(bytes))
        {
            value = null;
            _position -= bytes.Length;
            return Fail(WireErrorReason.InvalidText);
        }

        value = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
