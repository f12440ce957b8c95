using SecureChannel.Handshakes;

namespace SecureChannel;

/// <content>The timers: the end of the last output, the close timeout, the wait for a final alert, and the idle timeout.</content>
internal abstract partial class SessionDriver
{
    // The last record, such as an alert, is small: either the transport accepts it soon, or the peer does not read any more.
    private static readonly TimeSpan LastRecordTimeout = TimeSpan.FromSeconds(1);

    // An alert that was sent before a reset is available at once, so a short wait is enough.
    private static readonly TimeSpan FinalAlertTimeout = TimeSpan.FromSeconds(1);

    // The maximum value means that there is no deadline.
    private TimeSpan _lastRecordDeadline = TimeSpan.MaxValue;
    private TimeSpan _closeDeadline = TimeSpan.MaxValue;
    private TimeSpan _writeFailureDeadline = TimeSpan.MaxValue;
    private long _bytesBeforeExpiry;
    private bool _isPaused;

    // All sent data is with the transport, and nothing can be sent any more.
    private bool _isFlushed;

    /// <summary>Called by the pump when the transport failed to write.</summary>
    public void OnWriteFailed()
    {
        lock (Gate)
        {
            if (Lifetime.End is not null)
                return;
            _writeFailureDeadline = Lifetime.Now + FinalAlertTimeout;
            Lifetime.Arm(_writeFailureDeadline);
        }

        // An endpoint that only sends does not read the peer's alert. The handshake always reads.
        if (Lifetime.IsPeerClosed)
            EndAfterWriteFailure();
        else if (Lifetime.Phase != SessionPhase.Handshaking)
            BeginDrain(DrainReason.FailedWrite);
    }

    /// <summary>Gets the time at which the handshake or the idle session times out, or null for never. Used under the gate.</summary>
    protected abstract TimeSpan? Deadline { get; }

    /// <summary>Gets the time at which keep-alive needs <see cref="KeepAlive"/>, or null for never. Used under the gate.</summary>
    protected virtual TimeSpan? KeepAliveDeadline => null;

    /// <summary>Sends a ping, or ends a session whose peer does not respond.</summary>
    protected virtual void KeepAlive()
    {
    }

    /// <summary>Gets a value that indicates whether a write failed. The session then ends when the peer's final alert arrives, or soon without it.</summary>
    protected bool HasWriteFailed => _writeFailureDeadline != TimeSpan.MaxValue;

    /// <summary>Gets a value that indicates whether an idle timeout would interrupt a message, a record or a write.</summary>
    protected bool IsInProgress => Messages.IsWithinMessage || Output.HasUnwrittenData || !Input.Unread.IsEmpty;

    /// <summary>Restarts the idle timeout. Called under the gate.</summary>
    protected abstract void RestartIdleTimeout();

    /// <summary>Ends a handshake that exceeded its timeout.</summary>
    protected abstract void OnHandshakeTimeout();

    /// <summary>Begins a read by the application. Data that waited for the application paused the idle timeout. Called under the gate.</summary>
    protected void BeginRead()
    {
        if (_drain == DrainReason.ReadAhead)
            EndDrain();
        if (_ready is not { Count: > 0 })
            Input.ReleaseContent();
        if (!_isPaused)
            return;
        _isPaused = false;
        RestartIdleTimeout();
        Lifetime.Arm(Deadline);
    }

    /// <summary>
    /// Ends the session after a failed write. A peer that has closed both directions does not receive the close_notify, but that loses no data. Called under
    /// the gate.
    /// </summary>
    protected void EndWithWriteFailure() => TryEnd(
        _isFlushed && Lifetime.IsPeerClosed
            ? new SessionEnd(SessionEndReason.ClosedByPeer)
            : new SessionEnd(SessionEndReason.Failed, CreateTransportError("writing", Transport.Failure!)),
        Transport.Failure);

    private void EndAfterWriteFailure()
    {
        lock (Gate)
            EndWithWriteFailure();
        Flush();
    }

    private void SetLastRecordDeadline()
    {
        _lastRecordDeadline = Lifetime.Now + (Options.CloseTimeout < LastRecordTimeout ? Options.CloseTimeout : LastRecordTimeout);
        Lifetime.Arm(_lastRecordDeadline);
    }

    private void Tick()
    {
        var now = Lifetime.Now;
        if (Lifetime.End is not null)
        {
            Lifetime.Arm(_lastRecordDeadline);
            if (now >= _lastRecordDeadline)
                AbandonOutput();
        }
        else if (now >= _closeDeadline)
        {
            Fail(SessionErrorKind.TimedOut, SessionErrorCode.CloseTimeout, AlertDescription.GeneralError,
                $"Sent data could not be written within {Options.CloseTimeout.TotalSeconds:0.###} s. Check that the peer reads, or increase 'CloseTimeout'.");
        }
        else if (now >= _writeFailureDeadline)
        {
            EndAfterWriteFailure();
        }
        else
        {
            var next = _closeDeadline < _writeFailureDeadline ? _closeDeadline : _writeFailureDeadline;
            if (next != TimeSpan.MaxValue)
                Lifetime.Arm(next);
            CheckReadAhead(now);
            CheckKeepAlive(now);
            CheckDeadline(now);
        }
    }

    private void CheckReadAhead(TimeSpan now)
    {
        if (Lifetime.Phase is SessionPhase.Created or SessionPhase.Handshaking || Lifetime.IsPeerClosed || Drain != DrainReason.None || IsReaderWaiting)
            return;
        lock (Gate)
        {
            if (now < _readAheadDeadline)
            {
                Lifetime.Arm(_readAheadDeadline);
                return;
            }
        }
        BeginDrain(DrainReason.ReadAhead);
    }

    private void CheckKeepAlive(TimeSpan now)
    {
        TimeSpan? deadline;
        lock (Gate)
            deadline = KeepAliveDeadline;
        if (deadline <= now)
            KeepAlive();
        lock (Gate)
            Lifetime.Arm(KeepAliveDeadline);
    }

    private void CheckDeadline(TimeSpan now)
    {
        lock (Gate)
        {
            if (Deadline is not { } deadline || now < deadline)
            {
                Lifetime.Arm(Deadline);
                return;
            }
            if (Lifetime.Phase != SessionPhase.Handshaking && !IsReaderWaiting && HasReadyData)
            {
                _isPaused = true;
                return;
            }
        }
        if (Lifetime.Phase == SessionPhase.Handshaking)
            OnHandshakeTimeout();
        else if (IsReaderWaiting || Lifetime.IsPeerClosed)
            Expire();
        else if (Drain != DrainReason.FailedWrite)
            DrainBeforeExpiry();
    }

    // Before the idle timeout expires, received data is authenticated, because it may wait only for a busy reader.
    private void DrainBeforeExpiry()
    {
        BeginDrain(DrainReason.IdleTimeout);
        if (Drain == DrainReason.None)
            CheckDeadline(Lifetime.Now);
        else
            QueueExpiry();
    }

    // Bytes that have arrived complete the read before the second work item runs.
    private void QueueExpiry()
    {
        _bytesBeforeExpiry = Transport.BytesRead;
        ThreadPool.UnsafeQueueUserWorkItem(
            static driver => ThreadPool.UnsafeQueueUserWorkItem(static driver => driver.ExpireAfterDrain(), driver, preferLocal: false),
            this,
            preferLocal: false);
    }

    // A record may need several reads.
    private void ExpireAfterDrain()
    {
        if (Drain == DrainReason.IdleTimeout && Lifetime.End is null && Transport.BytesRead != _bytesBeforeExpiry)
            QueueExpiry();
        else
            Expire();
    }

    private void Expire()
    {
        lock (Gate)
        {
            if (Drain == DrainReason.IdleTimeout)
                EndDrain();
            if (Lifetime.End is null && Deadline <= Lifetime.Now && (IsReaderWaiting || !HasReadyData))
                TryEnd(IdleEnd.Create(Negotiated!, IsInProgress));
        }
        Flush();
        Wake.Set();
        if (Lifetime.End is null)
            CheckDeadline(Lifetime.Now);
    }
}
