using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SecureChannel.Benchmarks.Shapes;

namespace SecureChannel.Benchmarks.Contenders;

/// <summary>A codec that is written by hand for the three shapes without a library. It writes the bytes of the generated codecs and rejects the same input.</summary>
public static partial class HandWritten
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a small shape.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> bytes, Small small)
    {
        ArgumentNullException.ThrowIfNull(small);
        // One slice, so that there is a single bounds check.
        var head = bytes[..29];
        BinaryPrimitives.WriteInt32BigEndian(head, small.Number);
        BinaryPrimitives.WriteInt64BigEndian(head[4..], small.Account);
        head[12] = small.IsOpen ? (byte)1 : (byte)0;
        small.Id.TryWriteBytes(head[13..], bigEndian: true, out _);
        return 29 + WriteText(bytes[29..], small.Name, 64);
    }

    /// <summary>Writes a medium shape.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> bytes, Medium medium)
    {
        ArgumentNullException.ThrowIfNull(medium);
        var position = WriteText(bytes, medium.Title, 255);

        CheckBound(medium.Content.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[position..], (ushort)medium.Content.Length);
        medium.Content.CopyTo(bytes[(position + 2)..]);
        position += 2 + medium.Content.Length;

        var size = 4 * medium.Numbers.Length;
        CheckBound(size);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[position..], (ushort)size);
        BinaryPrimitives.ReverseEndianness(medium.Numbers, MemoryMarshal.Cast<byte, int>(bytes.Slice(position + 2, size)));
        position += 2 + size;

        position += Write(bytes[position..], medium.Owner);

        var tail = bytes[position..];
        tail[0] = (byte)medium.State;
        BinaryPrimitives.WriteInt64BigEndian(tail[1..], medium.At.UtcTicks);
        if (medium.Discount is not { } discount)
        {
            tail[9] = 0;
            return position + 10;
        }

        tail[9] = 1;
        BinaryPrimitives.WriteInt32BigEndian(tail[10..], discount);
        return position + 14;
    }

    /// <summary>Writes a large shape.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> bytes, Large large)
    {
        ArgumentNullException.ThrowIfNull(large);
        var position = 3;
        foreach (var order in CollectionsMarshal.AsSpan(large.Orders))
            position += Write(bytes[position..], order);
        var size = position - 3;
        if (size > 0xFFFFFF)
            throw new ArgumentException("The list has too many orders.");
        bytes[0] = (byte)(size >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)size);
        return position;
    }

    private static int WriteText(Span<byte> bytes, string text, int max)
    {
        var room = bytes[1..];
        // A fast path for ASCII, which most text is.
        if (Ascii.FromUtf16(text, room, out var length) != OperationStatus.Done)
            length = text.Length > max ? StrictUtf8.GetByteCount(text) : StrictUtf8.TryGetBytes(text, room, out var written) ? written : -1;
        if (length < 0 || length > max)
            throw new ArgumentException("The text is too long.");
        bytes[0] = (byte)length;
        return 1 + length;
    }

    private static void CheckBound(int size)
    {
        if (size > 0xFFFF)
            throw new ArgumentException("The vector is too long.");
    }
}
