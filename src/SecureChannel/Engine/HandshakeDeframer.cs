namespace SecureChannel.Handshakes;

/// <summary>
/// The assembler of handshake messages from the content of records. A message may span several records, and a record may contain several messages (RFC 9846
/// section 5.1). The buffer grows with the received bytes, never with the length that a header announces.
/// </summary>
internal sealed class HandshakeDeframer : IDisposable
{
    private readonly PooledBuffer _buffer = new();
    private int _start;

    /// <summary>Gets a value that indicates whether the buffer holds bytes that <see cref="TryTake"/> has not returned yet.</summary>
    public bool HasUnreadBytes => _buffer.Length > _start;

    /// <summary>Adds the content of a record. Invalidates the messages that <see cref="TryTake"/> returned before.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (_start > 0)
            _buffer.RemoveFirst(_start);
        _start = 0;
        _buffer.Append(content);
    }

    /// <summary>Releases the buffer unless it holds unread bytes. Invalidates the messages that <see cref="TryTake"/> returned before.</summary>
    public void ReleaseMemory()
    {
        if (HasUnreadBytes)
            return;
        _buffer.Clear();
        _start = 0;
    }

    /// <summary>Tries to take the next complete message with its header. The message is valid until the next call of another member.</summary>
    /// <param name="maxLength">The maximum length of a message body, in bytes. A longer message is refused at its header.</param>
    /// <param name="limit">The name of the option that sets the maximum length.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">The error if the announced length is too large; null if the message is not complete yet.</param>
    /// <returns>True if there is a complete message; otherwise, false.</returns>
    public bool TryTake(int maxLength, string limit, out ReadOnlyMemory<byte> message, out SessionError? error)
    {
        (message, error) = (default, null);
        ReadOnlyMemory<byte> rest = _buffer.Written[_start..];
        if (rest.Length < HandshakeFraming.HeaderLength)
            return false;

        var length = HandshakeFraming.ReadLength(rest.Span);
        if (length > maxLength)
            error = new SessionError(
                SessionErrorKind.MalformedMessage, SessionErrorCode.MessageTooLarge, AlertDescription.GeneralError,
                $"The peer announced a handshake message of {length} bytes. The limit of this endpoint is {maxLength} bytes. To accept the message, raise '{limit}'.");
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
