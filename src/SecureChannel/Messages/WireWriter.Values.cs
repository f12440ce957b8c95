using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>The maximum value of a variable-size integer: 2^30 - 1.</summary>
    public const int MaxVarint = (1 << 30) - 1;

    /// <summary>Writes 1 byte: <c>uint8</c>.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if (TryTake(1, out var bytes))
            bytes[0] = value;
    }

    /// <summary>Writes 2 bytes, big-endian: <c>uint16</c>.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt16(ushort value)
    {
        if (TryTake(2, out var bytes))
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
    }

    /// <summary>Writes 2 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt16(short value) => WriteUInt16((ushort)value);

    /// <summary>Writes 3 bytes, big-endian: <c>uint24</c>.</summary>
    /// <param name="value">The value, 0 to 2^24 - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside this range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt24(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xFFFFFF);
        if (TryTake(3, out var bytes))
            WritePrefix(bytes, 3, value);
    }

    /// <summary>Writes 4 bytes, big-endian: <c>uint32</c>.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt32(uint value)
    {
        if (TryTake(4, out var bytes))
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
    }

    /// <summary>Writes 4 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt32(int value) => WriteUInt32((uint)value);

    /// <summary>Writes 8 bytes, big-endian: <c>uint64</c>.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUInt64(ulong value)
    {
        if (TryTake(8, out var bytes))
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
    }

    /// <summary>Writes 8 bytes, big-endian, two's complement.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    /// <summary>Writes 1 byte, 0 or 1: a <c>bool</c>, or the presence byte of an <c>optional&lt;T&gt;</c>.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes a value of fixed size.</summary>
    /// <typeparam name="T">
    /// <see cref="bool"/>; an integer of 8 to 128 bits; <see cref="Half"/>, <see cref="float"/> or <see cref="double"/> (IEEE 754, big-endian); an open enum;
    /// <see cref="Guid"/> (RFC 9562 section 4); <see cref="DateTimeOffset"/> (8 bytes, big-endian: the number of 100 ns units since 0001-01-01T00:00:00Z; the
    /// offset is not sent); or <see cref="TimeSpan"/> (8 bytes, big-endian, two's complement: the number of 100 ns units).
    /// </typeparam>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFixed<T>(T value)
        where T : unmanaged
    {
        if (TryTake(FixedSizeEncoding.SizeOf<T>(), out var bytes))
            FixedSizeEncoding.Write(ref MemoryMarshal.GetReference(bytes), value);
    }

    /// <summary>
    /// Writes an <c>optional&lt;T&gt;</c> (RFC 9420 section 2.1.1) of a value of fixed size: a byte that is 0 or 1, then the value if it is present.
    /// </summary>
    /// <typeparam name="T">A type that <see cref="WriteFixed{T}(T)"/> supports.</typeparam>
    /// <param name="value">The value, or null if it is absent.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteOptional<T>(T? value)
        where T : unmanaged
    {
        if (value is not { } present)
        {
            WriteBoolean(false);
            return;
        }

        if (!TryTake(1 + FixedSizeEncoding.SizeOf<T>(), out var bytes))
            return;
        ref var at = ref FixedSizeEncoding.Write(ref MemoryMarshal.GetReference(bytes), true);
        FixedSizeEncoding.Write(ref at, present);
    }

    /// <summary>Writes an enum as its underlying integer, big-endian.</summary>
    /// <typeparam name="TEnum">The enum.</typeparam>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteEnum<TEnum>(TEnum value)
        where TEnum : unmanaged, Enum => WriteFixed(value);

    /// <summary>Writes a variable-size integer in its shortest form: 1, 2 or 4 bytes (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">The value, 0 to <see cref="MaxVarint"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside this range.</exception>
    public void WriteVarint(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxVarint);
        var width = GetVarintSize(value);
        if (TryTake(width, out var bytes))
            WriteVarintTo(bytes, width, value);
    }

    internal static int GetVarintSize(int value) => value switch
    {
        < 1 << 6 => 1,
        < 1 << 14 => 2,
        _ => 4,
    };

    private static void WriteVarintTo(Span<byte> bytes, int width, int value)
    {
        WritePrefix(bytes, width, value);
        // The first two bits are the logarithm of the size.
        bytes[0] |= (byte)((width >> 1) << 6);
    }
}
