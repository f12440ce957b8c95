using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

/// <summary>
/// A reader of values in the presentation language (RFC 9846 section 3; RFC 9420 section 2.1) from a span of bytes. No method throws on invalid input, reads
/// past the end of the input, or allocates more memory than the input justifies.
/// </summary>
/// <remarks>After a method returned false, <see cref="Error"/> has the offset and the reason, and the reader cannot be used any further.</remarks>
public ref partial struct WireReader
{
    /// <summary>The maximum depth of nested messages.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _offset;
    private int _end;
    private int _depth;
    private int _failedField;
    private WireError _error;
    // Zero means the newest version, so that a reader without a version has nothing to set.
    private readonly int _version;

    /// <summary>Creates a reader that starts at the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The input.</param>
    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _end = bytes.Length;
    }

    /// <summary>Creates a reader that starts at the beginning of <paramref name="bytes"/> and reads messages of a given version of the protocol.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="version">The version, 1 or more. The input does not contain fields whose <see cref="SinceAttribute"/> names a later version.</param>
    public WireReader(ReadOnlySpan<byte> bytes, int version)
        : this(bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        _version = version;
    }

    /// <summary>Gets the version of the protocol, which determines the fields of a message; <see cref="int.MaxValue"/> for the newest version.</summary>
    public readonly int Version => _version == 0 ? int.MaxValue : _version;

    /// <summary>Gets the position of the next byte. Pass the position to <see cref="Seek"/> to return to this byte.</summary>
    public readonly WirePosition Position => new(_offset);

    /// <summary>Gets the number of bytes that were read.</summary>
    public readonly int BytesConsumed => _offset;

    /// <summary>Gets the number of bytes that are left in the input, or in the innermost vector that was entered.</summary>
    public readonly int Remaining => _end - _offset;

    /// <summary>Gets a value that indicates whether the reader is at the end of the input, or of the innermost vector that was entered.</summary>
    public readonly bool IsAtEnd => _offset == _end;

    /// <summary>Gets the offset, field and reason of the failure. The reason is <see cref="WireErrorReason.None"/> if no method failed.</summary>
    public readonly WireError Error => _error;

    /// <summary>Continues at another position in the same input.</summary>
    /// <param name="position">A value of <see cref="Position"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The position is after the end of the input or of the innermost vector: it belongs to another reader.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Seek(WirePosition position)
    {
        // Later reads do not check the input's length again.
        if (position.Offset > _end)
            ThrowForeignPosition();
        _offset = position.Offset;
    }

    /// <summary>Tries to read a nested message.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>True if the input contains the message; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadMessage<T>([MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        if (_depth < MaxDepth)
        {
            _depth++;
            if (T.TryRead(ref this, out message))
            {
                _depth--;
                return true;
            }
        }
        else
        {
            Fail(WireErrorReason.TooDeep);
        }

        message = default;
        return false;
    }

    /// <summary>
    /// Tries to read a message that is an element of a vector. An element must have at least one byte; otherwise, a short vector could have any number of
    /// elements.
    /// </summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>True if the input contains the message; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadElement<T>([MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        var start = _offset;
        return TryReadMessage(out message) && (_offset > start || Fail(WireErrorReason.EmptyElement));
    }

    /// <summary>
    /// Tries to enter a vector of <paramref name="min"/> to <paramref name="max"/> bytes. Until <see cref="TryLeaveVector"/> is called, the reader treats the
    /// end of the vector as the end of the input.
    /// </summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <param name="outer">A value for <see cref="TryLeaveVector"/>.</param>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnterVector(int min, int max, out int outer)
    {
        outer = _end;
        if (TryPeekVector(_offset, min, max, out var width, out var length))
        {
            _offset += width;
            _end = _offset + length;
            return true;
        }

        FailVector(min, max);
        return false;
    }

    /// <summary>
    /// Tries to enter a vector whose length is a variable-size integer. Until <see cref="TryLeaveVector"/> is called, the reader treats the end of the vector
    /// as the end of the input.
    /// </summary>
    /// <param name="outer">A value for <see cref="TryLeaveVector"/>.</param>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public bool TryEnterVector(out int outer)
    {
        outer = _end;
        if (!TryReadLength(out var length))
            return false;
        _end = _offset + length;
        return true;
    }

    /// <summary>Tries to leave a vector, which must have been read to its end.</summary>
    /// <param name="outer">The value that the method which entered the vector returned.</param>
    /// <returns>True if the reader is at the end of the vector; otherwise, false.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outer"/> is not the value that was returned for this vector.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLeaveVector(int outer)
    {
        if (!IsAtEnd)
            return FailTrailing("in the vector");
        // Later reads do not check the input's length again.
        ArgumentOutOfRangeException.ThrowIfLessThan(outer, _end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outer, _bytes.Length);
        _end = outer;
        return true;
    }

    /// <summary>Checks that the input was read to its end.</summary>
    /// <returns>True if no bytes are left; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnd() => IsAtEnd || FailTrailing("after the message");

    /// <summary>Gets the whole input, including the bytes that were read.</summary>
    internal readonly ReadOnlySpan<byte> Input => _bytes;

    /// <summary>Returns a reference to the byte at an offset. The caller must have checked that the offset is within the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly ref byte ByteAt(int offset) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), offset);

    /// <summary>Returns the number of bytes between an offset and the end of the input, or of the innermost vector.</summary>
    internal readonly int RemainingAt(int offset) => _end - offset;

    /// <summary>Continues at a position without a check. The caller must have checked that the position is within the input.</summary>
    internal void AdvanceTo(WirePosition position) => _offset = position.Offset;

    /// <summary>Tries to read <paramref name="count"/> bytes without copying them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        var start = _offset;
        if ((uint)count > (uint)(_end - start))
        {
            FailTruncated(count);
            bytes = default;
            // Returns a constant, so that the JIT can omit the check of the result in the caller.
            return false;
        }

        _offset = start + count;
        // A slice would repeat the check above: start + count <= _end, and start <= _end <= _bytes.Length always holds.
        bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), count);
        return true;
    }

    [DoesNotReturn]
    private static void ThrowForeignPosition() =>
        throw new ArgumentOutOfRangeException("position", "The position is after the end of the input. Pass a position that this reader returned.");
}
