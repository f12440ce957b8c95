using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// Takes messages from the application bytes that a driver delivers. A message that lies in one record is read where it was decrypted; another is put
/// together in memory that grows with what has arrived. One read at a time.
/// </summary>
internal sealed class MessageReader(SessionDriver driver, int maxMessageSize) : IDisposable
{
    private readonly PooledBuffer _assembled = new();
    private ReadOnlyMemory<byte> _chunk;
    private bool _assembledWasRead;

    /// <summary>What has been delivered and not read yet; valid until the driver's next read.</summary>
    public ReadOnlyMemory<byte> Unread => _chunk;

    /// <summary>The next message, if it lies whole in what was delivered last.</summary>
    /// <returns>Whether it does; if not, <see cref="ReadAsync"/> puts it together, waits for it, or says why it never comes.</returns>
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

    /// <summary>The next message; null once the session has ended in order.</summary>
    /// <exception cref="SessionException">The session has failed.</exception>
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
            if (!TryTake(out var message, out var error))
                await driver.AbortAsync(error!).ConfigureAwait(false);
            else if (message is not null)
                return message;

            var chunk = await driver.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (chunk.IsEmpty)
                return _assembled.Length == 0 || driver.End!.Reason != SessionEndReason.ClosedByPeer ? null : throw new SessionException(EndsWithinMessage);
            _chunk = chunk;
        }
    }

    /// <summary>What the driver has delivered comes next; all that it delivered before was read.</summary>
    public void Deliver(ReadOnlyMemory<byte> chunk) => _chunk = chunk;

    /// <summary>As many application bytes as have been delivered, not as messages.</summary>
    /// <returns>How many.</returns>
    public int ReadBytes(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    public void Dispose() => _assembled.Dispose();

    private static SessionError EndsWithinMessage { get; } =
        new(SessionErrorKind.ProtocolViolation, AlertDescription.DecodeError, "The peer ended the session in the middle of a message.");

    // False: the bytes are no message. A null message: more bytes are needed, and the chunk is used up.
    private bool TryTake(out ReceivedMessage? message, out SessionError? error)
    {
        (message, error) = (null, null);
        while (true)
        {
            var assembling = _assembled.Length > 0;
            var bytes = assembling ? _assembled.Written : _chunk;
            var status = MessageFraming.TryReadHeader(bytes.Span, maxMessageSize, out var header);
            if (status == FrameStatus.Refused)
            {
                error = MessageFraming.Explain(header, maxMessageSize);
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

            // A header that came in part is completed byte by byte; then all that the message lacks is moved at once.
            var lacking = size - _assembled.Length ?? (assembling ? 1 : _chunk.Length);
            Move(Math.Min(lacking, _chunk.Length));
        }
    }

    private void Move(int count)
    {
        _assembled.Append(_chunk.Span[..count]);
        _chunk = _chunk[count..];
    }
}
