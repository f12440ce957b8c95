using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads 1 byte: <c>uint8</c>.</summary>
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

    /// <summary>Reads 1 byte, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadSByte(out sbyte value)
    {
        var isRead = TryReadByte(out var bits);
        value = (sbyte)bits;
        return isRead;
    }

    /// <summary>Reads 2 bytes, big-endian: <c>uint16</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt16(out ushort value)
    {
        var isRead = TryTake(2, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 2 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt16(out short value)
    {
        var isRead = TryReadUInt16(out var bits);
        value = (short)bits;
        return isRead;
    }

    /// <summary>Reads 3 bytes, big-endian: <c>uint24</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt24(out int value)
    {
        var isRead = TryTake(3, out var bytes);
        value = isRead ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : 0;
        return isRead;
    }

    /// <summary>Reads 4 bytes, big-endian: <c>uint32</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt32(out uint value)
    {
        var isRead = TryTake(4, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 4 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt32(out int value)
    {
        var isRead = TryReadUInt32(out var bits);
        value = (int)bits;
        return isRead;
    }

    /// <summary>Reads 8 bytes, big-endian: <c>uint64</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt64(out ulong value)
    {
        var isRead = TryTake(8, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 8 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt64(out long value)
    {
        var isRead = TryReadUInt64(out var bits);
        value = (long)bits;
        return isRead;
    }

    /// <summary>Reads 16 bytes, big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadUInt128(out UInt128 value)
    {
        var isRead = TryTake(16, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 16 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt128(out Int128 value)
    {
        var isRead = TryReadUInt128(out var bits);
        value = (Int128)bits;
        return isRead;
    }

    /// <summary>Reads 1 byte that is 0 or 1: <c>bool</c>, and the presence of an <c>optional&lt;T&gt;</c>.</summary>
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

    /// <summary>Reads the 2 bytes of a binary16 (IEEE 754), big-endian; all bits survive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadHalf(out Half value)
    {
        var isRead = TryReadUInt16(out var bits);
        value = BitConverter.UInt16BitsToHalf(bits);
        return isRead;
    }

    /// <summary>Reads the 4 bytes of a binary32 (IEEE 754), big-endian; all bits survive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadSingle(out float value)
    {
        var isRead = TryReadUInt32(out var bits);
        value = BitConverter.UInt32BitsToSingle(bits);
        return isRead;
    }

    /// <summary>Reads the 8 bytes of a binary64 (IEEE 754), big-endian; all bits survive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadDouble(out double value)
    {
        var isRead = TryReadUInt64(out var bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return isRead;
    }

    /// <summary>Reads the 16 bytes of a UUID in the order in which it is written (RFC 9562 section 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadGuid(out Guid value)
    {
        var isRead = TryTake(16, out var bytes);
        value = isRead ? new Guid(bytes, bigEndian: true) : default;
        return isRead;
    }

    /// <summary>
    /// Reads an instant: 8 bytes, big-endian, the number of 100 ns since 0001-01-01T00:00:00Z. The result's offset is zero, since an instant has one encoding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadDateTimeOffset(out DateTimeOffset value)
    {
        value = default;
        if (!TryReadUInt64(out var ticks))
            return false;
        if (ticks > (ulong)DateTimeOffset.MaxValue.UtcTicks)
            return FailBack(8, WireErrorReason.OutOfRange);

        value = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Reads a span of time: 8 bytes, big-endian, two's complement, the number of 100 ns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTimeSpan(out TimeSpan value)
    {
        var isRead = TryReadInt64(out var ticks);
        value = new TimeSpan(ticks);
        return isRead;
    }

    /// <summary>Reads an enum as its underlying integer, big-endian. The enum is open: a value without a name survives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadEnum<TEnum>(out TEnum value)
        where TEnum : unmanaged, Enum
    {
        bool isRead;
        switch (Unsafe.SizeOf<TEnum>())
        {
            case 1:
                isRead = TryReadByte(out var bits8);
                value = Unsafe.BitCast<byte, TEnum>(bits8);
                return isRead;
            case 2:
                isRead = TryReadUInt16(out var bits16);
                value = Unsafe.BitCast<ushort, TEnum>(bits16);
                return isRead;
            case 4:
                isRead = TryReadUInt32(out var bits32);
                value = Unsafe.BitCast<uint, TEnum>(bits32);
                return isRead;
            default:
                isRead = TryReadUInt64(out var bits64);
                value = Unsafe.BitCast<ulong, TEnum>(bits64);
                return isRead;
        }
    }

    /// <summary>Reads an enum as its underlying integer, big-endian; a value without a name is refused.</summary>
    public bool TryReadClosedEnum<TEnum>(out TEnum value)
        where TEnum : unmanaged, Enum
    {
        if (!TryReadEnum(out value))
            return false;
        if (ClosedEnum<TEnum>.Contains(value))
            return true;
        _position -= Unsafe.SizeOf<TEnum>();
        return Fail(WireErrorReason.UnknownValue, $"{value:D} is no declared value of {typeof(TEnum).Name}");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        var start = _position;
        if ((uint)count > (uint)(_end - start))
        {
            FailTruncated(count);
            bytes = default;
            // A constant, by which the compiler sees that whoever called need not ask again.
            return false;
        }

        _position = start + count;
        // Not sliced, which would check once more: start + count is at most the end, as was just seen of unsigned numbers, and start <= end <= length always holds.
        bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), count);
        return true;
    }

    // What was taken is refused: the error is where it begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailBack(int count, WireErrorReason reason, string? detail = null)
    {
        _position -= count;
        return Fail(reason, detail);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTruncated(int needed) => Fail(
        WireErrorReason.Truncated, $"{needed} {(needed == 1 ? "byte is" : "bytes are")} needed, where {Remaining} {(Remaining == 1 ? "is" : "are")} left");
}
