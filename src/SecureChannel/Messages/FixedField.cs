using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SecureChannel.Messages;

/// <summary>
/// What a field of fixed size is on the wire: a flag, an integer, a floating-point number, an enum, a UUID, an instant or a span of time. Each test of the
/// type is answered while the code is compiled. Whoever calls has checked that there are <see cref="SizeOf"/> bytes.
/// </summary>
internal static class FixedField
{
    // RFC 9562 section 4: three numbers, most significant byte first, and eight bytes, where a Guid in memory has the numbers in the machine's order.
    private static Vector128<byte> UuidOrder => Vector128.Create((byte)3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOf<T>()
        where T : unmanaged => typeof(T) == typeof(DateTimeOffset) ? sizeof(long) : Unsafe.SizeOf<T>();

    /// <summary>Writes a field.</summary>
    /// <returns>Where the next one goes.</returns>
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

    /// <summary>Reads a field.</summary>
    /// <param name="start">Where the fields begin.</param>
    /// <param name="offset">Where this one begins; afterwards, where the next does.</param>
    /// <param name="value">The field.</param>
    /// <returns>Whether its bytes are one of its type.</returns>
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
        throw new NotSupportedException($"{typeof(T).Name} has no fixed place on the wire.");
    }
}
