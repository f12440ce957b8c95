namespace SecureChannel.Engine;

/// <summary>
/// Cuts handshake messages out of the content of records, in which they may be split or follow one another (RFC 9846 section 5.1). Memory grows with what has
/// come, never with what was announced.
/// </summary>
/// <param name="maxMessageLength">The longest body accepted, in bytes.</param>
internal sealed class HandshakeDeframer(int maxMessageLength)
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Whether bytes are left of which no message was made.</summary>
    public bool HasRest => _end > _start;

    /// <summary>Adds a record's content. Messages taken before are no longer valid.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.IsEmpty)
            (_start, _end) = (0, 0);
        if (_buffer.Length - _end < content.Length)
            MakeRoom(rest, content.Length);
        content.CopyTo(_buffer.AsSpan(_end));
        _end += content.Length;
    }

    /// <summary>Keeps no memory while nothing is left over. Messages taken before stay valid.</summary>
    public void ReleaseMemory()
    {
        if (!HasRest)
            (_buffer, _start, _end) = ([], 0, 0);
    }

    /// <summary>Takes the next message with its header, valid until more is added.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">Why the bytes are refused; null if there is only no whole message yet.</param>
    public bool TryTake(out ReadOnlyMemory<byte> message, out SessionError? error)
    {
        (message, error) = (default, null);
        var rest = _buffer.AsMemory(_start, _end - _start);
        if (rest.Length < HandshakeFraming.HeaderLength)
            return false;

        var length = HandshakeFraming.ReadLength(rest.Span);
        if (length > maxMessageLength)
            error = new SessionError(Fault.Malformed, Alert.DecodeError, $"A handshake message of {length} bytes is announced; at most {maxMessageLength} are accepted.");
        if (error is not null || rest.Length < HandshakeFraming.HeaderLength + length)
            return false;

        message = rest[..(HandshakeFraming.HeaderLength + length)];
        _start += message.Length;
        return true;
    }

    // Doubled, so that a message that comes in records of one byte is not moved at each of them.
    private void MakeRoom(ReadOnlySpan<byte> rest, int length)
    {
        var buffer = _buffer.Length >= 2 * (rest.Length + length) ? _buffer : new byte[Math.Max(rest.Length + length, 2 * rest.Length)];
        rest.CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, rest.Length);
    }
}
