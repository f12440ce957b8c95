using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Tries to read 1 byte: <c>uint8</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadByte(out byte value)
    {
        if (!TryTake(1, out var bytes))
        {
            value = 0;
            return false;
        }

        value = bytes[0];
        return true;
    }

    /// <summary>Tries to read 2 bytes, big-endian: <c>uint16</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt16(out ushort value)
    {
        var isRead = TryTake(2, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Tries to read 2 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt16(out short value)
    {
        var isRead = TryReadUInt16(out var bits);
        value = (short)bits;
        return isRead;
    }

    /// <summary>Tries to read 3 bytes, big-endian: <c>uint24</c>.</summary>
    /// <param name="value">The value, 0 to 2^24 - 1.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt24(out int value)
    {
        var isRead = TryTake(3, out var bytes);
        value = isRead ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : 0;
        return isRead;
    }

    /// <summary>Tries to read 4 bytes, big-endian: <c>uint32</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt32(out uint value)
    {
        var isRead = TryTake(4, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Tries to read 4 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt32(out int value)
    {
        var isRead = TryReadUInt32(out var bits);
        value = (int)bits;
        return isRead;
    }

    /// <summary>Tries to read 8 bytes, big-endian: <c>uint64</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt64(out ulong value)
    {
        var isRead = TryTake(8, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Tries to read 8 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt64(out long value)
    {
        var isRead = TryReadUInt64(out var bits);
        value = (long)bits;
        return isRead;
    }

    /// <summary>Tries to read 1 byte that is 0 or 1: a <c>bool</c>, or the presence byte of an <c>optional&lt;T&gt;</c>.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!TryTake(1, out var bytes))
            return false;
        if (bytes[0] > 1)
            return FailBack(1, WireErrorReason.NotBoolean);

        value = bytes[0] == 1;
        return true;
    }

    /// <summary>Tries to read a value of fixed size.</summary>
    /// <typeparam name="T">
    /// <see cref="bool"/>; an integer of 8 to 128 bits; <see cref="Half"/>, <see cref="float"/> or <see cref="double"/> (IEEE 754, big-endian; all bits are
    /// preserved); an open enum; <see cref="Guid"/> (RFC 9562 section 4); <see cref="DateTimeOffset"/> (8 bytes, big-endian: the number of 100 ns units since
    /// 0001-01-01T00:00:00Z; the offset of the result is zero, so that an instant has one encoding); or <see cref="TimeSpan"/> (8 bytes, big-endian, two's
    /// complement: the number of 100 ns units).
    /// </typeparam>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed<T>(out T value)
        where T : unmanaged
    {
        var size = FixedSizeEncoding.SizeOf<T>();
        if (!TryTake(size, out var bytes))
        {
            value = default;
            return false;
        }

        var offset = 0;
        return FixedSizeEncoding.TryRead(ref MemoryMarshal.GetReference(bytes), ref offset, out value)
            || FailBack(size, typeof(T) == typeof(bool) ? WireErrorReason.NotBoolean : WireErrorReason.OutOfRange);
    }

    /// <summary>
    /// Tries to read an <c>optional&lt;T&gt;</c> (RFC 9420 section 2.1.1) of a value of fixed size: a byte that is 0 or 1, then the value if the byte is 1.
    /// </summary>
    /// <typeparam name="T">A type that <see cref="TryReadFixed{T}(out T)"/> supports.</typeparam>
    /// <param name="value">The value, or null if it is absent.</param>
    /// <returns>True if the input contains the optional value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadOptional<T>(out T? value)
        where T : unmanaged
    {
        value = null;
        if (!TryReadBoolean(out var isPresent))
            return false;
        if (!isPresent)
            return true;
        if (!TryReadFixed<T>(out var present))
            return false;
        value = present;
        return true;
    }

    /// <summary>Tries to read an enum as its underlying integer, big-endian. The enum is open: a value without a name is preserved.</summary>
    /// <typeparam name="TEnum">The enum.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadEnum<TEnum>(out TEnum value)
        where TEnum : unmanaged, Enum => TryReadFixed(out value);

    /// <summary>Tries to read a variable-size integer of 1, 2 or 4 bytes in its shortest form (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">The value, 0 to 2^30 - 1.</param>
    /// <returns>True if the input contains the value; otherwise, false.</returns>
    public bool TryReadVarint(out int value)
    {
        value = 0;
        if (IsAtEnd)
            return FailTruncated(1);
        var prefix = _bytes[_offset] >> 6;
        if (prefix == 3)
            return Fail(WireErrorReason.NotMinimal, "a variable-size integer cannot begin with the bits 11 (RFC 9420 section 2.1.2)");
        var size = 1 << prefix;
        if (!TryTake(size, out var bytes))
            return false;
        var result = bytes[0] & 0x3F;
        foreach (var next in bytes[1..])
            result = (result << 8) | next;
        // RFC 9420 section 2.1.2: "values MUST be encoded in the minimal number of bytes"
        if (WireWriter.GetVarintSize(result) != size)
            return FailBack(size, WireErrorReason.NotMinimal);

        value = result;
        return true;
    }
}
