using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4).</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBytes(int min, int max, scoped ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (TryTakeVector(value.Length, min, max, name, out var bytes))
            value.CopyTo(bytes);
    }

    /// <summary>Writes <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2).</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public void WriteBytes(scoped ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (TryTakeVector(value.Length, name, out var bytes))
            value.CopyTo(bytes);
    }

    /// <summary>Writes <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4).</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, or there are no bytes, not even an empty array.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBytes(int min, int max, byte[] value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        WriteBytes(min, max, Required(value, name).AsSpan(), name);

    /// <summary>Writes <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2).</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or there are no bytes, not even an empty array.</exception>
    public void WriteBytes(byte[] value, [CallerArgumentExpression(nameof(value))] string? name = null) => WriteBytes(Required(value, name).AsSpan(), name);

    /// <summary>Writes a string of UTF-8 as <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, or the string is null or holds half of a surrogate pair.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteString(int min, int max, string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<string>(name);
        // Straight to where it belongs, if there is room.
        var start = _position;
        var width = WidthOf(min, max);
        if (start <= _bytes.Length - width)
        {
            ref var bytes = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start);
            var length = TextEncoder.Encode(value, ref Unsafe.Add(ref bytes, width), _bytes.Length - start - width);
            if (length >= 0)
            {
                CheckBound(length, min, max, name);
                WritePrefix(MemoryMarshal.CreateSpan(ref bytes, width), width, length);
                _position = start + width + length;
                return;
            }
        }

        WriteMeasuredString(min, max, value, name);
    }

    /// <summary>Writes a string of UTF-8 as <c>opaque v&lt;V&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the string is null or holds half of a surrogate pair.</exception>
    public void WriteString(string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<string>(name);
        // Most text has as many bytes as characters, and so a length of the width that is expected here.
        var width = GetVarintSize(value.Length);
        var start = _position;
        if (start <= _bytes.Length - width)
        {
            var bytes = _bytes[start..];
            var length = TextEncoder.Encode(value, ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), width), bytes.Length - width);
            if (length is >= 0 and <= MaxVarint && GetVarintSize(length) == width)
            {
                WriteVarintTo(bytes, width, length);
                _position = start + width + length;
                return;
            }
        }

        if (TryTakeVector(StrictUtf8.GetByteCount(value), name, out var content))
            StrictUtf8.GetBytes(value, content);
    }

    /// <summary>Writes a vector of numbers, <c>T v&lt;min..max&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound.</exception>
    public void WriteNumbers<T>(int min, int max, scoped ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged
    {
        var source = MemoryMarshal.AsBytes(values);
        if (TryTakeVector(source.Length, min, max, name, out var bytes))
            CopyBigEndian<T>(source, bytes);
    }

    /// <summary>Writes a vector of numbers, <c>T v&lt;V&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public void WriteNumbers<T>(scoped ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged
    {
        var source = MemoryMarshal.AsBytes(values);
        if (TryTakeVector(source.Length, name, out var bytes))
            CopyBigEndian<T>(source, bytes);
    }

    /// <summary>Writes a vector of numbers, <c>T v&lt;min..max&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound, or there is no array.</exception>
    public void WriteNumbers<T>(int min, int max, T[] values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => WriteNumbers<T>(min, max, Required(values, name).AsSpan(), name);

    /// <summary>Writes a vector of numbers, <c>T v&lt;V&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or there is no array.</exception>
    public void WriteNumbers<T>(T[] values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => WriteNumbers<T>(Required(values, name).AsSpan(), name);

    /// <summary>Writes a vector of numbers, <c>T v&lt;min..max&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound, or there is no list.</exception>
    public void WriteNumbers<T>(int min, int max, List<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => WriteNumbers<T>(min, max, CollectionsMarshal.AsSpan(Required(values, name)), name);

    /// <summary>Writes a vector of numbers, <c>T v&lt;V&gt;</c>, each big-endian.</summary>
    /// <typeparam name="T">An integer, a floating-point number or an enum.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or there is no list.</exception>
    public void WriteNumbers<T>(List<T> values, [CallerArgumentExpression(nameof(values))] string? name = null)
        where T : unmanaged => WriteNumbers<T>(CollectionsMarshal.AsSpan(Required(values, name)), name);

    /// <summary>Copies numbers from this machine's order of bytes to big-endian or back.</summary>
    internal static void CopyBigEndian<T>(ReadOnlySpan<byte> source, Span<byte> destination)
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
            throw new NotSupportedException($"{typeof(T).Name} is no number.");
    }

    // Does not go into callers, as what does is limited: here are only strings that have no room, or that measure.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteMeasuredString(int min, int max, string value, string? name)
    {
        if (TryTakeVector(StrictUtf8.GetByteCount(value), min, max, name, out var content))
            StrictUtf8.GetBytes(value, content);
    }

    private static int WidthOf(int min, int max) => min == max ? 0 : GetPrefixWidth(max);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeVector(int length, int min, int max, string? name, out Span<byte> content)
    {
        CheckBound(length, min, max, name);
        var width = WidthOf(min, max);
        if (!TryTake(checked(width + length), out content))
            return false;
        WritePrefix(content, width, length);
        content = content[width..];
        return true;
    }

    private bool TryTakeVector(int length, string? name, out Span<byte> content)
    {
        CheckBound(length, 0, MaxVarint, name);
        var width = GetVarintSize(length);
        if (!TryTake(checked(width + length), out content))
            return false;
        WriteVarintTo(content, width, length);
        content = content[width..];
        return true;
    }
}
