using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using SecureChannel.Benchmarks.Shapes;
using SecureChannel.Messages;

namespace SecureChannel.Benchmarks.Contenders;

public static partial class HandWritten
{
    /// <summary>Reads a small shape that fills the input.</summary>
    /// <returns>The reason of the rejection, or <see cref="WireErrorReason.None"/>.</returns>
    public static WireErrorReason Read(ReadOnlySpan<byte> bytes, out Small? small)
    {
        var reason = ReadSmall(ref bytes, out small);
        return End(reason, bytes);
    }

    /// <summary>Reads a medium shape that fills the input.</summary>
    /// <returns>The reason of the rejection, or <see cref="WireErrorReason.None"/>.</returns>
    public static WireErrorReason Read(ReadOnlySpan<byte> bytes, out Medium? medium)
    {
        var reason = ReadMedium(ref bytes, out medium);
        return End(reason, bytes);
    }

    /// <summary>Reads a large shape that fills the input.</summary>
    /// <returns>The reason of the rejection, or <see cref="WireErrorReason.None"/>.</returns>
    public static WireErrorReason Read(ReadOnlySpan<byte> bytes, out Large? large)
    {
        large = null;
        if (bytes.Length < 3)
            return WireErrorReason.Truncated;
        var size = (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        if (size > bytes.Length - 3)
            return WireErrorReason.Truncated;
        var rest = bytes.Slice(3, size);
        var orders = new List<Medium>();
        while (!rest.IsEmpty)
        {
            var reason = ReadMedium(ref rest, out var order);
            if (reason != WireErrorReason.None)
                return reason;
            orders.Add(order!);
        }

        large = new Large { Orders = orders };
        return End(WireErrorReason.None, bytes[(3 + size)..]);
    }

    private static WireErrorReason ReadSmall(ref ReadOnlySpan<byte> bytes, out Small? small)
    {
        small = null;
        if (bytes.Length < 13)
            return WireErrorReason.Truncated;
        if (bytes[12] > 1)
            return WireErrorReason.NotBoolean;
        if (bytes.Length < 30)
            return WireErrorReason.Truncated;
        var head = bytes[..29];
        bytes = bytes[29..];
        var reason = ReadText(ref bytes, 64, out var name);
        if (reason != WireErrorReason.None)
            return reason;
        small = new Small
        {
            Number = BinaryPrimitives.ReadInt32BigEndian(head),
            Account = BinaryPrimitives.ReadInt64BigEndian(head[4..]),
            IsOpen = head[12] == 1,
            Id = new Guid(head.Slice(13, 16), bigEndian: true),
            Name = name!,
        };
        return WireErrorReason.None;
    }

    private static WireErrorReason ReadMedium(ref ReadOnlySpan<byte> bytes, out Medium? medium)
    {
        medium = null;
        var reason = ReadText(ref bytes, 255, out var title);
        if (reason != WireErrorReason.None)
            return reason;
        if (!TryReadVector(ref bytes, out var content) || !TryReadVector(ref bytes, out var numbers) || numbers.Length % 4 != 0)
            return WireErrorReason.Truncated;
        reason = ReadSmall(ref bytes, out var owner);
        if (reason != WireErrorReason.None)
            return reason;

        if (bytes.Length < 9)
            return WireErrorReason.Truncated;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if ((ulong)ticks > (ulong)DateTimeOffset.MaxValue.UtcTicks)
            return WireErrorReason.OutOfRange;
        if (bytes.Length < 10)
            return WireErrorReason.Truncated;
        if (bytes[9] > 1)
            return WireErrorReason.NotBoolean;
        var tail = bytes[..10];
        bytes = bytes[10..];
        int? discount = null;
        if (tail[9] == 1)
        {
            if (bytes.Length < 4)
                return WireErrorReason.Truncated;
            discount = BinaryPrimitives.ReadInt32BigEndian(bytes);
            bytes = bytes[4..];
        }

        var values = new int[numbers.Length / 4];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(numbers), values);
        medium = new Medium
        {
            Title = title!,
            Content = content.ToArray(),
            Numbers = values,
            Owner = owner!,
            State = (OrderState)tail[0],
            At = new DateTimeOffset(ticks, TimeSpan.Zero),
            Discount = discount,
        };
        return WireErrorReason.None;
    }

    private static WireErrorReason ReadText(ref ReadOnlySpan<byte> bytes, int max, out string? text)
    {
        text = null;
        if (bytes.IsEmpty)
            return WireErrorReason.Truncated;
        var length = bytes[0];
        if (length > max)
            return WireErrorReason.LengthOutOfBounds;
        if (bytes.Length < 1 + length)
            return WireErrorReason.Truncated;
        var content = bytes.Slice(1, length);
        if (!Utf8.IsValid(content))
            return WireErrorReason.InvalidText;
        text = Encoding.UTF8.GetString(content);
        bytes = bytes[(1 + length)..];
        return WireErrorReason.None;
    }

    private static bool TryReadVector(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (bytes.Length < 2)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < 2 + length)
            return false;
        content = bytes.Slice(2, length);
        bytes = bytes[(2 + length)..];
        return true;
    }

    private static WireErrorReason End(WireErrorReason reason, ReadOnlySpan<byte> rest) =>
        reason != WireErrorReason.None || rest.IsEmpty ? reason : WireErrorReason.TrailingBytes;
}
