using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4) in place.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="value">The content, a part of the input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytes(int min, int max, out ReadOnlySpan<byte> value)
    {
        var place = Cursor;
        if (!TryReadBytesAt(ref place, min, max, out value))
            return false;
        _position = place.Offset;
        return true;
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

    /// <summary>Reads a vector of numbers, <c>T v&lt;min..max&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="values">The numbers.</param>
    public bool TryReadNumbers<T>(int min, int max, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        values = null;
        return TryReadBytes(min, max, out var bytes) && TryConvert(bytes, out values);
    }

    /// <summary>Reads a vector of numbers, <c>T v&lt;V&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <param name="values">The numbers.</param>
    public bool TryReadNumbers<T>([NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        values = null;
        return TryReadBytes(out var bytes) && TryConvert(bytes, out values);
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

    // Whether a vector of this bound comes at a place, whole. Whatever is constant where this is called is worked out while the code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryPeekVector(int start, int min, int max, out int width, out int length)
    {
        var rest = _end - start;
        if (min == max)
        {
            (width, length) = (0, min);
            return min >= 0 && min <= rest;
        }

        width = WireWriter.GetPrefixWidth(max);
        length = 0;
        if (rest < width)
            return false;
        length = (int)ReadPrefix(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), width);
        // A bound that every length of this width keeps asks nothing. Unsigned, a length of 2^31 or more is above every bound.
        var isBounded = min > 0 || max != (int)(uint.MaxValue >> (32 - (8 * width)));
        return (!isBounded || (uint)length - (uint)min <= (uint)(max - min)) && (uint)length <= (uint)(rest - width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadPrefix(ref byte prefix, int width)
    {
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref prefix, width);
        return width switch
        {
            1 => prefix,
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            3 => (uint)((BinaryPrimitives.ReadUInt16BigEndian(bytes) << 8) | bytes[2]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseVector(int min, int max)
    {
        if (min == max)
        {
            FailTruncated(min);
            return;
        }

        var width = WireWriter.GetPrefixWidth(max);
        if (!TryTake(width, out var prefix))
            return;
        var length = ReadPrefix(ref MemoryMarshal.GetReference(prefix), width);
        if (length < (uint)min || length > (uint)max)
            FailBack(width, WireErrorReason.LengthOutOfBounds, $"a length of {length} bytes lies outside {min} to {max}");
        else
            FailTruncated((int)length);
    }

    private bool TryReadLength(out int length) => TryReadVarint(out length) && (length <= Remaining || FailTruncated(length));

    private bool TryConvert<T>(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        var rest = bytes.Length % Unsafe.SizeOf<T>();
        if (rest != 0)
        {
            values = null;
            return FailLast<T>(bytes.Length / Unsafe.SizeOf<T>(), rest);
        }

        values = bytes.IsEmpty ? [] : GC.AllocateUninitializedArray<T>(bytes.Length / Unsafe.SizeOf<T>());
        WireWriter.CopyBigEndian<T>(bytes, MemoryMarshal.AsBytes(values.AsSpan()));
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailLast<T>(int index, int rest)
    {
        // The last number stands for itself: what is left of it ends with the vector.
        _end = _position;
        _position -= rest;
        FailTruncated(Unsafe.SizeOf<T>());
        return Fail(index);
    }

    private bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? value)
    {
        if (Ascii.IsValid(bytes))
        {
            // Most text is ASCII, for which one pass makes the string.
            value = Encoding.Latin1.GetString(bytes);
            return true;
        }

        if (!Utf8.IsValid(bytes))
        {
            value = null;
            return FailBack(bytes.Length, WireErrorReason.InvalidText);
        }

        value = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
