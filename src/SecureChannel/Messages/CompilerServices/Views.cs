using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read the fields of a message that refers to the input. The caller stores the position of the next field in a local, and calls
/// <see cref="WireReader.Seek"/> after the last field to mark all fields as read. The position of each field depends on the lengths of the vectors before it.
/// The JIT can hold a local in a register, so that a local is faster than a field of the reader.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Views
{
    /// <summary>Tries to read <c>opaque v&lt;min..max&gt;</c> (RFC 9846 section 3.4) at a position.</summary>
    /// <returns>True, with the position after the value, if the input contains the value; otherwise, false, with the error in the reader.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadBytesAt(this scoped ref WireReader reader, scoped ref WirePosition position, int min, int max, out ReadOnlySpan<byte> value)
    {
        var start = position.Offset;
        if (reader.TryPeekVector(start, min, max, out var width, out var length))
        {
            position = new WirePosition(start + width + length);
            value = MemoryMarshal.CreateReadOnlySpan(ref reader.ByteAt(start + width), length);
            return true;
        }

        value = default;
        reader.Seek(position);
        reader.FailVector(min, max);
        return false;
    }

    /// <summary>Tries to read <c>optional&lt;T&gt;</c> of a value of fixed size at a position.</summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadOptionalAt<T>(this scoped ref WireReader reader, scoped ref WirePosition position, out T? value)
        where T : unmanaged
    {
        value = null;
        if (!reader.TryReadFixedAt<bool>(ref position, out var isPresent))
            return false;
        if (!isPresent)
            return true;
        if (!reader.TryReadFixedAt<T>(ref position, out var present))
            return false;
        value = present;
        return true;
    }

    /// <summary>Tries to read a nested message at a position.</summary>
    /// <inheritdoc cref="TryReadBytesAt" path="/returns"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadMessageAt<T>(this scoped ref WireReader reader, scoped ref WirePosition position, [MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        reader.Seek(position);
        if (!reader.TryReadMessage(out message))
            return false;
        position = reader.Position;
        return true;
    }
}
