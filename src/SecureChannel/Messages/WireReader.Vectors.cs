using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Tries to read <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4) without copying it.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="value">The content, a part of the input.</param>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytes(int min, int max, out ReadOnlySpan<byte> value)
    {
        var start = _offset;
        if (TryPeekVector(start, min, max, out var width, out var length))
        {
            _offset = start + width + length;
            value = MemoryMarshal.CreateReadOnlySpan(ref ByteAt(start + width), length);
            return true;
        }

        value = default;
        FailVector(min, max);
        return false;
    }

    /// <summary>Tries to read <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2) without copying it.</summary>
    /// <param name="value">The content, a part of the input.</param>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadLength(out var length) && TryTake(length, out value);
    }

    /// <summary>Tries to read a UTF-8 string as <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="value">The string.</param>
    /// <returns>True if the input contains the string; otherwise, false.</returns>
    public bool TryReadString(int min, int max, [NotNullWhen(true)] out string? value)
    {
        value = null;
        return TryReadBytes(min, max, out var bytes) && TryDecode(bytes, out value);
    }

    /// <summary>Tries to read a UTF-8 string as <c>opaque v&lt;V&gt;</c>.</summary>
    /// <param name="value">The string.</param>
    /// <returns>True if the input contains the string; otherwise, false.</returns>
    public bool TryReadString([NotNullWhen(true)] out string? value)
    {
        value = null;
        return TryReadBytes(out var bytes) && TryDecode(bytes, out value);
    }

    /// <summary>Reads the rest of the input, or of the innermost vector, without copying it.</summary>
    /// <param name="value">The bytes, a part of the input.</param>
    /// <returns>Always true.</returns>
    public bool TryReadRemainder(out ReadOnlySpan<byte> value) => TryTake(Remaining, out value);

    /// <summary>Tries to read the rest of the input, or of the innermost vector, without copying it.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">The maximum size in bytes.</param>
    /// <param name="value">The bytes, a part of the input.</param>
    /// <returns>True if the size of the rest is within the bounds; otherwise, false.</returns>
    public bool TryReadRemainder(int min, int max, out ReadOnlySpan<byte> value)
    {
        if (Remaining >= min && Remaining <= max)
            return TryTake(Remaining, out value);
        value = default;
        return Fail(WireErrorReason.LengthOutOfBounds, $"the remainder has {Remaining} bytes, but must have {min} to {max}");
    }

    /// <summary>Tries to get the prefix width and the length of the vector at an offset, without advancing the reader.</summary>
    // The JIT folds every constant argument of the caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool TryPeekVector(int start, int min, int max, out int width, out int length)
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
        // Bounds that every length of this width satisfies need no check. Unsigned, a length of 2^31 or more is above every bound.
        var isBounded = min > 0 || max != (int)(uint.MaxValue >> (32 - (8 * width)));
        return (!isBounded || (uint)length - (uint)min <= (uint)(max - min)) && (uint)length <= (uint)(rest - width);
    }

    /// <summary>Moves the end of the input to the current position, so that reading past this position fails as truncated.</summary>
    internal void EndHere() => _end = _offset;

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

    private bool TryReadLength(out int length) => TryReadVarint(out length) && (length <= Remaining || FailTruncated(length));

    private bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? value)
    {
        if (Ascii.IsValid(bytes))
        {
            // Most strings are ASCII, which one pass decodes.
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
