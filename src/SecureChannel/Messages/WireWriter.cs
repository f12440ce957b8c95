using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>
/// Writes the presentation language (RFC 9846 section 3; RFC 9420 section 2.1) to a span, or only measures what it would write. Allocates nothing.
/// </summary>
public ref partial struct WireWriter
{
    private readonly Span<byte> _bytes;
    private readonly bool _isMeasuring;
    private int _position;

    /// <summary>Writes from the beginning of <paramref name="bytes"/>, which must have room for all that will be written.</summary>
    /// <param name="bytes">Where to write.</param>
    public WireWriter(Span<byte> bytes) => _bytes = bytes;

    private WireWriter(bool isMeasuring) => _isMeasuring = isMeasuring;

    /// <summary>How many bytes were written, or measured.</summary>
    public readonly int Position => _position;

    /// <summary>The exact number of bytes that a message takes.</summary>
    /// <exception cref="ArgumentException">A field lies outside its declared bound.</exception>
    public static int Measure<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var writer = new WireWriter(isMeasuring: true);
        T.Write(ref writer, message);
        return writer._position;
    }

    /// <summary>Writes a nested message.</summary>
    public void WriteMessage<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct => T.Write(ref this, message);

    /// <summary>Writes a message that is an element of a vector.</summary>
    /// <exception cref="ArgumentException">The message has no bytes, so that its reader could not count it.</exception>
    public void WriteElement<T>(scoped in T message)
        where T : IMessage<T>, allows ref struct
    {
        var start = _position;
        T.Write(ref this, message);
        if (_position == start)
            throw new ArgumentException($"A list cannot hold {typeof(T).Name}: a message without bytes could not be counted.");
    }

    /// <summary>Begins a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <returns>What <see cref="EndVector(int, int, int)"/> needs.</returns>
    public int BeginVector(int min, int max)
    {
        Skip(min == max ? 0 : GetPrefixWidth(max));
        return _position;
    }

    /// <summary>Begins a vector whose length is a variable-size integer.</summary>
    /// <returns>What <see cref="EndVector(int)"/> needs.</returns>
    public int BeginVector()
    {
        Skip(1);
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
        if (_isMeasuring || min == max)
            return;
        var width = GetPrefixWidth(max);
        WritePrefix(_bytes.Slice(start - width, width), length);
    }

    /// <summary>Ends a vector whose length is a variable-size integer: writes the length before what was written since its beginning.</summary>
    /// <param name="start">What the beginning returned.</param>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes.</exception>
    public void EndVector(int start)
    {
        var length = _position - start;
        CheckBound(length, 0, MaxVarint, "The vector");
        var width = GetVarintSize(length);
        Skip(width - 1);
        if (_isMeasuring)
            return;
        // The beginning left room for one byte; a longer length moves the content.
        _bytes.Slice(start, length).CopyTo(_bytes[(start + width - 1)..]);
        WriteVarintTo(_bytes.Slice(start - 1, width), length);
    }

    internal static int GetPrefixWidth(int max) => max switch
    {
        <= 0xFF => 1,
        <= 0xFFFF => 2,
        <= 0xFFFFFF => 3,
        _ => 4,
    };

    private static void WritePrefix(Span<byte> prefix, int length)
    {
        for (var i = prefix.Length - 1; i >= 0; i--, length >>= 8)
            prefix[i] = (byte)length;
    }

    private static void CheckBound(int length, int min, int max, string? name)
    {
        if (length < min || length > max)
            ThrowOutOfBounds(length, min, max, name);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfBounds(int length, int min, int max, string? name) =>
        throw new ArgumentException($"{name} has {length} bytes, where {(min == max ? $"exactly {min}" : $"{min} to {max}")} are allowed.");

    private void Skip(int count)
    {
        if (!_isMeasuring && count > _bytes.Length - _position)
            ThrowNoRoom();
        _position = checked(_position + count);
    }

    private bool TryTake(int count, out Span<byte> bytes)
    {
        var start = _position;
        Skip(count);
        bytes = _isMeasuring ? default : _bytes.Slice(start, count);
        return !_isMeasuring;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNoRoom() => throw new ArgumentException("The span has not enough room for the message; Wire.GetSize tells how much it needs.");
}
