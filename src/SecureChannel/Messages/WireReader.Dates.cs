using System.Buffers.Binary;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Reads a date: 4 bytes, big-endian, the number of days since 0001-01-01.</summary>
    public bool TryReadDateOnly(out DateOnly value)
    {
        value = default;
        if (!TryReadUInt32(out var days))
            return false;
        if (days > (uint)DateOnly.MaxValue.DayNumber)
            return FailBack(4, WireErrorReason.OutOfRange);

        value = DateOnly.FromDayNumber((int)days);
        return true;
    }

    /// <summary>Reads a time of day: 8 bytes, big-endian, the number of 100 ns since midnight.</summary>
    public bool TryReadTimeOnly(out TimeOnly value)
    {
        value = default;
        if (!TryReadUInt64(out var ticks))
            return false;
        if (ticks > (ulong)TimeOnly.MaxValue.Ticks)
            return FailBack(8, WireErrorReason.OutOfRange);

        value = new TimeOnly((long)ticks);
        return true;
    }

    /// <summary>
    /// Reads a decimal: 13 bytes. The first has the sign in its highest bit and below it the number of digits after the point, 0 to 28; the others are the digits as
    /// a 96-bit integer, big-endian. All bits of a decimal survive, so that 1.0 and 1.00 remain different.
    /// </summary>
    public bool TryReadDecimal(out decimal value)
    {
        value = 0;
        if (!TryTake(13, out var bytes))
            return false;
        var scale = (byte)(bytes[0] & 0x7F);
        if (scale > MaxDecimalScale)
            return FailBack(13, WireErrorReason.OutOfRange, $"a decimal has {scale} digits after the point, where {MaxDecimalScale} are the most");

        value = new decimal(
            BinaryPrimitives.ReadInt32BigEndian(bytes[9..]), BinaryPrimitives.ReadInt32BigEndian(bytes[5..]), BinaryPrimitives.ReadInt32BigEndian(bytes[1..]),
            isNegative: bytes[0] >> 7 == 1, scale);
        return true;
    }

    private const int MaxDecimalScale = 28;
}
