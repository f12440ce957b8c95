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
    private const int Half = 8;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="room">How many bytes may be written.</param>
    /// <returns>How many were written; -1 if there is no room, or half of a surrogate pair in the text.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Encode(string text, ref byte destination, int room)
    {
        // Names and codes: 8 to 16 characters of ASCII are two vectors, which overlap. The general way takes longer to begin than these take in all.
        if (text.Length is >= Half and <= 2 * Half && text.Length <= room)
        {
            ref var characters = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
            var first = Vector128.LoadUnsafe(ref characters);
            var last = Vector128.LoadUnsafe(ref characters, (nuint)(text.Length - Half));
            if (((first | last) & Vector128.Create(unchecked((ushort)~0x7F))) == Vector128<ushort>.Zero)
            {
                var bytes = Vector128.Narrow(first, last).AsUInt64();
                Unsafe.WriteUnaligned(ref destination, bytes.ToScalar());
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, text.Length - Half), bytes.GetElement(1));
                return text.Length;
            }
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
