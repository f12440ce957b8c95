namespace SecureChannel.Protocols;

/// <summary>
/// The life of a channel that is not a session: the first end counts, and decides what later operations report. The peer's close ends only the peer's
/// direction; the channel ends when this endpoint closes too. Thread-safe.
/// </summary>
internal sealed class ChannelLifetime
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<SessionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SessionEnd? _end;
    private volatile bool _isPeerClosed;
    private Exception? _cause;
    private bool _isDisposed;

    /// <summary>Gets the end of the channel, or null while it is open.</summary>
    public SessionEnd? End => _end;

    /// <summary>Gets a task that completes when the channel ends.</summary>
    public Task<SessionEnd> Completion => _completion.Task;

    /// <summary>Gets a value that indicates whether the peer closed its direction.</summary>
    public bool IsPeerClosed => _isPeerClosed;

    /// <summary>
    /// Gets a value that indicates whether this endpoint ended the channel. Reads then fail at once; after any other end they first return what had arrived.
    /// </summary>
    public bool IsEndedLocally { get; private set; }

    /// <summary>Gets the error of a channel whose peer closed it within a message.</summary>
    public static SessionError ClosedWithinMessage { get; } = new(
        SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, AlertDescription.DecodeError, "The peer closed the channel within a message.");

    /// <summary>Gets the error of a channel that was disposed before it was closed.</summary>
    public static SessionError DisposedBeforeClose { get; } = new(
        SessionErrorKind.LocalError, SessionErrorCode.DisposedBeforeClose, AlertDescription.GeneralError,
        "The channel was disposed before it was closed. Call 'CloseAsync' when everything is sent.");

    /// <summary>Records that the peer closed its direction.</summary>
    public void ClosePeer() => _isPeerClosed = true;

    /// <summary>Ends the channel because this endpoint closed it.</summary>
    /// <returns>True if this call ended the channel; false if it had already ended.</returns>
    public bool TryClose() => TryEnd(new SessionEnd(_isPeerClosed ? SessionEndReason.ClosedByPeer : SessionEndReason.ClosedLocally), isLocal: true);

    /// <summary>Ends the channel because it failed.</summary>
    /// <param name="error">The error.</param>
    /// <param name="isLocal">True if this endpoint aborted the channel.</param>
    /// <param name="cause">The underlying exception, or null.</param>
    /// <returns>True if this call ended the channel; false if it had already ended.</returns>
    public bool TryFail(SessionError error, bool isLocal, Exception? cause = null) => TryEnd(new SessionEnd(SessionEndReason.Failed, error), isLocal, cause);

    /// <summary>Ends the channel. Only the first call has an effect.</summary>
    public bool TryEnd(SessionEnd end, bool isLocal, Exception? cause = null)
    {
        lock (_gate)
        {
            if (_end is not null)
                return false;
            (_cause, IsEndedLocally) = (cause, isLocal);
            _end = end;
        }
        _completion.TrySetResult(end);
        return true;
    }

    /// <summary>Gets a value that indicates whether the channel was disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>Records the disposal of the channel.</summary>
    /// <returns>True for the first call; otherwise, false.</returns>
    public bool TryDispose() => !Interlocked.Exchange(ref _isDisposed, true);

    /// <summary>Throws if the channel was disposed or has ended.</summary>
    public void ThrowIfEnded(MessageChannel channel)
    {
        ThrowIfDisposed(channel);
        if (_end is not null)
            throw CreateException();
    }

    /// <summary>Throws if the channel was disposed.</summary>
    public void ThrowIfDisposed(MessageChannel channel) => ObjectDisposedException.ThrowIf(IsDisposed, channel);

    /// <summary>Throws if the channel ended for another reason than a close.</summary>
    public void ThrowIfFailed()
    {
        if (_end?.Error is not null)
            throw CreateException();
    }

    /// <summary>Creates the exception of an operation that is not possible because the channel has ended.</summary>
    public SessionException CreateException()
    {
        var end = _end!;
        var error = end.Error ?? (end.Reason == SessionEndReason.ClosedByPeer
            ? Closed(SessionErrorCode.ClosedByPeer, "Both endpoints closed the channel. Create a new channel.")
            : Closed(SessionErrorCode.ClosedLocally, "This endpoint closed the channel. Create a new channel."));
        return new SessionException(error, end, _cause);
    }

    /// <summary>Creates the exception of a send while this endpoint closes the channel.</summary>
    public static SessionException CreateClosingException() => new(
        Closed(SessionErrorCode.ClosedLocally, "This endpoint is closing the channel. Create a new channel."), new SessionEnd(SessionEndReason.ClosedLocally));

    private static SessionError Closed(SessionErrorCode code, string message) => new(SessionErrorKind.Closed, code, AlertDescription.CloseNotify, message);
}
