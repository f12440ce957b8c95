using System.Buffers.Binary;
using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write a decimal: 13 bytes. The highest bit of the first byte is the sign; the other bits of that byte are the number of digits after
/// the decimal point, 0 to 28. The other 12 bytes are the digits as a 96-bit integer, big-endian. All bits are preserved, so that 1.0 and 1.00 remain
/// different.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Decimals
{
    private const int Size = 13;
    private const int MaxScale = 28;

    /// <summary>Tries to read a decimal.</summary>
    /// <returns>True if the input contains a valid decimal; otherwise, false.</returns>
    public static bool TryReadDecimal(this scoped ref WireReader reader, out decimal value)
    {
        value = 0;
        if (!reader.TryTake(Size, out var bytes))
            return false;
        var scale = (byte)(bytes[0] & 0x7F);
        if (scale > MaxScale)
        {
            return reader.FailBack(
                Size, WireErrorReason.OutOfRange, $"the decimal has {scale} digits after the decimal point, but must have at most {MaxScale}");
        }

        value = new decimal(
            BinaryPrimitives.ReadInt32BigEndian(bytes[9..]), BinaryPrimitives.ReadInt32BigEndian(bytes[5..]), BinaryPrimitives.ReadInt32BigEndian(bytes[1..]),
            isNegative: bytes[0] >> 7 == 1, scale);
        return true;
    }

    /// <summary>Writes a decimal.</summary>
    public static void WriteDecimal(this scoped ref WireWriter writer, decimal value)
    {
        if (!writer.TryTake(Size, out var bytes))
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
