using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// A reader of messages from the application bytes of a driver. A message within one record is read in place; a longer message is assembled in a buffer that
/// grows with the received bytes. Only one read may be in progress.
/// </summary>
internal sealed class MessageReader(SessionDriver driver, int maxMessageSize) : IDisposable
{
    private readonly PooledBuffer _assembled = new();
    private ReadOnlyMemory<byte> _chunk;
    private bool _assembledWasRead;

    /// <summary>Gets the received bytes that are not yet read, valid until the driver's next read.</summary>
    public ReadOnlyMemory<byte> Unread => _chunk;

    /// <summary>Tries to read the next message in place.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True if the received bytes contain the whole message; otherwise, false. Then call <see cref="ReadAsync"/>.</returns>
    public bool TryRead(out ReceivedMessage message)
    {
        message = default;
        if (_assembled.Length > 0 || MessageFraming.TryReadHeader(_chunk.Span, maxMessageSize, out var header) != FrameStatus.Complete)
            return false;
        if (_chunk.Length - header.HeaderSize < header.BodySize)
            return false;
        message = new ReceivedMessage(header.Code, _chunk.Slice(header.HeaderSize, header.BodySize));
        _chunk = _chunk[(header.HeaderSize + header.BodySize)..];
        return true;
    }

    /// <summary>Reads the next message, or returns null if the session ended without an error.</summary>
    /// <exception cref="SessionException">The session failed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_assembledWasRead)
        {
            _assembled.Clear();
            _assembledWasRead = false;
        }
        while (true)
        {
            if (!TryAssemble(out var message, out var error))
                await driver.AbortAsync(error!).ConfigureAwait(false);
            else if (message is not null)
                return message;

            var chunk = await driver.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (chunk.IsEmpty)
                return _assembled.Length == 0 || driver.End!.Reason != SessionEndReason.ClosedByPeer ? null : throw new SessionException(TruncatedMessage);
            _chunk = chunk;
        }
    }

    /// <summary>Sets the next received bytes. All previous bytes must have been read.</summary>
    public void SetChunk(ReadOnlyMemory<byte> chunk) => _chunk = chunk;

    /// <summary>Copies unread bytes into a buffer, for a session that is used as a stream.</summary>
    /// <returns>The number of bytes read.</returns>
    public int ReadBytes(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    public void Dispose() => _assembled.Dispose();

    private static SessionError TruncatedMessage { get; } =
        new(SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, AlertDescription.DecodeError, "The peer closed the session in the middle of a message.");

    // Returns false if the bytes are not a valid message. Sets the message to null if more bytes are needed; the chunk is then empty.
    private bool TryAssemble(out ReceivedMessage? message, out SessionError? error)
    {
        (message, error) = (null, null);
        while (true)
        {
            var assembling = _assembled.Length > 0;
            var bytes = assembling ? _assembled.Written : _chunk;
            var status = MessageFraming.TryReadHeader(bytes.Span, maxMessageSize, out var header);
            if (status == FrameStatus.Refused)
            {
                error = MessageFraming.CreateError(header, maxMessageSize);
                return false;
            }

            var size = status == FrameStatus.Complete ? header.HeaderSize + header.BodySize : (int?)null;
            if (size <= bytes.Length)
            {
                message = new ReceivedMessage(header.Code, bytes.Slice(header.HeaderSize, header.BodySize));
                if (assembling)
                    _assembledWasRead = true;
                else
                    _chunk = _chunk[size.Value..];
                return true;
            }
            if (_chunk.IsEmpty)
                return true;

            // Completes a partial header byte by byte, then copies the rest of the message at once.
            var missing = size - _assembled.Length ?? (assembling ? 1 : _chunk.Length);
            AppendChunk(Math.Min(missing, _chunk.Length));
        }
    }

    private void AppendChunk(int count)
    {
        _assembled.Append(_chunk.Span[..count]);
        _chunk = _chunk[count..];
    }
}
