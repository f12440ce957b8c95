namespace SecureChannel;

/// <summary>
/// The application data of a session as a stream. One read and one write may be in progress at the same time. Synchronous members block.
/// </summary>
/// <remarks>
/// A read returns 0 only after the peer's close_notify; every other end of the session throws. A read into an empty buffer waits for data or the end of the
/// session, and meanwhile holds only the memory for a short record. Await <see cref="SecureSession.CloseAsync"/> or <see cref="CompleteWritesAsync"/> before
/// disposal: disposal alone aborts the session, so that the peer does not take half of the data as complete.
/// </remarks>
public sealed class SecureStream : Stream
{
    private readonly SecureSession _session;

    internal SecureStream(SecureSession session) => _session = session;

    /// <summary>Gets the session whose application data the stream carries.</summary>
    public SecureSession Session => _session;

    /// <summary>Gets a value that indicates whether the stream supports reading. Always true.</summary>
    public override bool CanRead => true;

    /// <summary>Gets a value that indicates whether the stream supports seeking. Always false.</summary>
    public override bool CanSeek => false;

    /// <summary>Gets a value that indicates whether the stream supports writing. Always true.</summary>
    public override bool CanWrite => true;

    /// <summary>Throws, because the stream has no length.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Throws, because the stream has no position.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="SessionException">The session ended without a close_notify of the peer, or this endpoint closed it.</exception>
    /// <exception cref="InvalidOperationException">Another read is in progress.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _session.ReadBytesAsync(buffer, cancellationToken);

    /// <summary>
    /// Queues bytes to send. Waits while too many bytes are queued. A buffer of more than 64 KiB is sent in chunks.
    /// </summary>
    /// <param name="buffer">The bytes to send.</param>
    /// <param name="cancellationToken">
    /// The token that cancels the write. A canceled write has sent nothing: the token has no effect after the first chunk was sent. Abort or dispose the
    /// session to end such a write.
    /// </param>
    /// <returns>A task that completes when the bytes are queued.</returns>
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">Another write is in progress, or this endpoint completed its writes.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? ValueTask.CompletedTask : _session.WriteBytesAsync(buffer, cancellationToken);

    /// <summary>Flushes written bytes to the transport.</summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the bytes are with the transport.</returns>
    public override Task FlushAsync(CancellationToken cancellationToken) => _session.FlushAsync(cancellationToken).AsTask();

    /// <summary>
    /// Flushes written bytes and closes the local write direction with close_notify: the peer reads the end of the stream. The stream can still be read. Call
    /// this method once.
    /// </summary>
    /// <param name="cancellationToken">
    /// The token that cancels the flush. The direction then remains open, unless its close_notify is being written already.
    /// </param>
    /// <returns>A task that completes when the bytes and the close_notify are with the transport.</returns>
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">This endpoint already completed its writes.</exception>
    /// <exception cref="NotSupportedException">The session uses SslStream.</exception>
    public ValueTask CompleteWritesAsync(CancellationToken cancellationToken = default) => _session.CompleteWritesAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Throws, because the stream has no position.</summary>
    /// <param name="offset">Not used.</param>
    /// <param name="origin">Not used.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Throws, because the stream has no length.</summary>
    /// <param name="value">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the session, as <see cref="SecureSession.DisposeAsync"/> does.</summary>
    /// <returns>A task that completes when the session is disposed.</returns>
    public override async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
