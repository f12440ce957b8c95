using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// Reading at a place that the caller keeps. After a refusal the reader is where the place was, and Error says why; what was read counts once GoTo is called.
public ref partial struct WireReader
{
    /// <summary>Where the reader is.</summary>
    public readonly WirePosition Cursor => new(_position);

    /// <summary>Goes on at a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place lies beyond the end of the input, or of the vector that was entered last: it is another reader's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Seek(WirePosition place)
    {
        // What is read later is not checked against the input's length again.
        if (place.Offset > _end)
            ThrowForeign();
        _position = place.Offset;
    }

    /// <summary>Reads <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4) at a place, as <see cref="TryReadBytes(int, int, out ReadOnlySpan{byte})"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBytesAt(scoped ref WirePosition place, int min, int max, out ReadOnlySpan<byte> value)
    {
        // Length and content are taken at once; what is refused is gone over again, to say why.
        var start = place.Offset;
        if (TryPeekVector(start, min, max, out var width, out var length))
        {
            place = new WirePosition(start + width + length);
            value = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), start + width), length);
            return true;
        }

        value = default;
        Seek(place);
        RefuseVector(min, max);
        return false;
    }

    /// <summary>Reads <c>optional&lt;T&gt;</c> of what has a fixed size at a place, as <see cref="TryReadOptional{T}(out T?)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadOptionalAt<T>(scoped ref WirePosition place, out T? value)
        where T : unmanaged
    {
        value = null;
        if (!TryReadFixedAt<bool>(ref place, out var isPresent))
            return false;
        if (!isPresent)
            return true;
        if (!TryReadFixedAt<T>(ref place, out var present))
            return false;
        value = present;
        return true;
    }

    /// <summary>Reads a nested message at a place, as <see cref="TryReadMessage{T}(out T)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadMessageAt<T>(scoped ref WirePosition place, [MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        Seek(place);
        if (!TryReadMessage(out message))
            return false;
        place = Cursor;
        return true;
    }

    [DoesNotReturn]
    private static void ThrowForeign() =>
        throw new ArgumentOutOfRangeException("place", "The place lies beyond the end: it is another reader's.");
}
