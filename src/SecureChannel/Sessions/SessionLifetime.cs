namespace SecureChannel;

/// <summary>The phases of a session's life. The names of the half-closed phases are those of RFC 9113 section 5.1.</summary>
internal enum SessionPhase
{
    /// <summary>The handshake has not started.</summary>
    Created,

    /// <summary>The handshake is in progress.</summary>
    Handshaking,

    /// <summary>Both directions are open.</summary>
    Open,

    /// <summary>This endpoint has completed its writes. The peer can still send.</summary>
    HalfClosedLocal,

    /// <summary>The peer has closed its direction. This endpoint can still send.</summary>
    HalfClosedRemote,

    /// <summary>The session has ended.</summary>
    Ended,
}

/// <summary>The operation that is closing the local direction while sent data is flushed.</summary>
internal enum ClosingOperation
{
    /// <summary>No operation is closing the local direction.</summary>
    None,

    /// <summary><see cref="SecureSession.CompleteWritesAsync"/> closes the local direction only.</summary>
    CompleteWrites,

    /// <summary><see cref="SecureSession.CloseAsync"/> ends the session.</summary>
    Close,
}

/// <summary>
/// The life of a session: its phase, its end and its timer. All ends are decided here, and the first one counts. This type also decides who may still send, and
/// which exception an operation throws. Thread-safe. The object is its own lock, which saves an object per session. No other code can lock it.
/// </summary>
internal sealed class SessionLifetime : IDisposable
{
    private readonly DeadlineTimer _timer;
    private TaskCompletionSource<SessionEnd>? _completion;
    private TaskCompletionSource? _closed;
    private Exception? _cause;
    private volatile SessionPhase _phase;
    private volatile ClosingOperation _closing;
    private volatile bool _isPeerClosed;

    /// <param name="time">The clock.</param>
    /// <param name="fired">The callback that is invoked when an armed deadline may have passed.</param>
    public SessionLifetime(TimeProvider time, Action fired) => _timer = new DeadlineTimer(time, fired);

    /// <summary>Gets the monotonic time since the session was created.</summary>
    public TimeSpan Now => _timer.Now;

    public SessionPhase Phase => _phase;

    /// <summary>Gets a value that indicates whether the peer has closed its direction with an authenticated close_notify.</summary>
    public bool IsPeerClosed => _isPeerClosed;

    /// <summary>Gets a task that completes when the operation that is closing the local direction ends, or null if there is none. Never faults.</summary>
    public Task? Closing
    {
        get
        {
            lock (this)
                return _closed?.Task;
        }
    }

    /// <summary>Gets a value that indicates whether new data may be sent.</summary>
    public bool CanSend => _closing == ClosingOperation.None && _phase is SessionPhase.Open or SessionPhase.HalfClosedRemote;

    /// <summary>Gets a value that indicates whether the handshake has started.</summary>
    public bool HasStarted { get; private set; }

    public SessionEnd? End { get; private set; }

    public Task<SessionEnd> Completion
    {
        get
        {
            lock (this)
            {
                _completion ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (End is not null)
                    _completion.TrySetResult(End);
                return _completion.Task;
            }
        }
    }

    /// <summary>Ensures that the callback runs at or before a deadline.</summary>
    public void Arm(TimeSpan? deadline) => _timer.Arm(deadline);

    /// <summary>Moves from one phase to the next, unless the session has ended.</summary>
    public void Enter(SessionPhase next)
    {
        lock (this)
        {
            HasStarted = true;
            if (End is null)
                _phase = next;
        }
    }

    /// <summary>Records that the peer closed its direction. Does nothing if the session has ended, or the direction was closed already.</summary>
    public void ClosePeer()
    {
        lock (this)
        {
            if (End is not null || _isPeerClosed)
                return;
            _isPeerClosed = true;
            if (_phase == SessionPhase.Open)
                _phase = SessionPhase.HalfClosedRemote;
        }
    }

    /// <summary>Tries to begin to close the local direction. From now on, new sends fail.</summary>
    /// <returns>False if the session is not open, or another operation is closing the direction.</returns>
    public bool TryBeginClosing(ClosingOperation operation)
    {
        lock (this)
        {
            if (_closing != ClosingOperation.None || !MayClose(operation))
                return false;
            _closing = operation;
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>Completes or cancels the operation that is closing the local direction.</summary>
    /// <param name="isClosed">True if the local direction is closed; false if the operation was canceled, so that sends are possible again.</param>
    public void EndClosing(bool isClosed)
    {
        lock (this)
        {
            _closing = ClosingOperation.None;
            _closed?.SetResult();
            _closed = null;
            if (isClosed && _phase == SessionPhase.Open)
                _phase = SessionPhase.HalfClosedLocal;
        }
    }

    /// <summary>Ends the session. Only the first call has an effect.</summary>
    /// <param name="end">The end of the session.</param>
    /// <param name="cause">The underlying exception, or null.</param>
    /// <returns>True if this call ended the session; false if it had already ended.</returns>
    public bool TryEnd(SessionEnd end, Exception? cause = null)
    {
        lock (this)
        {
            if (End is not null)
                return false;
            (_cause, End, _phase) = (cause, end, SessionPhase.Ended);
            _completion?.TrySetResult(end);
            return true;
        }
    }

    /// <summary>Stops the timer.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Creates the exception of an operation that the end of the session, or of its local direction, makes impossible.</summary>
    public Exception CreateException(bool isSend)
    {
        var end = End;
        if (end is null)
        {
            return _closing == ClosingOperation.Close
                ? Closed(
                    SessionErrorCode.ClosedLocally, "This endpoint is closing the session. Create a new session.",
                    new SessionEnd(SessionEndReason.ClosedLocally))
                : new InvalidOperationException("This endpoint completed its writes, so it cannot send any more. Create a new session.");
        }
        if (end.Reason == SessionEndReason.ClosedLocally)
            return Closed(SessionErrorCode.ClosedLocally, "This endpoint closed the session. Create a new session.", end);
        if (end.Reason == SessionEndReason.ClosedByPeer || (isSend && _isPeerClosed && end.Error!.Code == SessionErrorCode.DisposedBeforeClose))
            return Closed(SessionErrorCode.ClosedByPeer, "The peer closed the session, so nothing more can be sent. Create a new session.", end);
        return new SessionException(end.Error!, end, _cause);
    }

    private bool MayClose(ClosingOperation operation) =>
        _phase is SessionPhase.Open or SessionPhase.HalfClosedRemote || (_phase == SessionPhase.HalfClosedLocal && operation == ClosingOperation.Close);

    private SessionException Closed(SessionErrorCode code, string message, SessionEnd end) =>
        new(new SessionError(SessionErrorKind.Closed, code, AlertDescription.CloseNotify, message), end, _cause);
}
