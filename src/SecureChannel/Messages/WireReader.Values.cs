using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads 1 byte: <c>uint8</c>.</summary>
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
    public bool TryReadSByte(out sbyte value)
    {
        var isRead = TryReadByte(out var bits);
        value = (sbyte)bits;
        return isRead;
    }

    /// <summary>Reads 2 bytes, big-endian: <c>uint16</c>.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        var isRead = TryTake(2, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 2 bytes, big-endian, two's complement.</summary>
    public bool TryReadInt16(out short value)
    {
        var isRead = TryReadUInt16(out var bits);
        value = (short)bits;
        return isRead;
    }

    /// <summary>Reads 3 bytes, big-endian: <c>uint24</c>.</summary>
    public bool TryReadUInt24(out int value)
    {
        var isRead = TryTake(3, out var bytes);
        value = isRead ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : 0;
        return isRead;
    }

    /// <summary>Reads 4 bytes, big-endian: <c>uint32</c>.</summary>
    public bool TryReadUInt32(out uint value)
    {
        var isRead = TryTake(4, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 4 bytes, big-endian, two's complement.</summary>
    public bool TryReadInt32(out int value)
    {
        var isRead = TryReadUInt32(out var bits);
        value = (int)bits;
        return isRead;
    }

    /// <summary>Reads 8 bytes, big-endian: <c>uint64</c>.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        var isRead = TryTake(8, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 8 bytes, big-endian, two's complement.</summary>
    public bool TryReadInt64(out long value)
    {
        var isRead = TryReadUInt64(out var bits);
        value = (long)bits;
        return isRead;
    }

    /// <summary>Reads 16 bytes, big-endian.</summary>
    public bool TryReadUInt128(out UInt128 value)
    {
        var isRead = TryTake(16, out var bytes);
        value = isRead ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : default;
        return isRead;
    }

    /// <summary>Reads 16 bytes, big-endian, two's complement.</summary>
    public bool TryReadInt128(out Int128 value)
    {
        var isRead = TryReadUInt128(out var bits);
        value = (Int128)bits;
        return isRead;
    }

    /// <summary>Reads 1 byte that is 0 or 1: <c>bool</c>, and the presence of an <c>optional&lt;T&gt;</c>.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!TryTake(1, out var bytes))
            return false;
        if (bytes[0] > 1)
        {
            _position--;
            return Fail(WireErrorReason.NotBoolean);
        }

        value = bytes[0] == 1;
        return true;
    }

    /// <summary>Reads the 2 bytes of a binary16 (IEEE 754), big-endian; all bits survive.</summary>
    public bool TryReadHalf(out Half value)
    {
        var isRead = TryReadUInt16(out var bits);
        value = BitConverter.UInt16BitsToHalf(bits);
        return isRead;
    }

    /// <summary>Reads the 4 bytes of a binary32 (IEEE 754), big-endian; all bits survive.</summary>
    public bool TryReadSingle(out float value)
    {
        var isRead = TryReadUInt32(out var bits);
        value = BitConverter.UInt32BitsToSingle(bits);
        return isRead;
    }

    /// <summary>Reads the 8 bytes of a binary64 (IEEE 754), big-endian; all bits survive.</summary>
    public bool TryReadDouble(out double value)
    {
        var isRead = TryReadUInt64(out var bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return isRead;
    }

    /// <summary>Reads the 16 bytes of a UUID in the order in which it is written (RFC 9562 section 4).</summary>
    public bool TryReadGuid(out Guid value)
    {
        var isRead = TryTake(16, out var bytes);
        value = isRead ? new Guid(bytes, bigEndian: true) : default;
        return isRead;
    }

    /// <summary>
    /// Reads an instant: 8 bytes, big-endian, the number of 100 ns since 0001-01-01T00:00:00Z. The result's offset is zero, since an instant has one encoding.
    /// </summary>
    public bool TryReadDateTimeOffset(out DateTimeOffset value)
    {
        value = default;
        if (!TryReadUInt64(out var ticks))
            return false;
        if (ticks > (ulong)DateTimeOffset.MaxValue.UtcTicks)
        {
            _position -= 8;
            return Fail(WireErrorReason.OutOfRange);
        }

        value = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Reads a span of time: 8 bytes, big-endian, two's complement, the number of 100 ns.</summary>
    public bool TryReadTimeSpan(out TimeSpan value)
    {
        var isRead = TryReadInt64(out var ticks);
        value = new TimeSpan(ticks);
        return isRead;
    }

    /// <summary>Reads an enum as its underlying integer, big-endian. The enum is open: a value without a name survives.</summary>
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
        if (Enum.IsDefined(value))
            return true;
        _position -= Unsafe.SizeOf<TEnum>();
        return Fail(WireErrorReason.UnknownValue, $"{value:D} is no declared value of {typeof(TEnum).Name}");
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count > _end - _position)
        {
            bytes = default;
            return FailTruncated(count);
        }

        bytes = _bytes.Slice(_position, count);
        _position += count;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTruncated(int needed) => Fail(
        WireErrorReason.Truncated, $"{needed} {(needed == 1 ? "byte is" : "bytes are")} needed, where {Remaining} {(Remaining == 1 ? "is" : "are")} left");
}
