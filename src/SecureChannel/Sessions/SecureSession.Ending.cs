using SecureChannel.CodeAnalysis;

namespace SecureChannel;

/// <content>The end of sessions.</content>
public sealed partial class SecureSession
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(5);

    private int _writesCompleted;
    private int _disposed;

    /// <summary>Flushes sent data, closes the session with close_notify, and closes the transport. Does nothing if the session has ended.</summary>
    /// <param name="cancellationToken">The token that cancels the flush. The session then remains open.</param>
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
        if (Volatile.Read(ref _handshakeStarted) == 0)
            await _driver.DisposeAsync().ConfigureAwait(false);
        else
            await _driver.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Flushes sent data and closes the local write direction with close_notify (RFC 9846 section 6.1). The session can still receive until the peer closes its
    /// own write direction. By default, a peer that uses this library closes that direction at once (<see cref="SecureSessionOptions.AllowHalfClose"/>).
    /// </summary>
    /// <param name="cancellationToken">The token that cancels the flush.</param>
    /// <exception cref="SessionException">The session failed.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this endpoint closed the session or its write direction.</exception>
    /// <exception cref="NotSupportedException">The session uses SslStream.</exception>
    [RequiresState(SessionState.Established)]
    public async ValueTask CompleteWritesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotEstablished();
        BeginSend(cancellationToken);
        await _sending.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var closing = _driver.CloseWriteAsync();
        Volatile.Write(ref _writesCompleted, 1);
        await closing.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask AbortAsync(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Volatile.Read(ref _handshakeStarted) == 0 ? _driver.DisposeAsync() : _driver.AbortAsync(error);
    }

    /// <summary>
    /// Closes the session with close_notify unless it has ended, and flushes sent data for at most 5 seconds. Then closes the transport and releases all
    /// resources, which invalidates the bodies of received messages. A socket remains open for up to a second, because a reset could destroy the last data
    /// before the peer reads it.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        using (var grace = new CancellationTokenSource(DisposeTimeout, _options.TimeProvider))
        {
            try
            {
                await CloseAsync(grace.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                var error = new SessionError(
                    SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout, AlertDescription.UserCanceled,
                    "The session was disposed, but sent data was not flushed within 5 seconds. Await 'CloseAsync' before disposal to wait longer.");
                await _driver.AbortAsync(error).ConfigureAwait(false);
            }
        }
        await _driver.DisposeAsync().ConfigureAwait(false);
        _sending.Dispose();
        ReleaseReceiver();
    }

    // Releases the receive buffers when the session is disposed and no receive is in progress.
    private void ReleaseReceiver()
    {
        if (Interlocked.Exchange(ref _receiveInProgress, 1) != 0)
            return;
        _receiving.Dispose();
        _driver.Release();
    }
}
