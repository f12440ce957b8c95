using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace SecureChannel.Messages;

/// <summary>Text to UTF-8 (RFC 3629).</summary>
internal static class TextEncoder
{
    private const int Block = 8;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="room">How many bytes may be written.</param>
    /// <returns>How many were written; -1 if there is no room, or half of a surrogate pair in the text.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Encode(string text, ref byte destination, int room)
    {
        // Names, codes and titles: up to 64 characters of ASCII are vectors of 8, the last over the one before. The general way takes longer to begin.
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

            // What is not ASCII is written over.
            if ((all & Vector128.Create(unchecked((ushort)~0x7F))) == Vector128<ushort>.Zero)
                return text.Length;
        }

        return EncodeAny(text, MemoryMarshal.CreateSpan(ref destination, room));
    }

    private static int EncodeAny(string text, Span<byte> destination)
    {
        // Most text is ASCII; of what is not, the rest is encoded.
        if (Ascii.FromUtf16(text, destination, out var ascii) == OperationStatus.Done)
            return ascii;
        var status = Utf8.FromUtf16(text.AsSpan(ascii), destination[ascii..], out _, out var more, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? ascii + more : -1;
    }
}
