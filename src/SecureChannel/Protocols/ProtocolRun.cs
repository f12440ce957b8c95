using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// One run of a protocol over a channel: its current state and its valid tokens. A token stores the version that the run had when the token was created. An
/// operation claims that version. If the operation succeeds, it advances the version of the run, which invalidates older tokens.
/// </summary>
internal sealed class ProtocolRun
{
    private readonly StateDeadline _deadline;
    private Task<ReceivedMessage?>? _prefetched;
    private CancellationTokenSource? _stopPrefetching;
    private SessionError? _ownError;
    private long _version = 1;

    private ProtocolRun(MessageChannel channel, ProtocolState start)
    {
        (Channel, State, _deadline) = (channel, start, new StateDeadline(channel));
        _deadline.Enter(start);
        channel.SetProtocolComplete(start.IsFinal);
    }

    public MessageChannel Channel { get; }

    /// <summary>
    /// Gets or sets the cancellation token that was passed to <see cref="ProtocolHandler.RunAsync"/>, or the default value if no handler runs.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Gets the current state. Only the operation that holds the claim may set it or, while the run is split, a lane that holds the lock of
    /// <see cref="SplitRun"/>.
    /// </summary>
    public ProtocolState State { get; private set; }

    public static StateCursor Begin(MessageChannel channel, ProtocolState start)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Role != start.Role)
            throw new InvalidOperationException(
                $"{start.Subject}: the local endpoint of this channel is the {NameOf(channel.Role)}, so the {NameOf(start.Role)} cannot begin on it. "
                + $"Use the generated class of the {NameOf(channel.Role)}.");
        if (channel.ApplicationProtocol is { } agreed && agreed != start.Protocol)
            throw new InvalidOperationException($"{start.Subject}: this channel negotiated {agreed}, so {start.Protocol} cannot begin on it.");
        RequiredIdentity.Check(channel, start);
        if (!channel.TryBegin(start.Protocol, start.Graph.Limits))
            throw new InvalidOperationException(
                $"{start.Subject}: a protocol already began on this channel, and a channel carries only one run. Use the token that 'Begin' returned.");
        return new StateCursor(new ProtocolRun(channel, start), 1);
    }

    /// <summary>Claims the version of a token for an operation, such as sending the given message. Throws if the token was already used or is in use.</summary>
    public void Claim(long version, ProtocolState state, Type? message, string operation)
    {
        if (!ReferenceEquals(State, state) || Interlocked.CompareExchange(ref _version, -version, version) != version)
            throw CreateMisuseException(version, state, message is null ? operation : $"{operation} {message.Name}");
    }

    public void Release(long version) => Volatile.Write(ref _version, version);

    public StateCursor Advance(long version)
    {
        Volatile.Write(ref _version, version + 1);
        return new StateCursor(this, version + 1);
    }

    /// <summary>Applies a transition to the current state.</summary>
    /// <param name="transition">The transition.</param>
    /// <param name="isPending">True if the message is not sent yet, so that <see cref="RevertTo"/> may revert the transition.</param>
    public void TransitionTo(Transition transition, bool isPending = false)
    {
        State = State.After(transition);
        if (!transition.IsAnytime)
            _deadline.Enter(State);
        if (State.IsFinal && !isPending)
            Channel.SetProtocolComplete(true);
    }

    /// <summary>Reports to the channel that the transition of a pending send became definite.</summary>
    public void ConfirmTransition()
    {
        if (State.IsFinal)
            Channel.SetProtocolComplete(true);
    }

    /// <summary>Reverts a transition whose message was not sent.</summary>
    public void RevertTo(ProtocolState state)
    {
        State = state;
        _deadline.Enter(state);
        Channel.SetProtocolComplete(state.IsFinal);
    }

    public void ThrowIfNotCurrent(long version, ProtocolState state, string operation)
    {
        if (!ReferenceEquals(State, state) || Volatile.Read(ref _version) != version)
            throw CreateMisuseException(version, state, operation);
    }

    /// <summary>Waits for the next message without consuming it. The next call of <see cref="ReceiveAsync"/> returns it.</summary>
    public Task PrefetchAsync()
    {
        // One source for all messages: a linked source for each would stay registered on the caller's token.
        _stopPrefetching ??= CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        return _prefetched ??= Channel.ReceiveAsync(_stopPrefetching.Token).AsTask();
    }

    public ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_prefetched is not { } prefetched)
            return Channel.ReceiveAsync(cancellationToken);
        _prefetched = null;
        return new ValueTask<ReceivedMessage?>(prefetched);
    }

    /// <summary>Ends a run that no operation will continue: cancels the wait of <see cref="PrefetchAsync"/>, and stops the deadline.</summary>
    public async ValueTask StopAsync()
    {
        _deadline.Dispose();
        if (_stopPrefetching is not { } stop)
            return;
        await stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_prefetched is Task prefetched)
            await prefetched.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _prefetched = null;
        stop.Dispose();
    }

    /// <summary>Creates the exception of a receive that found the end of the channel before the protocol reached a final state.</summary>
    public SessionException CreateEarlyEndException(ProtocolState state)
    {
        var end = Channel.End;
        var where = $"in state '{state.Name}' of {state.Protocol}; expected {state.Receives ?? "no message"}.";
        var error = end switch
        {
            { Error: { } reason } => reason,
            { Reason: SessionEndReason.ClosedLocally } => new SessionError(
                SessionErrorKind.Closed, SessionErrorCode.ClosedLocally, AlertDescription.CloseNotify, $"This endpoint closed the session {where}"),
            _ => new SessionError(
                SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, AlertDescription.UnexpectedMessage, $"The peer closed the session {where}"),
        };
        return new SessionException(error, end);
    }

    /// <summary>Records the exception of an operation of this run, so that <see cref="IsOwnEnd"/> recognizes it.</summary>
    public void RecordFailure(Exception exception)
    {
        if (exception is SessionException { Error: { } error })
            Volatile.Write(ref _ownError, error);
    }

    /// <summary>Determines whether an exception is due to the end of this channel, and not to a failure of the handler or of another channel.</summary>
    public bool IsOwnEnd(Exception exception) =>
        Channel.End is not null || (exception is ObjectDisposedException && Channel.IsDisposed) || (exception is SessionException { Error: { } error } && ReferenceEquals(error, Volatile.Read(ref _ownError)));

    private static string NameOf(Role role) => role == Role.Client ? "client" : "server";

    public static InvalidOperationException CreateDefaultTokenException(ProtocolState state, string operation) => new(
        $"{state.Subject}: {operation} is not possible with a default '{state.Name}' token, which has no channel. "
        + $"Use the token that 'Begin' or the operation before '{state.Name}' returned.");

    private InvalidOperationException CreateMisuseException(long version, ProtocolState state, string operation) => new(Volatile.Read(ref _version) == -version
        ? $"{state.Subject}: {operation} is not possible in state '{state.Name}' while another operation of the same token is in progress. "
            + "Await that operation first."
        : $"{state.Subject}: {operation} is not possible with this '{state.Name}' token, which was already used: {State.Situation}. "
            + "Use the token that the last operation returned.");
}
