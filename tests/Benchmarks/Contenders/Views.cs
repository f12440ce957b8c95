using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;
using SecureChannel.Benchmarks.Shapes;

namespace SecureChannel.Benchmarks.Contenders;

/// <summary>Uses every field of a view.</summary>
public static class Views
{
    /// <summary>Sums every field, with the length of each vector.</summary>
    /// <returns>The sum, or -1 if a text is not UTF-8 or the numbers are incomplete.</returns>
    public static long SumFields(scoped in MediumView view) => IsValid(view)
        ? view.Title.Length + view.Content.Length + view.Numbers.Length + view.Owner.Name.Length + SumScalars(view)
        : -1;

    /// <summary>Sums every field, with every byte and number of each vector.</summary>
    /// <returns>The sum, or -1 if a text is not UTF-8 or the numbers are incomplete.</returns>
    public static long SumContent(scoped in MediumView view) => IsValid(view)
        ? SumBytes(view.Title) + SumBytes(view.Content) + SumNumbers(view.Numbers) + SumBytes(view.Owner.Name) + SumScalars(view)
        : -1;

    private static bool IsValid(scoped in MediumView view) =>
        IsText(view.Title) && IsText(view.Owner.Name) && view.Numbers.Length % sizeof(int) == 0;

    // A fast path for short ASCII, which most text is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsText(ReadOnlySpan<byte> bytes) => IsShortAscii(bytes) || Utf8.IsValid(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsShortAscii(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 3 * Vector128<byte>.Count)
            return Ascii.IsValid(bytes);
        if (bytes.Length < Vector128<byte>.Count)
            return bytes.Length < sizeof(ulong)
                ? Ascii.IsValid(bytes)
                : ((BitConverter.ToUInt64(bytes) | BitConverter.ToUInt64(bytes[^sizeof(ulong)..])) & 0x8080_8080_8080_8080) == 0;

        // The last vector overlaps the previous one.
        var all = Vector128.Create(bytes) | Vector128.Create(bytes[^Vector128<byte>.Count..]);
        if (bytes.Length > 2 * Vector128<byte>.Count)
            all |= Vector128.Create(bytes[Vector128<byte>.Count..]);
        return all.ExtractMostSignificantBits() == 0;
    }

    private static long SumScalars(scoped in MediumView view) =>
        view.Owner.Number + view.Owner.Account + (view.Owner.IsOpen ? 1 : 0) + view.Owner.Id.Version + (int)view.State + view.At.UtcTicks + (view.Discount ?? 0);

    private static long SumBytes(ReadOnlySpan<byte> bytes)
    {
        // A 16-bit element cannot overflow with the sum of 256 bytes.
        var sum = 0L;
        while (bytes.Length >= Vector<byte>.Count)
        {
            var sums = Vector<ushort>.Zero;
            for (var i = 0; i < 128 && bytes.Length >= Vector<byte>.Count; i++, bytes = bytes[Vector<byte>.Count..])
            {
                Vector.Widen(new Vector<byte>(bytes), out var low, out var high);
                sums += low + high;
            }

            Vector.Widen(sums, out var lower, out var upper);
            sum += Vector.Sum(lower + upper);
        }

        foreach (var value in bytes)
            sum += value;
        return sum;
    }

    private static long SumNumbers(ReadOnlySpan<byte> bytes)
    {
        Span<int> block = stackalloc int[64];
        var sum = 0L;
        for (var numbers = MemoryMarshal.Cast<byte, int>(bytes); !numbers.IsEmpty; numbers = numbers[Math.Min(block.Length, numbers.Length)..])
        {
            var part = numbers[..Math.Min(block.Length, numbers.Length)];
            BinaryPrimitives.ReverseEndianness(part, block);
            var sums = Vector<long>.Zero;
            var i = 0;
            for (; i <= part.Length - Vector<int>.Count; i += Vector<int>.Count)
            {
                Vector.Widen(new Vector<int>(block[i..]), out var low, out var high);
                sums += low + high;
            }

            sum += Vector.Sum(sums);
            for (; i < part.Length; i++)
                sum += block[i];
        }

        return sum;
    }
}
