namespace SecureChannel;

/// <summary>
/// The application bytes of a session as a stream: what is written at one end is read at the other, authentic, private, and in order. One read and one write
/// may be under way at once. A read returns 0 only after the peer's explicit end or the idle timeout; a connection that was cut throws. A read into an empty
/// buffer waits until there is something to read, or the end, and meanwhile holds room for a short record only.
/// </summary>
public sealed class SecureStream : AsyncStream
{
    // What is written at once is queued in pieces of this size, so that the queue's bound holds.
    private const int PieceSize = 64 * 1024;

    private readonly SecureSession _session;

    internal SecureStream(SecureSession session) => _session = session;

    /// <inheritdoc/>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way, or this end has closed the session.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _session.ReadBytesAsync(buffer, cancellationToken);

    /// <summary>Queues bytes to be sent; waits while much is queued. Large buffers are queued in pieces: cancellation may come after some of them.</summary>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">Another write is under way, or this end has closed the session.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => buffer.Length switch
    {
        0 => ValueTask.CompletedTask,
        <= PieceSize => _session.WriteBytesAsync(buffer, cancellationToken),
        _ => WritePiecesAsync(buffer, cancellationToken),
    };

    /// <summary>Completes once all that was written has been handed to the transport.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => _session.FlushAsync(cancellationToken).AsTask();

    /// <summary>Ends the session, as <see cref="SecureSession.DisposeAsync"/> does.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask WritePiecesAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        for (; !buffer.IsEmpty; buffer = buffer[Math.Min(PieceSize, buffer.Length)..])
            await _session.WriteBytesAsync(buffer[..Math.Min(PieceSize, buffer.Length)], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
