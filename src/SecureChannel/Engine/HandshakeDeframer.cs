namespace SecureChannel.Handshakes;

/// <summary>
/// Assembles handshake messages from the content of records, in which messages may be split or follow one another (RFC 9846 section 5.1). Memory grows with the
/// received bytes, never with an announced length.
/// </summary>
/// <param name="maxMessageLength">The maximum length of a message body, in bytes.</param>
internal sealed class HandshakeDeframer(int maxMessageLength) : IDisposable
{
    private readonly PooledBuffer _buffer = new();
    private int _start;

    /// <summary>Gets a value that indicates whether the buffer holds bytes of a message that was not taken yet.</summary>
    public bool HasUnreadBytes => _buffer.Length > _start;

    /// <summary>Adds the content of a record. Messages that were taken before are no longer valid.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (_start > 0)
            _buffer.RemoveFirst(_start);
        _start = 0;
        _buffer.Append(content);
    }

    /// <summary>Releases the memory unless it holds unread bytes. Messages that were taken before are no longer valid.</summary>
    public void ReleaseMemory()
    {
        if (HasUnreadBytes)
            return;
        _buffer.Clear();
        _start = 0;
    }

    /// <summary>Tries to take the next complete message with its header. The message is valid until the next call of another member.</summary>
    /// <param name="message">The message.</param>
    /// <param name="error">The error if the announced length is too large; null if the message is not complete yet.</param>
    /// <returns>True if there is a complete message; otherwise, false.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> message, out SessionError? error)
    {
        (message, error) = (default, null);
        ReadOnlyMemory<byte> rest = _buffer.Written[_start..];
        if (rest.Length < HandshakeFraming.HeaderLength)
            return false;

        var length = HandshakeFraming.ReadLength(rest.Span);
        if (length > maxMessageLength)
            error = new SessionError(
                SessionErrorKind.MalformedMessage, AlertDescription.DecodeError,
                $"The peer announced a handshake message of {length} bytes. The maximum is {maxMessageLength} bytes.");
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
