using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <content>How a session ends.</content>
public sealed partial class SecureSession
{
    private static readonly TimeSpan DisposeGrace = TimeSpan.FromSeconds(5);

    private int _sendingClosed;
    private int _disposed;

    /// <summary>Ends the session by the explicit message, after what was sent before it, and closes the transport. Does nothing if the session has ended.</summary>
    /// <param name="cancellationToken">Gives up before the explicit message: the session goes on.</param>
    public override async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Negotiated is not null && End is null)
        {
            try
            {
                await _sending.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (End is not null)
            {
                return;
            }
        }
        if (Volatile.Read(ref _handshakeBegun) == 0)
            await _driver.DisposeAsync().ConfigureAwait(false);
        else
            await _driver.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Ends this end's direction by the explicit message, after what was sent before it (RFC 9846 section 6.1). What the peer sends is still received, until it
    /// ends its own direction: by default a peer that is a session of this library does so at once (<see cref="SecureSessionOptions.AllowHalfClose"/>).
    /// </summary>
    /// <exception cref="SessionException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this end has closed.</exception>
    /// <exception cref="NotSupportedException">Over SslStream.</exception>
    [RequiresState(SessionState.Established)]
    public async ValueTask CompleteWritesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotEstablished();
        BeginSend(cancellationToken);
        await _sending.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var closing = _driver.CloseWriteAsync();
        Volatile.Write(ref _sendingClosed, 1);
        await closing.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask AbortAsync(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Volatile.Read(ref _handshakeBegun) == 0 ? _driver.DisposeAsync() : _driver.AbortAsync(error);
    }

    /// <summary>
    /// Ends the session by the explicit message if it has not ended, waiting a few seconds at most for what was sent before; closes the transport, and frees all it
    /// holds: bodies of received messages are no longer valid. A socket stays for up to a second more, since a peer that still sends could not read the end of a
    /// connection that is reset.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        using (var grace = new CancellationTokenSource(DisposeGrace, _options.TimeProvider))
        {
            try
            {
                await CloseAsync(grace.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await _driver.AbortAsync(new SessionError(SessionErrorKind.TimedOut, AlertDescription.UserCanceled, "The peer did not take what was sent before the end."))
                    .ConfigureAwait(false);
            }
        }
        await _driver.DisposeAsync().ConfigureAwait(false);
        _sending.Dispose();
        ReleaseReceiving();
    }

    // The receiving side's memory goes once the session is disposed and no receive uses it, whichever comes last.
    private void ReleaseReceiving()
    {
        if (Interlocked.Exchange(ref _receiveUnderWay, 1) != 0)
            return;
        _receiving.Dispose();
        _driver.Release();
    }
}
