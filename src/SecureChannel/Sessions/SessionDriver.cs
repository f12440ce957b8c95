using SecureChannel.Protocols;

namespace SecureChannel;

/// <summary>
/// The base class of drivers. A driver connects a transport, an output pump and the protection of records. One read and one write may be in progress at the
/// same time. Ending the session is safe from any thread. Reads never wait for writes, and writes never wait for reads.
/// </summary>
internal abstract partial class SessionDriver : IDisposable
{
    private TaskCompletionSource? _outputFinished;
    private bool _isOutputFinished;
    private CancellationTokenSource? _ended;
    private int _isSettled;

    protected SessionDriver(GuardedTransport transport, SecureSessionOptions options, InputBuffer input)
    {
        (Transport, Options, Input) = (transport, options, input);
        Lifetime = new SessionLifetime(options.TimeProvider, Tick);
        Output = new OutputPump(this);
        Messages = new MessageFramer(options.MaxMessageSize);
    }

    public SessionLifetime Lifetime { get; }

    public OutputPump Output { get; }

    public SecureSessionOptions Options { get; }

    /// <summary>Gets the reader of messages. Only the current reader of the session uses it.</summary>
    public MessageFramer Messages { get; }

    public NegotiatedSession? Negotiated { get; protected set; }

    public PeerIdentity? PeerIdentity { get; protected set; }

    /// <summary>
    /// Gets a value that indicates whether <see cref="WriteAsync"/> no longer uses the data after it returns, even if its task is not complete.
    /// </summary>
    public abstract bool ConsumesDataSynchronously { get; }

    protected GuardedTransport Transport { get; }

    protected Lock Gate { get; } = new();

    /// <summary>Gets a token that is canceled when the session ends.</summary>
    protected CancellationToken Ended
    {
        get
        {
            lock (Gate)
            {
                _ended ??= new CancellationTokenSource();
                if (Lifetime.End is not null)
                    _ended.Cancel();
                return _ended.Token;
            }
        }
    }

    public abstract Task HandshakeAsync(CancellationToken cancellationToken);

    /// <summary>Reads application bytes, which are valid until the next read. Returns an empty buffer after the peer's close_notify.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Protects application data, and writes it and all sealed output to the transport. Called by the pump, one call at a time.</summary>
    /// <returns>True if the transport accepted everything; false if it failed. Never throws.</returns>
    public abstract ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> data);

    public abstract void ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> output);

    /// <summary>Updates the write keys and requests new keys of the peer.</summary>
    /// <exception cref="SessionException">The session has ended.</exception>
    /// <exception cref="InvalidOperationException">The security cannot update keys, or the local direction is closed.</exception>
    public virtual void RequestKeyUpdate() =>
        throw new InvalidOperationException($"The security '{Options.Security.Name}' cannot update keys on request. Use SessionSecurity.Tls13.");

    /// <summary>Gets a value that indicates whether the local direction can be closed without the other.</summary>
    public virtual bool SupportsHalfClose => true;

    /// <summary>
    /// Flushes sent data and closes the local direction with close_notify. Then ends the session, unless only writes are completed. Call
    /// <see cref="SessionLifetime.TryBeginClosing"/> first.
    /// </summary>
    /// <exception cref="SessionException">The session ended otherwise, or the data could not be written within the close timeout.</exception>
    /// <exception cref="OperationCanceledException">
    /// The operation was canceled. The direction is still open, unless the close_notify is being written already.
    /// </exception>
    public async Task CloseAsync(ClosingOperation operation, CancellationToken cancellationToken)
    {
        if (operation == ClosingOperation.Close)
            LimitClosing();
        var isFlushed = false;
        try
        {
            isFlushed = await Output.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!isFlushed)
                EndClosing(operation, isClosed: false);
        }
        // The close_notify cannot be withdrawn, so a caller that no longer waits leaves it to be written.
        var isClosed = isFlushed && await WriteCloseNotifyAsync(operation).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!isClosed)
            await Lifetime.Completion.ConfigureAwait(false);
        if (Lifetime.End is { Error: not null })
            throw Lifetime.CreateException(isSend: true);
    }

    /// <summary>Limits the time of the operation that is closing the local direction, unless it is limited already.</summary>
    public void LimitClosing()
    {
        if (_closeDeadline != TimeSpan.MaxValue)
            return;
        _closeDeadline = Lifetime.Now + Options.CloseTimeout;
        Lifetime.Arm(_closeDeadline);
    }

    /// <summary>Ends a session that is not established. If the handshake has started, the peer receives user_canceled.</summary>
    /// <returns>A task that completes when the alerts are with the transport, or the time for them is over. Never faults.</returns>
    public Task CloseBeforeEstablishedAsync()
    {
        End(new SessionEnd(SessionEndReason.ClosedLocally));
        return WhenOutputFinished();
    }

    /// <summary>Aborts the session with an error, unless it has ended. The peer receives the alert of the error.</summary>
    /// <returns>A task that completes when the alert is with the transport, or the time for it is over. Never faults.</returns>
    public Task AbortAsync(SessionError error)
    {
        End(new SessionEnd(SessionEndReason.Failed, error));
        return WhenOutputFinished();
    }

    /// <summary>Closes the transport of a session that has ended, after its last output.</summary>
    /// <param name="timeout">The maximum duration, after which the transport is closed without waiting.</param>
    /// <returns>A task that completes when the transport is closed, or the timeout has expired. Never faults.</returns>
    public async Task CloseTransportAsync(TimeSpan timeout)
    {
        var start = Lifetime.Now;
        await WaitAsync(WhenOutputFinished(), timeout).ConfigureAwait(false);
        AbandonOutput();
        await WaitAsync(Transport.CloseAsync(), timeout - (Lifetime.Now - start)).ConfigureAwait(false);
    }

    /// <summary>Called by the pump when the output of an ended session is written, or can no longer be written.</summary>
    public void OnOutputFinished()
    {
        Lifetime.Dispose();
        _ = Transport.CloseAsync();
        ReleaseProtection();
        lock (Gate)
        {
            _isOutputFinished = true;
            _outputFinished?.TrySetResult();
        }
    }

    /// <summary>Ends the session. Only the first call has an effect.</summary>
    protected void End(SessionEnd end, Exception? cause = null)
    {
        lock (Gate)
        {
            TryEnd(end, cause);
        }
        Flush();
    }

    /// <summary>Ends the session. Only the first call has an effect. The caller holds the gate, and later calls <see cref="Flush"/> without it.</summary>
    protected void TryEnd(SessionEnd end, Exception? cause = null)
    {
        if (Lifetime.TryEnd(end, cause))
            SealEnd(end);
    }

    /// <summary>Writes sealed output, and continues everything that waits for the end. The caller must not hold the gate.</summary>
    protected virtual void Flush() => Settle();

    /// <summary>Seals the alert of the end, if any, and wipes the secrets. Called once, under the gate.</summary>
    protected abstract void SealEnd(SessionEnd end);

    /// <summary>Releases the secrets and buffers of the protection. May be called several times.</summary>
    protected abstract void ReleaseProtection();

    /// <summary>Seals the close_notify of the local direction.</summary>
    protected abstract ValueTask SealCloseNotifyAsync();

    /// <summary>Continues everything that waits for the end, once. Does nothing if the session is open. The caller must not hold the gate.</summary>
    protected void Settle()
    {
        if (Lifetime.End is null || Interlocked.Exchange(ref _isSettled, 1) != 0)
            return;
        SetLastRecordDeadline();
        lock (Gate)
            _ = _ended?.CancelAsync();
        Output.Finish();
        Wake.Set();
    }

    protected void Fail(SessionErrorKind kind, SessionErrorCode code, AlertDescription alert, string message, Exception? cause = null) =>
        End(new SessionEnd(SessionEndReason.Failed, new SessionError(kind, code, alert, message)), cause);

    /// <summary>Gets the error of a handshake that the caller canceled.</summary>
    public static SessionError CanceledHandshake { get; } = new(
        SessionErrorKind.LocalError, SessionErrorCode.Canceled, AlertDescription.UserCanceled, "This endpoint canceled the handshake. Create a new session.");

    protected static SessionError CreateTransportError(string operation, Exception cause) => new(
        SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, AlertDescription.InternalError,
        $"The transport failed while {operation}: {PeerText.Printable(cause.Message)}");

    private async Task<bool> WriteCloseNotifyAsync(ClosingOperation operation)
    {
        var isClosed = false;
        try
        {
            _isFlushed = true;
            await SealCloseNotifyAsync().ConfigureAwait(false);
            isClosed = await Output.FlushAsync().ConfigureAwait(false);

            // Before the operation ends, so that no send is accepted after the close_notify.
            if (isClosed && (operation == ClosingOperation.Close || Lifetime.IsPeerClosed))
                End(new SessionEnd(Lifetime.IsPeerClosed ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally));
            return isClosed;
        }
        finally
        {
            EndClosing(operation, isClosed);
        }
    }

    private void EndClosing(ClosingOperation operation, bool isClosed)
    {
        if (!isClosed || operation == ClosingOperation.CompleteWrites)
            _closeDeadline = TimeSpan.MaxValue;
        Lifetime.EndClosing(isClosed);
    }

    private Task WhenOutputFinished()
    {
        lock (Gate)
        {
            if (_isOutputFinished)
                return Task.CompletedTask;
            _outputFinished ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _outputFinished.Task;
        }
    }

    private void AbandonOutput()
    {
        Output.Dispose();
        OnOutputFinished();
    }

    private async Task WaitAsync(Task task, TimeSpan timeout)
    {
        if (timeout > TimeSpan.Zero)
            await task.WaitAsync(timeout, Options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
