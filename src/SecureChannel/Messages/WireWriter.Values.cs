using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>The greatest variable-size integer: 2^30 - 1.</summary>
    public const int MaxVarint = (1 << 30) - 1;

    /// <summary>Writes 1 byte: <c>uint8</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if (TryTake(1, out var bytes))
            bytes[0] = value;
    }

    /// <summary>Writes 1 byte, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteSByte(sbyte value) => WriteByte((byte)value);

    /// <summary>Writes 2 bytes, big-endian: <c>uint16</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt16(ushort value)
    {
        if (TryTake(2, out var bytes))
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
    }

    /// <summary>Writes 2 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt16(short value) => WriteUInt16((ushort)value);

    /// <summary>Writes 3 bytes, big-endian: <c>uint24</c>.</summary>
    /// <param name="value">0 to 2^24 - 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt24(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xFFFFFF);
        if (TryTake(3, out var bytes))
            WritePrefix(bytes, 3, value);
    }

    /// <summary>Writes 4 bytes, big-endian: <c>uint32</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt32(uint value)
    {
        if (TryTake(4, out var bytes))
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
    }

    /// <summary>Writes 4 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt32(int value) => WriteUInt32((uint)value);

    /// <summary>Writes 8 bytes, big-endian: <c>uint64</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt64(ulong value)
    {
        if (TryTake(8, out var bytes))
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
    }

    /// <summary>Writes 8 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    /// <summary>Writes 16 bytes, big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt128(UInt128 value)
    {
        if (TryTake(16, out var bytes))
            BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
    }

    /// <summary>Writes 16 bytes, big-endian, two's complement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt128(Int128 value) => WriteUInt128((UInt128)value);

    /// <summary>Writes 1 byte, 0 or 1: <c>bool</c>, and the presence of an <c>optional&lt;T&gt;</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes the 2 bytes of a binary16 (IEEE 754), big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteHalf(Half value) => WriteUInt16(BitConverter.HalfToUInt16Bits(value));

    /// <summary>Writes the 4 bytes of a binary32 (IEEE 754), big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteSingle(float value) => WriteUInt32(BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes the 8 bytes of a binary64 (IEEE 754), big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteDouble(double value) => WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes the 16 bytes of a UUID in the order in which it is written (RFC 9562 section 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteGuid(Guid value)
    {
        if (TryTake(16, out var bytes))
            value.TryWriteBytes(bytes, bigEndian: true, out _);
    }

    /// <summary>Writes an instant: 8 bytes, big-endian, the number of 100 ns since 0001-01-01T00:00:00Z. The offset does not travel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteDateTimeOffset(DateTimeOffset value) => WriteInt64(value.UtcTicks);

    /// <summary>Writes a span of time: 8 bytes, big-endian, two's complement, the number of 100 ns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteTimeSpan(TimeSpan value) => WriteInt64(value.Ticks);

    /// <summary>Writes an enum as its underlying integer, big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteEnum<TEnum>(TEnum value)
        where TEnum : unmanaged, Enum
    {
        switch (Unsafe.SizeOf<TEnum>())
        {
            case 1:
                WriteByte(Unsafe.BitCast<TEnum, byte>(value));
                break;
            case 2:
                WriteUInt16(Unsafe.BitCast<TEnum, ushort>(value));
                break;
            case 4:
                WriteUInt32(Unsafe.BitCast<TEnum, uint>(value));
                break;
            default:
                WriteUInt64(Unsafe.BitCast<TEnum, ulong>(value));
                break;
        }
    }

    /// <summary>Writes an enum as its underlying integer, big-endian.</summary>
    /// <exception cref="ArgumentException">The value has no name.</exception>
    public void WriteClosedEnum<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where TEnum : unmanaged, Enum
    {
        if (!ClosedEnum<TEnum>.Contains(value))
            throw new ArgumentException($"{Describe(name)} is {value:D}, which is no declared value of {typeof(TEnum).Name}.");
        WriteEnum(value);
    }

    internal static int GetVarintSize(int value) => value switch
    {
        < 1 << 6 => 1,
        < 1 << 14 => 2,
        _ => 4,
    };

    /// <summary>Writes a variable-size integer in its shortest form: 1, 2 or 4 bytes (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">0 to <see cref="MaxVarint"/>.</param>
    public void WriteVarint(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxVarint);
        var width = GetVarintSize(value);
        if (TryTake(width, out var bytes))
            WriteVarintTo(bytes, width, value);
    }

    private static void WriteVarintTo(Span<byte> bytes, int width, int value)
    {
        WritePrefix(bytes, width, value);
        // The first two bits are the logarithm of the size.
        bytes[0] |= (byte)((width >> 1) << 6);
    }
}
