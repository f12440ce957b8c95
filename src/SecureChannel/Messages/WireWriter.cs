using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

/// <summary>
/// Writes the presentation language (RFC 9846 section 3; RFC 9420 section 2.1) to a span, or only measures what it would write. Allocates nothing.
/// </summary>
public ref partial struct WireWriter
{
    // While it is measuring there are no bytes, so that each write asks one question only: is there room?
    private Span<byte> _bytes;
    private int _position;
    private Mode _mode;
    private byte _depth;
    // Zero for the newest, so that a writer which knows no versions has nothing to set.
    private readonly int _version;

    /// <summary>Writes from the beginning of <paramref name="bytes"/>, which must have room for all that will be written.</summary>
    /// <param name="bytes">Where to write.</param>
    public WireWriter(Span<byte> bytes) => _bytes = bytes;

    /// <summary>Writes from the beginning of <paramref name="bytes"/>, in a certain version of the protocol.</summary>
    /// <param name="bytes">Where to write.</param>
    /// <param name="version">The version, 1 or more: fields that <see cref="SinceAttribute"/> gives to a later one are not written.</param>
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

    /// <summary>The version of the protocol, which decides what fields there are; <see cref="int.MaxValue"/> for the newest.</summary>
    public readonly int Version => _version == 0 ? int.MaxValue : _version;

    /// <summary>How many bytes were written, or measured.</summary>
    public readonly int Position => _position;

    /// <summary>The exact number of bytes that a message takes.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static int Measure<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var writer = new WireWriter(default, Mode.Measuring);
        T.Write(ref writer, message);
        return writer._position;
    }

    /// <summary>The exact number of bytes that a message takes in a certain version of the protocol.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    internal static int Measure<T>(scoped in T message, int version)
        where T : IMessage<T>, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var writer = new WireWriter(default, Mode.Measuring, version);
        T.Write(ref writer, message);
        return writer._position;
    }

    /// <summary>Writes to what may have too little room: then the rest is measured, and <see cref="HasWritten"/> tells.</summary>
    internal static WireWriter Try(Span<byte> bytes, int version = 0) => new(bytes, Mode.Trying, version);

    /// <summary>Whether all of it was written, and not measured.</summary>
    internal readonly bool HasWritten => _mode != Mode.Measuring;

    /// <summary>Writes a nested message.</summary>
    /// <exception cref="ArgumentException">The message is null, or messages are nested deeper than <see cref="WireReader.MaxDepth"/>, as those are that hold themselves.</exception>
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
    /// <exception cref="ArgumentException">The message is null or has no bytes, so that its reader could not count it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteElement<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var start = _position;
        WriteMessage(message, null);
        if (_position == start)
            ThrowEmptyElement(typeof(T).Name);
    }

    /// <summary>Begins a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <returns>What <see cref="EndVector(int, int, int)"/> needs.</returns>
    public int BeginVector(int min, int max)
    {
        TryTake(min == max ? 0 : GetPrefixWidth(max), out _);
        return _position;
    }

    /// <summary>Begins a vector whose length is a variable-size integer.</summary>
    /// <returns>What <see cref="EndVector(int)"/> needs.</returns>
    public int BeginVector()
    {
        TryTake(1, out _);
        return _position;
    }

    /// <summary>Ends a vector: writes the length before what was written since its beginning.</summary>
    /// <param name="start">What the beginning returned.</param>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes.</param>
    /// <exception cref="ArgumentException">The size lies outside the bound.</exception>
    public readonly void EndVector(int start, int min, int max)
    {
        var length = _position - start;
        CheckBound(length, min, max, "The vector");
        if (!HasWritten || min == max)
            return;
        var width = GetPrefixWidth(max);
        WritePrefix(_bytes.Slice(start - width, width), width, length);
    }

    /// <summary>Ends a vector whose length is a variable-size integer: writes the length before what was written since its beginning.</summary>
    /// <param name="start">What the beginning returned.</param>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public void EndVector(int start)
    {
        var length = _position - start;
        CheckBound(length, 0, MaxVarint, "The vector");
        var width = GetVarintSize(length);
        TryTake(width - 1, out _);
        if (!HasWritten)
            return;
        // The beginning left room for one byte; a longer length moves the content.
        _bytes.Slice(start, length).CopyTo(_bytes[(start + width - 1)..]);
        WriteVarintTo(_bytes.Slice(start - 1, width), width, length);
    }

    internal static int GetPrefixWidth(int max) => max switch
    {
        <= 0xFF => 1,
        <= 0xFFFF => 2,
        <= 0xFFFFFF => 3,
        _ => 4,
    };

    // The width is a constant wherever this is called from generated code.
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckBound(int length, int min, int max, string? name)
    {
        if (length < min || length > max)
            ThrowOutOfBounds(length, min, max, name);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfBounds(int length, int min, int max, string? name) =>
        throw new ArgumentException($"{Describe(name)} has {length} bytes, where {(min == max ? $"exactly {min}" : $"{min} to {max}")} are allowed.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int count, out Span<byte> bytes)
    {
        var start = _position;
        if ((ulong)(uint)start + (uint)count > (uint)_bytes.Length)
        {
            Overflow(count);
            bytes = default;
            // A constant, by which the compiler sees that whoever called need not ask again.
            return false;
        }

        _position = start + count;
        // Not sliced, which would check once more what was just seen, of unsigned numbers: start + count lies within the bytes.
        bytes = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start), count);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Overflow(int count)
    {
        if (_mode == Mode.Writing)
            throw new ArgumentException("The span has not enough room for the message; WireSerializer.GetSize tells how much it needs.");
        _mode = Mode.Measuring;
        _bytes = default;
        _position = checked(_position + count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowTooDeep() => throw new ArgumentException($"Messages are nested deeper than {WireReader.MaxDepth}, which no reader accepts.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowEmptyElement(string name) =>
        throw new ArgumentException($"A list cannot hold {name}: a message without bytes could not be counted.");
}
