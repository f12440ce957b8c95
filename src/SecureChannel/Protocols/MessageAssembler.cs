namespace SecureChannel.Protocols;

/// <summary>
/// An assembler of messages from bytes that are received in pieces, in the format of <see cref="MessageFraming"/>. Memory use grows with the number of received
/// bytes, not with the length that a header announces. Not thread-safe.
/// </summary>
/// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
public sealed class MessageAssembler(int maxMessageSize = MessageFraming.DefaultMaxMessageSize)
{
    private const int MinimumCapacity = 256;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Gets the error if the received bytes are not a valid message; otherwise, null. After an error, no further message can be read.</summary>
    public SessionError? Error { get; private set; }

    /// <summary>Gets the number of received bytes that were not yet read as part of a message.</summary>
    public int Buffered => _end - _start;

    /// <summary>Appends received bytes. Invalidates the bodies of previously read messages.</summary>
    /// <param name="bytes">The received bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
            EnsureCapacity(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Tries to read the next message. Never throws, even if the received bytes are invalid.</summary>
    /// <param name="message">The message. Its body is valid until the next call of <see cref="Append"/>.</param>
    /// <returns>The status of the read. If it is <see cref="FrameStatus.Refused"/>, <see cref="Error"/> has the reason.</returns>
    public FrameStatus TryRead(out ReceivedMessage message)
    {
        message = default;
        if (Error is not null)
            return FrameStatus.Refused;
        var status = MessageFraming.TryReadHeader(_buffer.AsSpan(_start, Buffered), maxMessageSize, out var header);
        if (status == FrameStatus.Refused)
            Error = MessageFraming.CreateError(header, maxMessageSize);
        if (status != FrameStatus.Complete)
            return status;
        if (Buffered - header.HeaderSize < header.BodySize)
            return FrameStatus.NeedMoreData;
        message = new ReceivedMessage(header.Code, _buffer.AsMemory(_start + header.HeaderSize, header.BodySize));
        _start += header.HeaderSize + header.BodySize;
        return FrameStatus.Complete;
    }

    private void EnsureCapacity(int size)
    {
        var needed = checked(Buffered + size);
        var target = needed <= _buffer.Length ? _buffer : new byte[Math.Max(MinimumCapacity, (int)Math.Min(2L * needed, Array.MaxLength))];
        _buffer.AsSpan(_start, Buffered).CopyTo(target);
        (_buffer, _end, _start) = (target, Buffered, 0);
    }
}
