using System.Runtime.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// A reader of messages from bytes that are received in chunks. A message within one chunk is read in place. A longer message is assembled in memory that grows
/// with the received bytes, not with the length that a header announces. Not thread-safe, except for <see cref="Limits"/>. Performs no I/O.
/// </summary>
internal sealed class MessageFramer : IDisposable
{
    private readonly int _maxMessageSize;
    private readonly CustomFramer? _custom;
    private readonly MessageBuffer _body;
    private ReadOnlyMemory<byte> _chunk;
    private MessageLimits _limits = MessageLimits.None;
    private State _state;
    private HeaderBytes _headerBytes;
    private int _headerLength;
    private FrameHeader _header;
    private SessionError? _error;

    /// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
    /// <param name="framing">The framing, or null for <see cref="StreamFraming.Default"/>. A custom framing requires chunks of writable memory.</param>
    public MessageFramer(int maxMessageSize, StreamFraming? framing = null)
    {
        _maxMessageSize = maxMessageSize;
        _body = new MessageBuffer(maxMessageSize);
        if (framing is null || ReferenceEquals(framing, StreamFraming.Default))
            return;
        _custom = new CustomFramer(framing, maxMessageSize);
        _state = State.Custom;
    }

    private enum State
    {
        /// <summary>The next message begins in the chunk.</summary>
        Between,

        /// <summary>A part of a header was copied from earlier chunks.</summary>
        Header,

        /// <summary>The header was read, and the body is being assembled.</summary>
        Body,

        /// <summary>The assembled message was returned. The next call releases its memory.</summary>
        Returned,

        /// <summary>The received bytes were refused. No further message can be read.</summary>
        Refused,

        /// <summary>A custom framing reads the messages.</summary>
        Custom,
    }

    /// <summary>Sets the messages that the protocol of the channel can receive. The caller may set it at any time, from any thread.</summary>
    public MessageLimits Limits
    {
        set => Volatile.Write(ref _limits, value);
    }

    /// <summary>Gets a value that indicates whether a part of a message was received and copied, so that the end of the bytes would cut the message.</summary>
    public bool IsWithinMessage => _custom?.IsWithinMessage ?? _state is State.Header or State.Body;

    /// <summary>Gets the bytes of the chunk that were not read yet.</summary>
    public ReadOnlyMemory<byte> Unread => _chunk;

    /// <summary>Sets the next received bytes. All earlier bytes must have been read: <see cref="Read"/> returned <see cref="FrameStatus.NeedMoreData"/>.</summary>
    /// <param name="chunk">The received bytes, which must remain valid until the next call.</param>
    public void Supply(ReadOnlyMemory<byte> chunk) => _chunk = chunk;

    /// <summary>Tries to read the next message in place.</summary>
    /// <param name="message">The message. Its body is valid until the next call.</param>
    /// <returns>True if the chunk contains the whole message; otherwise, false. Then call <see cref="Read"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out ReceivedMessage message)
    {
        message = default;
        if (_state != State.Between || MessageFraming.TryReadHeader(_chunk.Span, _maxMessageSize, out var header) != FrameStatus.Complete)
            return false;
        if (_chunk.Length - header.HeaderSize < header.BodySize || !_limits.Allows(header.Code, header.BodySize))
            return false;
        message = new ReceivedMessage(header.Code, _chunk.Slice(header.HeaderSize, header.BodySize));
        _chunk = _chunk[(header.HeaderSize + header.BodySize)..];
        return true;
    }

    /// <summary>Reads the next message. Never throws, even if the received bytes are invalid or a custom framing throws.</summary>
    /// <param name="message">The message. Its body is valid until the next call.</param>
    /// <param name="error">The error if the received bytes are refused; otherwise, null. Every later call then returns the same error.</param>
    /// <returns>The status of the read. If more bytes are needed, all bytes of the chunk were copied.</returns>
    public FrameStatus Read(out ReceivedMessage message, out SessionError? error)
    {
        message = default;
        if (_state == State.Custom)
            return _custom!.Read(ref _chunk, Volatile.Read(ref _limits), out message, out error);
        if (_state == State.Returned)
            ReleaseBody();

        if (_state is State.Between or State.Header)
            ReadHeader();
        if (_state == State.Body && Volatile.Read(ref _limits).CheckHeader(_header, _maxMessageSize) is { } refusal)
            Refuse(refusal);
        error = _error;
        return _state switch
        {
            State.Body => ReadBody(out message),
            State.Refused => FrameStatus.Refused,
            _ => FrameStatus.NeedMoreData,
        };
    }

    /// <summary>Copies unread bytes of the chunk into a buffer, for a session that is used as a stream.</summary>
    /// <param name="buffer">The destination.</param>
    /// <returns>The number of bytes that were copied.</returns>
    public int ReadBytes(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    /// <summary>Releases all memory and invalidates the last message. The framer must not be used afterwards.</summary>
    public void Dispose()
    {
        _chunk = default;
        _body.Release();
        _custom?.Dispose();
    }

    // Enters the state 'Body' as soon as the header is complete. Otherwise, the chunk is then empty.
    private void ReadHeader()
    {
        FrameStatus status;
        if (_state == State.Between)
        {
            status = MessageFraming.TryReadHeader(_chunk.Span, _maxMessageSize, out _header);
            if (status == FrameStatus.Complete)
                _chunk = _chunk[_header.HeaderSize..];
            else if (status == FrameStatus.NeedMoreData && !_chunk.IsEmpty)
            {
                _chunk.Span.CopyTo(_headerBytes);
                (_state, _headerLength, _chunk) = (State.Header, _chunk.Length, default);
            }
        }
        else
            status = CompleteHeader();

        if (status == FrameStatus.Complete)
            _state = State.Body;
        else if (status == FrameStatus.Refused)
            Refuse(MessageFraming.CreateError(_header, _maxMessageSize));
    }

    private FrameStatus CompleteHeader()
    {
        var status = FrameStatus.NeedMoreData;
        while (status == FrameStatus.NeedMoreData && !_chunk.IsEmpty)
        {
            _headerBytes[_headerLength++] = _chunk.Span[0];
            _chunk = _chunk[1..];
            status = MessageFraming.TryReadHeader(((ReadOnlySpan<byte>)_headerBytes)[.._headerLength], _maxMessageSize, out _header);
        }

        return status;
    }

    private FrameStatus ReadBody(out ReceivedMessage message)
    {
        message = default;
        if (_body.Length == 0 && _chunk.Length >= _header.BodySize)
        {
            message = new ReceivedMessage(_header.Code, _chunk[.._header.BodySize]);
            (_state, _chunk) = (State.Between, _chunk[_header.BodySize..]);
            return FrameStatus.Complete;
        }

        var count = Math.Min(_header.BodySize - _body.Length, _chunk.Length);
        _body.Append(_chunk.Span[..count], _header.BodySize);
        _chunk = _chunk[count..];
        if (_body.Length < _header.BodySize)
            return FrameStatus.NeedMoreData;
        message = new ReceivedMessage(_header.Code, _body.Written);
        _state = State.Returned;
        return FrameStatus.Complete;
    }

    private void ReleaseBody()
    {
        _body.Release();
        _state = State.Between;
    }

    private void Refuse(SessionError error)
    {
        _body.Release();
        (_state, _error) = (State.Refused, error);
    }

    // A code and a length of at most 4 bytes each.
    [InlineArray(8)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
