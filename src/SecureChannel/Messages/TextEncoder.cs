using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Messages;

/// <summary>An encoder of strings as UTF-8 (RFC 3629).</summary>
internal static class TextEncoder
{
    private const int Block = 8;

    /// <summary>Encodes a string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="destination">The first byte of the destination.</param>
    /// <param name="room">The number of bytes in the destination.</param>
    /// <returns>The number of bytes that were written, or -1 if the destination is too small or the string contains an unpaired surrogate.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Encode(string text, ref byte destination, int room)
    {
        // A short string, up to 64 ASCII characters, is encoded in blocks of 8, of which the last overlaps the one before. The general method has a higher
        // fixed cost.
        if (text.Length is >= Block and <= 8 * Block && text.Length <= room)
        {
            ref var characters = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
            var all = Vector128<ushort>.Zero;
            for (int at = 0, last = text.Length - Block; ; at = Math.Min(at + Block, last))
            {
                var block = Vector128.LoadUnsafe(ref characters, (nuint)at);
                all |= block;
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, at), Vector128.Narrow(block, block).AsUInt64().ToScalar());
                if (at == last)
                    break;
            }

            // If the string is not ASCII, the general method overwrites the bytes.
            if ((all & Vector128.Create(unchecked((ushort)~0x7F))) == Vector128<ushort>.Zero)
                return text.Length;
        }

        return EncodeAny(text, MemoryMarshal.CreateSpan(ref destination, room));
    }

    private static int EncodeAny(string text, Span<byte> destination)
    {
        // Most strings are ASCII. Otherwise, encodes the rest after the ASCII prefix.
        if (Ascii.FromUtf16(text, destination, out var ascii) == OperationStatus.Done)
            return ascii;
        var status = Utf8.FromUtf16(text.AsSpan(ascii), destination[ascii..], out _, out var more, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? ascii + more : -1;
    }
}
