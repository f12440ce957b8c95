using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write a vector of numbers, <c>T v&lt;min..max&gt;</c> or <c>T v&lt;V&gt;</c>, each big-endian: integers, floating-point numbers or
/// open enums. Every bit pattern is valid, so that the whole vector is converted at once.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Numbers
{
    /// <summary>Tries to read an array of numbers from a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadNumbers<T>(this scoped ref WireReader reader, int min, int max, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        values = null;
        return reader.TryReadBytes(min, max, out var bytes) && TryConvert(ref reader, bytes, out values);
    }

    /// <summary>Tries to read an array of numbers from a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadNumbers<T>(this scoped ref WireReader reader, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        values = null;
        return reader.TryReadBytes(out var bytes) && TryConvert(ref reader, bytes, out values);
    }

    /// <summary>Writes numbers as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds.</exception>
    public static void WriteNumbers<T>(
        this scoped ref WireWriter writer, int min, int max, scoped ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged
    {
        var source = MemoryMarshal.AsBytes(values);
        if (writer.TryTakeVector(source.Length, min, max, name, out var bytes))
            CopyBigEndian<T>(source, bytes);
    }

    /// <summary>Writes numbers as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public static void WriteNumbers<T>(
        this scoped ref WireWriter writer, scoped ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged
    {
        var source = MemoryMarshal.AsBytes(values);
        if (writer.TryTakeVector(source.Length, name, out var bytes))
            CopyBigEndian<T>(source, bytes);
    }

    /// <summary>Writes numbers as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or the array is null.</exception>
    public static void WriteNumbers<T>(
        this scoped ref WireWriter writer, int min, int max, T[] values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => writer.WriteNumbers<T>(min, max, values.Required(name).AsSpan(), name);

    /// <summary>Writes numbers as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the array is null.</exception>
    public static void WriteNumbers<T>(this scoped ref WireWriter writer, T[] values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => writer.WriteNumbers<T>(values.Required(name).AsSpan(), name);

    /// <summary>Writes numbers as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or the list is null.</exception>
    public static void WriteNumbers<T>(
        this scoped ref WireWriter writer, int min, int max, List<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => writer.WriteNumbers<T>(min, max, CollectionsMarshal.AsSpan(values.Required(name)), name);

    /// <summary>Writes numbers as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the list is null.</exception>
    public static void WriteNumbers<T>(this scoped ref WireWriter writer, List<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => writer.WriteNumbers<T>(CollectionsMarshal.AsSpan(values.Required(name)), name);

    private static bool TryConvert<T>(scoped ref WireReader reader, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged
    {
        var rest = bytes.Length % Unsafe.SizeOf<T>();
        if (rest != 0)
        {
            values = null;
            return FailLast<T>(ref reader, bytes.Length / Unsafe.SizeOf<T>(), rest);
        }

        values = bytes.IsEmpty ? [] : GC.AllocateUninitializedArray<T>(bytes.Length / Unsafe.SizeOf<T>());
        CopyBigEndian<T>(bytes, MemoryMarshal.AsBytes(values.AsSpan()));
        return true;
    }

    // The last number is truncated by the end of the vector.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FailLast<T>(scoped ref WireReader reader, int index, int rest)
    {
        reader.EndHere();
        reader.AdvanceTo(new WirePosition(reader.BytesConsumed - rest));
        reader.FailTruncated(Unsafe.SizeOf<T>());
        return reader.FailAt(index);
    }

    // Converts between the byte order of the machine and big-endian; the conversion is its own inverse.
    private static void CopyBigEndian<T>(ReadOnlySpan<byte> source, Span<byte> destination)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1 || !BitConverter.IsLittleEndian)
            source.CopyTo(destination);
        else if (Unsafe.SizeOf<T>() == 2)
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(destination));
        else if (Unsafe.SizeOf<T>() == 4)
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(destination));
        else if (Unsafe.SizeOf<T>() == 8)
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(destination));
        else if (Unsafe.SizeOf<T>() == 16)
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, UInt128>(source), MemoryMarshal.Cast<byte, UInt128>(destination));
        else
            throw new NotSupportedException($"'{typeof(T).Name}' is not a number.");
    }
}
