using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

/// <summary>
/// Reads the presentation language (RFC 9846 section 3; RFC 9420 section 2.1) from bytes. No method throws on input, reads past its end, or allocates more
/// than the input justifies. A method that returns false leaves in <see cref="Error"/> where and why; nothing may be read after that.
/// </summary>
public ref partial struct WireReader
{
    /// <summary>How deep messages may be nested.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _end;
    private int _depth;
    private int _refused;
    private WireError _error;
    // Zero for the newest, so that a reader which knows no versions has nothing to set.
    private readonly int _version;

    /// <summary>Reads from the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The input.</param>
    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _end = bytes.Length;
    }

    /// <summary>Reads from the beginning of <paramref name="bytes"/>, in a certain version of the protocol.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="version">The version, 1 or more: fields that <see cref="SinceAttribute"/> gives to a later one are not in the input.</param>
    public WireReader(ReadOnlySpan<byte> bytes, int version)
        : this(bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        _version = version;
    }

    /// <summary>The version of the protocol, which decides what fields there are; <see cref="int.MaxValue"/> for the newest.</summary>
    public readonly int Version => _version == 0 ? int.MaxValue : _version;

    /// <summary>How many bytes of the input were read.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes are left of the input, or of the vector that was entered last.</summary>
    public readonly int Remaining => _end - _position;

    /// <summary>Whether nothing is left of the input, or of the vector that was entered last.</summary>
    public readonly bool IsAtEnd => _position == _end;

    /// <summary>Where and why the input was refused.</summary>
    public readonly WireError Error => _error;

    /// <summary>Reads a nested message.</summary>
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

    /// <summary>Reads a message that is an element of a vector: it must have bytes, else a list of two bytes could have any number of elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadElement<T>([MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        var start = _position;
        return TryReadMessage(out message) && (_position > start || Fail(WireErrorReason.EmptyElement));
    }

    /// <summary>Enters a vector of <paramref name="min"/> to <paramref name="max"/> bytes: until it is left, the input ends where the vector does.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="outer">What <see cref="TryLeaveVector"/> needs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnterVector(int min, int max, out int outer)
    {
        outer = _end;
        if (TryPeekVector(_position, min, max, out var width, out var length))
        {
            _position += width;
            _end = _position + length;
            return true;
        }

        RefuseVector(min, max);
        return false;
    }

    /// <summary>Enters a vector whose length is a variable-size integer: until it is left, the input ends where the vector does.</summary>
    /// <param name="outer">What <see cref="TryLeaveVector"/> needs.</param>
    public bool TryEnterVector(out int outer)
    {
        outer = _end;
        if (!TryReadLength(out var length))
            return false;
        _end = _position + length;
        return true;
    }

    /// <summary>Leaves a vector; it must have been read to its end.</summary>
    /// <param name="outer">What entering it gave.</param>
    /// <exception cref="ArgumentOutOfRangeException">Entering the vector gave something else.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLeaveVector(int outer)
    {
        if (!IsAtEnd)
            return FailTrailing("of the vector's bytes are");
        // What is read later is not checked against the input's length again.
        ArgumentOutOfRangeException.ThrowIfLessThan(outer, _end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outer, _bytes.Length);
        _end = outer;
        return true;
    }

    /// <summary>Whether all of the input was read; refuses what is left over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnd() => IsAtEnd || FailTrailing(Remaining == 1 ? "byte is" : "bytes are");

    /// <summary>Refuses the input at this place.</summary>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(WireErrorReason reason) => Fail(reason, null);

    /// <summary>Says in which field the reading failed: puts it before the path of <see cref="Error"/>.</summary>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(string field)
    {
        var path = _error.Path ?? "";
        _error = _error with { Path = path.Length == 0 || path[0] == '[' ? field + path : $"{field}.{path}" };
        return false;
    }

    /// <summary>Says in which element of a list the reading failed: puts its index before the path of <see cref="Error"/>.</summary>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(int index) => Fail($"[{index}]");

    /// <summary>Says in which element of a list the reading failed: puts field and index before the path of <see cref="Error"/>.</summary>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(string field, int index) => Fail($"{field}[{index}]");

    /// <summary>Refuses the input because the message's own constructor threw.</summary>
    /// <returns>False.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(Exception rejection) => Fail(WireErrorReason.Rejected, rejection.Message.TrimEnd('.'));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTrailing(string what) => Fail(WireErrorReason.TrailingBytes, $"{Remaining} {what} left over");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(WireErrorReason reason, string? detail)
    {
        _error = new WireError(_position, "", reason) { Detail = detail };
        return false;
    }
}
