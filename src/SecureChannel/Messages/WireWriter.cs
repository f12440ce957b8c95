using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

/// <summary>
/// A writer of values in the presentation language (RFC 9846 section 3; RFC 9420 section 2.1) to a span of bytes, which can also measure the values without
/// writing them. Does not allocate.
/// </summary>
public ref partial struct WireWriter
{
    // Empty while the writer measures, so that one check, whether there is room, serves both cases.
    private Span<byte> _bytes;
    private int _position;
    private Mode _mode;
    private byte _depth;
    // Zero means the newest version, so that a writer without a version has nothing to set.
    private readonly int _version;

    /// <summary>Creates a writer that starts at the beginning of <paramref name="bytes"/>, which must have room for all writes.</summary>
    /// <param name="bytes">The destination.</param>
    public WireWriter(Span<byte> bytes) => _bytes = bytes;

    /// <summary>Creates a writer that starts at the beginning of <paramref name="bytes"/> and writes messages of a given version of the protocol.</summary>
    /// <param name="bytes">The destination.</param>
    /// <param name="version">The version, 1 or more. Fields whose <see cref="SinceAttribute"/> names a later version are not written.</param>
    public WireWriter(Span<byte> bytes, int version)
        : this(bytes, Mode.Writing, version) => ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);

    private WireWriter(Span<byte> bytes, Mode mode, int version = 0)
    {
        _bytes = bytes;
        _mode = mode;
        _version = version;
    }

    private enum Mode : byte
    {
        Writing,
        Trying,
        Measuring,
    }

    /// <summary>Gets the version of the protocol, which determines the fields of a message; <see cref="int.MaxValue"/> for the newest version.</summary>
    public readonly int Version => _version == 0 ? int.MaxValue : _version;

    /// <summary>Gets the number of bytes that were written or measured.</summary>
    public readonly int BytesWritten => _position;

    /// <summary>Measures the size of a message without writing the message.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>The exact size in bytes.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    public static int Measure<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var writer = new WireWriter(default, Mode.Measuring);
        T.Write(ref writer, message);
        return writer._position;
    }

    /// <summary>Writes a nested message.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="name">The name of the field, for exceptions; the compiler passes it.</param>
    /// <exception cref="ArgumentException">
    /// The message is null, or is nested deeper than <see cref="WireReader.MaxDepth"/>; a message that contains itself always is.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessage<T>(scoped in T message, [CallerArgumentExpression(nameof(message))] string? name = null)
        where T : IMessage<T>, allows ref struct
    {
        if (IsNull(in message))
            ThrowNull<T>(name);
        if (_depth == WireReader.MaxDepth - 1)
            ThrowTooDeep();
        _depth++;
        T.Write(ref this, message);
        _depth--;
    }

    /// <summary>Writes a message that is an element of a vector.</summary>
    /// <typeparam name="T">The type of the message.</typeparam>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentException">The message is null, or has no bytes: a reader could not count such elements.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteElement<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var start = _position;
        WriteMessage(message, null);
        if (_position == start)
            ThrowEmptyElement<T>();
    }

    /// <summary>Begins a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">
    /// The maximum size in bytes, which determines the width of the length prefix. There is no prefix if it equals <paramref name="min"/>.
    /// </param>
    /// <returns>A value for <see cref="EndVector(int, int, int)"/>.</returns>
    public int BeginVector(int min, int max)
    {
        TryTake(min == max ? 0 : GetPrefixWidth(max), out _);
        return _position;
    }

    /// <summary>Begins a vector whose length is a variable-size integer.</summary>
    /// <returns>A value for <see cref="EndVector(int)"/>.</returns>
    public int BeginVector()
    {
        TryTake(1, out _);
        return _position;
    }

    /// <summary>Ends a vector: writes the length in front of the content.</summary>
    /// <param name="start">The value that <see cref="BeginVector(int, int)"/> returned.</param>
    /// <param name="min">The minimum size in bytes.</param>
    /// <param name="max">The maximum size in bytes.</param>
    /// <exception cref="ArgumentException">The size of the content is outside the bounds.</exception>
    public readonly void EndVector(int start, int min, int max)
    {
        var length = _position - start;
        CheckBound(length, min, max, null);
        if (!HasWritten || min == max)
            return;
        var width = GetPrefixWidth(max);
        WritePrefix(_bytes.Slice(start - width, width), width, length);
    }

    /// <summary>Ends a vector whose length is a variable-size integer: writes the length in front of the content.</summary>
    /// <param name="start">The value that <see cref="BeginVector()"/> returned.</param>
    /// <exception cref="ArgumentException">The content is larger than 2^30 - 1 bytes.</exception>
    public void EndVector(int start)
    {
        var length = _position - start;
        CheckBound(length, 0, MaxVarint, null);
        var width = GetVarintSize(length);
        TryTake(width - 1, out _);
        if (!HasWritten)
            return;
        // BeginVector left room for one byte. The content makes room for a longer length.
        _bytes.Slice(start, length).CopyTo(_bytes[(start + width - 1)..]);
        WriteVarintTo(_bytes.Slice(start - 1, width), width, length);
    }

    /// <summary>Measures the size of a message, in a given version of the protocol, without writing the message.</summary>
    /// <returns>The exact size in bytes.</returns>
    /// <exception cref="ArgumentException">A field is outside its declared bounds.</exception>
    internal static int Measure<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var writer = new WireWriter(default, Mode.Measuring, version);
        T.Write(ref writer, message);
        return writer._position;
    }

    /// <summary>
    /// Creates a writer for a destination that may be too small. In that case, the writer measures the values that do not fit, and <see cref="HasWritten"/> is
    /// false.
    /// </summary>
    internal static WireWriter Try(Span<byte> bytes, int version = 0) => new(bytes, Mode.Trying, version);

    /// <summary>Gets a value that indicates whether the writer wrote every value, instead of only measuring some of them.</summary>
    internal readonly bool HasWritten => _mode != Mode.Measuring;

    /// <summary>Gets the whole destination, or an empty span if the writer only measures.</summary>
    internal readonly Span<byte> Output => _bytes;

    internal static int GetPrefixWidth(int max) => max switch
    {
        <= 0xFF => 1,
        <= 0xFFFF => 2,
        <= 0xFFFFFF => 3,
        _ => 4,
    };

    /// <summary>Tries to reserve <paramref name="count"/> bytes of the destination. Returns false if the writer only measures them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(int count, out Span<byte> bytes)
    {
        var start = _position;
        if ((ulong)(uint)start + (uint)count > (uint)_bytes.Length)
        {
            Overflow(count);
            bytes = default;
            // Returns a constant, so that the JIT can omit the check of the result in the caller.
            return false;
        }

        _position = start + count;
        // A slice would repeat the check above, which shows that start + count <= _bytes.Length.
        bytes = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), count);
        return true;
    }

    // The width is a constant in generated code, so that the JIT removes the switch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePrefix(Span<byte> bytes, int width, int length)
    {
        switch (width)
        {
            case 0:
                break;
            case 1:
                bytes[0] = (byte)length;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)length);
                break;
            case 3:
                BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(length >> 8));
                bytes[2] = (byte)length;
                break;
            default:
                BinaryPrimitives.WriteInt32BigEndian(bytes, length);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Overflow(int count)
    {
        if (_mode == Mode.Writing)
            throw new ArgumentException("The span is too small for the message. Call WireSerializer.GetSize to get the required size.");
        _mode = Mode.Measuring;
        _bytes = default;
        _position = checked(_position + count);
    }
}
