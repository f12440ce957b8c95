using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SecureChannel.Messages;

/// <summary>
/// The encoding of a value of fixed size: a Boolean, an integer, a floating-point number, an enum, a UUID, an instant or a time span. The JIT evaluates each
/// type check at compile time. The caller must have checked that the buffer has <see cref="SizeOf"/> bytes left.
/// </summary>
internal static class FixedSizeEncoding
{
    // RFC 9562 section 4: three numbers, most significant byte first, then eight bytes. A Guid in memory has the numbers in the byte order of the machine.
    private static Vector128<byte> UuidOrder => Vector128.Create((byte)3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOf<T>()
        where T : unmanaged => typeof(T) == typeof(DateTimeOffset) ? sizeof(long) : Unsafe.SizeOf<T>();

    /// <summary>Writes a value.</summary>
    /// <returns>A reference to the byte after the value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write<T>(ref byte at, T value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(bool))
            at = Unsafe.BitCast<T, bool>(value) ? (byte)1 : (byte)0;
        else if (typeof(T) == typeof(DateTimeOffset))
            WriteBigEndian(ref at, Unsafe.BitCast<T, DateTimeOffset>(value).UtcTicks);
        else if (typeof(T) == typeof(Guid))
            InUuidOrder(Unsafe.BitCast<T, Vector128<byte>>(value)).StoreUnsafe(ref at);
        else
            WriteBigEndian(ref at, value);
        return ref Unsafe.Add(ref at, SizeOf<T>());
    }

    /// <summary>Tries to read a value.</summary>
    /// <param name="start">A reference to the first byte of the first value.</param>
    /// <param name="offset">The offset of this value; afterwards, the offset of the next value.</param>
    /// <param name="value">The value.</param>
    /// <returns>True if the bytes are a valid value; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead<T>(ref byte start, ref int offset, out T value)
        where T : unmanaged
    {
        ref var at = ref Unsafe.Add(ref start, offset);
        offset += SizeOf<T>();
        if (typeof(T) == typeof(bool))
        {
            value = Unsafe.BitCast<bool, T>(at == 1);
            return at <= 1;
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            var ticks = ReadBigEndian<ulong>(ref at);
            var isInRange = ticks <= (ulong)DateTimeOffset.MaxValue.UtcTicks;
            value = Unsafe.BitCast<DateTimeOffset, T>(isInRange ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : default);
            return isInRange;
        }

        value = typeof(T) == typeof(Guid)
            ? Unsafe.BitCast<Vector128<byte>, T>(InUuidOrder(Vector128.LoadUnsafe(ref at)))
            : ReadBigEndian<T>(ref at);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> InUuidOrder(Vector128<byte> uuid) => BitConverter.IsLittleEndian ? Vector128.Shuffle(uuid, UuidOrder) : uuid;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBigEndian<T>(ref byte at, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref at, ToBigEndian(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReadBigEndian<T>(ref byte at)
        where T : unmanaged => ToBigEndian(Unsafe.ReadUnaligned<T>(ref at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ToBigEndian<T>(T value)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1 || !BitConverter.IsLittleEndian)
            return value;
        if (Unsafe.SizeOf<T>() == 2)
            return Unsafe.BitCast<ushort, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ushort>(value)));
        if (Unsafe.SizeOf<T>() == 4)
            return Unsafe.BitCast<uint, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, uint>(value)));
        if (Unsafe.SizeOf<T>() == 8)
            return Unsafe.BitCast<ulong, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ulong>(value)));
        if (typeof(T) == typeof(UInt128) || typeof(T) == typeof(Int128))
            return Unsafe.BitCast<UInt128, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, UInt128>(value)));
        throw new NotSupportedException(
            $"A value of type '{typeof(T).Name}' does not have a fixed size on the wire. Use a type that 'WireReader.TryReadFixed' supports.");
    }
}
