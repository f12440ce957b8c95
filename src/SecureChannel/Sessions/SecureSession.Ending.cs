using SecureChannel.CodeAnalysis;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>The end of sessions.</content>
public sealed partial class SecureSession
{
    private static readonly SessionError DisposedBeforeClose = new(
        SessionErrorKind.LocalError, SessionErrorCode.DisposedBeforeClose, AlertDescription.GeneralError,
        "The session was disposed before this endpoint closed it, so the peer cannot take the sent data as complete. Await 'CloseAsync' before disposal.");

    private Task? _disposing;

    /// <summary>
    /// Flushes sent data, sends close_notify (RFC 9846 section 6.1) and closes the transport. Received data that was not read is discarded. Does nothing if an
    /// endpoint has closed the session already. A handshake in progress is canceled.
    /// </summary>
    /// <param name="cancellationToken">
    /// The token that cancels the flush. The session then remains open, unless its close_notify is being written already.
    /// </param>
    /// <returns>A task that completes when all sent data and the close_notify are with the transport.</returns>
    /// <exception cref="SessionException">
    /// The session ended otherwise, or the data could not be written within <see cref="SecureSessionOptions.CloseTimeout"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The flush was canceled.</exception>
    public override async ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_driver.Lifetime.Phase is SessionPhase.Created or SessionPhase.Handshaking)
            await _driver.CloseBeforeEstablishedAsync().ConfigureAwait(false);
        while (End is null)
        {
            if (!_driver.Lifetime.TryBeginClosing(ClosingOperation.Close))
                await WaitForClosingAsync(cancellationToken).ConfigureAwait(false);
            else
                await _driver.CloseAsync(ClosingOperation.Close, cancellationToken).ConfigureAwait(false);
        }
        if (End.Error is not null)
            throw _driver.Lifetime.CreateException(isSend: false);
    }

    /// <summary>
    /// Flushes sent data and closes the local write direction with close_notify (RFC 9846 section 6.1). The session can still receive until the peer closes its
    /// own write direction. Call this method once.
    /// </summary>
    /// <param name="cancellationToken">
    /// The token that cancels the flush. The direction then remains open, unless its close_notify is being written already.
    /// </param>
    /// <exception cref="SessionException">The session has ended, or this endpoint is closing it.</exception>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or this endpoint already completed its writes.</exception>
    /// <exception cref="NotSupportedException">The session uses SslStream.</exception>
    [RequiresState(SessionState.Established)]
    public async ValueTask CompleteWritesAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfNotEstablished();
        if (!_driver.SupportsHalfClose)
            throw new NotSupportedException("SslStream does not support half-close. Use another 'SessionSecurity'.");
        if (!_driver.Lifetime.TryBeginClosing(ClosingOperation.CompleteWrites))
            throw _driver.Lifetime.CreateException(isSend: true);
        await _driver.CloseAsync(ClosingOperation.CompleteWrites, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the session with an error, without flushing sent data. The peer receives the error's alert as a fatal alert. Does nothing if the session has ended.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <returns>A task that completes when the alert is with the transport, or after 1 second without it. Never faults.</returns>
    /// <exception cref="ArgumentException">
    /// The alert of the error is close_notify or user_canceled, which are not errors (RFC 9846 section 6.1): the peer would see an orderly end.
    /// </exception>
    public override ValueTask AbortAsync(SessionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        ChannelEngine.ThrowIfClosureAlert(error);
        return new(_driver.AbortAsync(error));
    }

    /// <summary>
    /// Ends the session unless it has ended, closes the transport and releases all resources, which invalidates the bodies of received messages. The session
    /// closes in order only if its protocol has reached a final state, or this endpoint has completed its writes. Otherwise it is aborted, so that the peer
    /// does not take half of the data as complete: await <see cref="CloseAsync"/> first. A socket remains open for up to a second, because a reset could
    /// destroy the last data before the peer reads it.
    /// </summary>
    /// <returns>A task that completes within <see cref="SecureSessionOptions.CloseTimeout"/>. Never faults.</returns>
    public override ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _disposing) is { } disposing)
            return new(disposing);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _disposing, disposed.Task, null) is { } first)
            return new(first);
        _ = DisposeOnceAsync(disposed);
        return new(disposed.Task);
    }

    // Another call is closing the session or its direction.
    private Task WaitForClosingAsync(CancellationToken cancellationToken)
    {
        _driver.LimitClosing();
        return (_driver.Lifetime.Closing ?? Task.CompletedTask).WaitAsync(cancellationToken);
    }

    private async Task DisposeOnceAsync(TaskCompletionSource disposed)
    {
        var start = _driver.Lifetime.Now;
        await EndAsync().ConfigureAwait(false);
        await _driver.CloseTransportAsync(_driver.Options.CloseTimeout - (_driver.Lifetime.Now - start)).ConfigureAwait(false);
        ReleaseReceiver();
        disposed.SetResult();
    }

    // Closes in order only what is complete. Never faults.
    private async Task EndAsync()
    {
        try
        {
            while (End is null && _driver.Lifetime.Closing is not null)
                await WaitForClosingAsync(CancellationToken.None).ConfigureAwait(false);
            if (_driver.Lifetime.Phase == SessionPhase.Created)
                await _driver.CloseBeforeEstablishedAsync().ConfigureAwait(false);
            else if (_driver.Lifetime.Phase == SessionPhase.Handshaking)
                await _driver.AbortAsync(SessionDriver.CanceledHandshake).ConfigureAwait(false);
            else if (IsProtocolComplete || _driver.Lifetime.Phase == SessionPhase.HalfClosedLocal)
                await CloseAsync(CancellationToken.None).ConfigureAwait(false);
            else
                _ = _driver.AbortAsync(DisposedBeforeClose);
        }
        catch (SessionException)
        {
            // The end of the session has the reason.
        }
    }
}
