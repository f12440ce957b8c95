namespace SecureChannel.Protocols;

/// <summary>
/// Puts messages together from bytes that arrive in pieces (<see cref="MessageFraming"/>). Its memory grows with what has arrived, never with what a length
/// announces. Not thread-safe.
/// </summary>
/// <param name="maxMessageSize">The bound of a message's body in bytes.</param>
public sealed class MessageAssembler(int maxMessageSize = MessageFraming.DefaultMaxMessageSize)
{
    private const int LeastCapacity = 256;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Why the bytes were refused; null while they were not. It sticks.</summary>
    public SessionError? Error { get; private set; }

    /// <summary>How many bytes have arrived that are not part of a message already read.</summary>
    public int Buffered => _end - _start;

    /// <summary>Takes bytes that have arrived. Bodies read before are no longer valid.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Reads the next message. Never throws on input.</summary>
    /// <param name="message">The message, whose body is valid until <see cref="Append"/> is called.</param>
    /// <returns>After <see cref="FrameStatus.Refused"/>, <see cref="Error"/> says why.</returns>
    public FrameStatus TryRead(out ReceivedMessage message)
    {
        message = default;
        if (Error is not null)
            return FrameStatus.Refused;
        var status = MessageFraming.TryReadHeader(_buffer.AsSpan(_start, Buffered), maxMessageSize, out var header);
        if (status == FrameStatus.Refused)
            Error = MessageFraming.Explain(header, maxMessageSize);
        if (status != FrameStatus.Complete)
            return status;
        if (Buffered - header.HeaderSize < header.BodySize)
            return FrameStatus.NeedMoreData;
        message = new ReceivedMessage(header.Code, _buffer.AsMemory(_start + header.HeaderSize, header.BodySize));
        _start += header.HeaderSize + header.BodySize;
        return FrameStatus.Complete;
    }

    private void MakeRoom(int size)
    {
        var needed = checked(Buffered + size);
        var target = needed <= _buffer.Length ? _buffer : new byte[Math.Max(LeastCapacity, (int)Math.Min(2L * needed, Array.MaxLength))];
        _buffer.AsSpan(_start, Buffered).CopyTo(target);
        (_buffer, _end, _start) = (target, Buffered, 0);
    }
}
