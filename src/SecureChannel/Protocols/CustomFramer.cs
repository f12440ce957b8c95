using System.Runtime.InteropServices;

namespace SecureChannel.Protocols;

/// <summary>
/// A reader of messages with a custom framing, which is user code: it may throw or violate its contract. Bytes of an incomplete packet are copied, together
/// with all bytes that follow them, because only the framing knows the end of the packet. Not thread-safe.
/// </summary>
internal sealed class CustomFramer(StreamFraming framing, int maxMessageSize) : IDisposable
{
    private readonly MessageBuffer _buffer = new(maxMessageSize);
    private int _start;
    private bool _needsMore;
    private SessionError? _error;

    /// <summary>Gets a value that indicates whether the received bytes end within a packet.</summary>
    public bool IsWithinMessage => _needsMore;

    private int MaxBufferedSize => (int)Math.Min((long)maxMessageSize + MessageBuffer.Overhead, int.MaxValue);

    /// <summary>Reads the next message from the copied bytes and the chunk. See <see cref="MessageFramer.Read"/>.</summary>
    public FrameStatus Read(ref ReadOnlyMemory<byte> chunk, MessageLimits limits, out ReceivedMessage message, out SessionError? error)
    {
        message = default;
        error = _error;
        if (error is not null)
            return FrameStatus.Refused;
        if (_start == _buffer.Length)
            ReleaseBuffer();
        else
            AppendToBuffer(ref chunk);

        var isBuffered = _buffer.Length > 0;
        var input = isBuffered ? _buffer.Written[_start..] : MemoryMarshal.AsMemory(chunk);
        if (input.IsEmpty)
            return FrameStatus.NeedMoreData;
        var status = TryRead(input, limits, out var consumed, out message, out error);
        if (error is not null)
            return Refuse(error, out message);

        _needsMore = status == FrameStatus.NeedMoreData;
        if (status == FrameStatus.Complete && isBuffered)
            _start += consumed;
        else if (status == FrameStatus.Complete)
            chunk = chunk[consumed..];
        else if (!isBuffered)
            AppendToBuffer(ref chunk);
        if (!_needsMore || _buffer.Length - _start <= MaxBufferedSize)
            return status;
        error = CreateError(SessionErrorCode.MessageTooLarge, $"A message is incomplete after {_buffer.Length - _start} bytes; the limit is {maxMessageSize} bytes.");
        return Refuse(error, out message);
    }

    public void Dispose() => ReleaseBuffer();

    private FrameStatus TryRead(Memory<byte> input, MessageLimits limits, out int consumed, out ReceivedMessage message, out SessionError? error)
    {
        (consumed, message, error) = (0, default, null);
        try
        {
            var status = framing.TryRead(input, maxMessageSize, out consumed, out message, out var reason);
            error = status switch
            {
                FrameStatus.NeedMoreData => null,
                FrameStatus.Refused => CreateError(SessionErrorCode.Malformed, reason ?? "The received bytes are not a valid message."),
                FrameStatus.Complete when consumed <= 0 || consumed > input.Length => CreateFramingError($"consumed {consumed} of {input.Length} bytes"),
                FrameStatus.Complete => limits.CheckHeader(new FrameHeader(message.Code, 0, message.Body.Length), maxMessageSize),
                _ => CreateFramingError($"returned the undefined status {status}"),
            };
            return status;
        }
        catch (Exception exception)
        {
            error = CreateFramingError($"threw {exception.GetType().Name} ({exception.Message.TrimEnd('.')})");
            return FrameStatus.Refused;
        }
    }

    private FrameStatus Refuse(SessionError error, out ReceivedMessage message)
    {
        ReleaseBuffer();
        (_error, _needsMore, message) = (error, false, default);
        return FrameStatus.Refused;
    }

    private void AppendToBuffer(ref ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
            return;
        if (_start > 0)
            _buffer.RemoveFirst(_start);
        _start = 0;
        _buffer.Append(chunk.Span, MaxBufferedSize);
        chunk = default;
    }

    private void ReleaseBuffer()
    {
        _buffer.Release();
        _start = 0;
    }

    private static SessionError CreateError(SessionErrorCode code, string message) =>
        new(
            SessionErrorKind.MalformedMessage, code, code == SessionErrorCode.MessageTooLarge ? AlertDescription.GeneralError : AlertDescription.DecodeError, message);

    private SessionError CreateFramingError(string problem) =>
        new(SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed, AlertDescription.InternalError, $"The framing '{framing.GetType().Name}' {problem}.");
}
