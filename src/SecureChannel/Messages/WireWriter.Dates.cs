using System.Buffers.Binary;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Writes a date: 4 bytes, big-endian, the number of days since 0001-01-01.</summary>
    public void WriteDateOnly(DateOnly value) => WriteInt32(value.DayNumber);

    /// <summary>Writes a time of day: 8 bytes, big-endian, the number of 100 ns since midnight.</summary>
    public void WriteTimeOnly(TimeOnly value) => WriteInt64(value.Ticks);

    /// <summary>
    /// Writes a decimal: 13 bytes. The first has the sign in its highest bit and below it the number of digits after the point, 0 to 28; the others are the digits
    /// as a 96-bit integer, big-endian.
    /// </summary>
    public void WriteDecimal(decimal value)
    {
        if (!TryTake(13, out var bytes))
            return;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        // decimal.GetBits: the last part has the sign in bit 31 and the scale in bits 16 to 23
        bytes[0] = (byte)(((parts[3] >> 24) & 0x80) | ((parts[3] >> 16) & 0x7F));
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], parts[2]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], parts[1]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[9..], parts[0]);
    }
}
