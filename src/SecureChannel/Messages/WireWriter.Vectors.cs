using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4).</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="value">The bytes.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is outside the bounds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBytes(int min, int max, scoped ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (TryTakeVector(value.Length, min, max, name, out var bytes))
            value.CopyTo(bytes);
    }

    /// <summary>Writes <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public void WriteBytes(scoped ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (TryTakeVector(value.Length, name, out var bytes))
            value.CopyTo(bytes);
    }

    /// <summary>Writes <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4).</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="value">The bytes.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is outside the bounds, or the array is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBytes(int min, int max, byte[] value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<byte[]>(name);
        WriteBytes(min, max, value.AsSpan(), name);
    }

    /// <summary>Writes <c>opaque v&lt;V&gt;</c> (RFC 9420 section 2.1.2).</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the array is null.</exception>
    public void WriteBytes(byte[] value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<byte[]>(name);
        WriteBytes(value.AsSpan(), name);
    }

    /// <summary>Writes a UTF-8 string as <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="value">The string.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is outside the bounds, or the string is null or contains an unpaired surrogate.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteString(int min, int max, string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<string>(name);
        // Encodes the string directly into the destination if there is room.
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

    /// <summary>Writes a UTF-8 string as <c>opaque v&lt;V&gt;</c>.</summary>
    /// <param name="value">The string.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or the string is null or contains an unpaired surrogate.</exception>
    public void WriteString(string value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is null)
            ThrowNull<string>(name);
        // Most strings have as many bytes as characters, so that the width of the length is usually this one.
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

    /// <summary>Writes bytes without a length prefix. Nothing can follow these bytes in the message or in the enclosing vector.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">The maximum size in bytes.</param>
    /// <param name="value">The bytes.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">The size is outside the bounds.</exception>
    public void WriteRemainder(int min, int max, scoped ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        CheckBound(value.Length, min, max, name);
        if (TryTake(value.Length, out var bytes))
            value.CopyTo(bytes);
    }

    /// <summary>
    /// Checks the size of a vector, writes its length and reserves room for its content. Returns false if the writer only measures the vector.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTakeVector(int length, int min, int max, string? name, out Span<byte> content)
    {
        CheckBound(length, min, max, name);
        var width = WidthOf(min, max);
        if (!TryTake(checked(width + length), out content))
            return false;
        WritePrefix(content, width, length);
        content = content[width..];
        return true;
    }

    /// <summary>
    /// Checks the size of a vector, writes its length as a variable-size integer and reserves room for its content. Returns false if the writer only measures
    /// the vector.
    /// </summary>
    internal bool TryTakeVector(int length, string? name, out Span<byte> content)
    {
        CheckBound(length, 0, MaxVarint, name);
        var width = GetVarintSize(length);
        if (!TryTake(checked(width + length), out content))
            return false;
        WriteVarintTo(content, width, length);
        content = content[width..];
        return true;
    }

    // Not inlined, because the JIT limits what it inlines: only strings without room, or that are measured, get here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteMeasuredString(int min, int max, string value, string? name)
    {
        if (TryTakeVector(StrictUtf8.GetByteCount(value), min, max, name, out var content))
            StrictUtf8.GetBytes(value, content);
    }

    private static int WidthOf(int min, int max) => min == max ? 0 : GetPrefixWidth(max);
}
