namespace SecureChannel.Handshakes;

/// <summary>
/// Cuts handshake messages out of the content of records, in which they may be split or follow one another (RFC 9846 section 5.1). Memory grows with what has
/// come, never with what was announced.
/// </summary>
/// <param name="maxMessageLength">The longest body accepted, in bytes.</param>
internal sealed class HandshakeDeframer(int maxMessageLength) : IDisposable
{
    private readonly PooledBuffer _buffer = new();
    private int _start;

    /// <summary>Whether bytes are left of which no message was made.</summary>
    public bool HasRest => _buffer.Length > _start;

    /// <summary>Adds a record's content. Messages taken before are no longer valid.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (_start > 0)
            _buffer.RemoveFirst(_start);
        _start = 0;
        _buffer.Append(content);
    }

    /// <summary>Keeps no memory while nothing is left over. Messages taken before are no longer valid.</summary>
    public void ReleaseMemory()
    {
        if (HasRest)
            return;
        _buffer.Clear();
        _start = 0;
    }

    /// <summary>Takes the next message with its header, valid until more is added.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">Why the bytes are refused; null if there is only no whole message yet.</param>
    public bool TryTake(out ReadOnlyMemory<byte> message, out SessionError? error)
    {
        (message, error) = (default, null);
        ReadOnlyMemory<byte> rest = _buffer.Written[_start..];
        if (rest.Length < HandshakeFraming.HeaderLength)
            return false;

        var length = HandshakeFraming.ReadLength(rest.Span);
        if (length > maxMessageLength)
            error = new SessionError(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"A handshake message of {length} bytes is announced; at most {maxMessageLength} are accepted.");
        if (error is not null || rest.Length < HandshakeFraming.HeaderLength + length)
            return false;

        message = rest[..(HandshakeFraming.HeaderLength + length)];
        _start += message.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        _start = 0;
    }
}
