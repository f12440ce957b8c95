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
    private CancellationTokenSource? _cancelPrefetch;
    private long _version = 1;

    private ProtocolRun(MessageChannel channel, ProtocolState start)
    {
        (Channel, State, _deadline) = (channel, start, new StateDeadline(channel));
        _deadline.Enter(start);
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
        if (channel.ApplicationProtocol is { } agreed && agreed != start.Protocol)
            throw new InvalidOperationException($"{start.Subject}: this channel negotiated {agreed}, so {start.Protocol} cannot begin on it.");
        if (!channel.TryBegin(start.Protocol))
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
    public void TransitionTo(Transition transition)
    {
        State = State.After(transition);
        if (!transition.IsAnytime)
            _deadline.Enter(State);
    }

    /// <summary>Reverts a transition whose message was not sent.</summary>
    public void RevertTo(ProtocolState state)
    {
        State = state;
        _deadline.Enter(state);
    }

    public void ThrowIfNotCurrent(long version, ProtocolState state, string operation)
    {
        if (!ReferenceEquals(State, state) || Volatile.Read(ref _version) != version)
            throw CreateMisuseException(version, state, operation);
    }

    /// <summary>Waits for the next message without consuming it. The next call of <see cref="ReceiveAsync"/> returns it.</summary>
    public Task PrefetchAsync(CancellationToken cancellationToken)
    {
        if (_prefetched is null)
        {
            _cancelPrefetch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _prefetched = Channel.ReceiveAsync(_cancelPrefetch.Token).AsTask();
        }

        return _prefetched;
    }

    public ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_prefetched is not { } prefetched)
            return Channel.ReceiveAsync(cancellationToken);
        _prefetched = null;
        return new ValueTask<ReceivedMessage?>(prefetched);
    }

    /// <summary>Cancels the wait of <see cref="PrefetchAsync"/>, because no operation will consume the message.</summary>
    public async ValueTask CancelPrefetchAsync()
    {
        if (_prefetched is not { } prefetched)
            return;
        _prefetched = null;
        using var cancel = _cancelPrefetch!;
        await cancel.CancelAsync().ConfigureAwait(false);
        await ((Task)prefetched).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static SessionError CreateEarlyEndError(ProtocolState state, SessionEnd? end)
    {
        var where = $"in state '{state.Name}' of {state.Protocol}; expected {state.Receives ?? "no message"}.";
        var (kind, code, cause) = end?.Reason switch
        {
            SessionEndReason.IdleTimeout => (SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout, "The idle timeout ended"),
            SessionEndReason.ClosedLocally => (SessionErrorKind.Closed, SessionErrorCode.ClosedLocally, "This endpoint closed"),
            _ => (SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, "The peer closed"),
        };
        return new SessionError(kind, code, AlertDescription.CloseNotify, $"{cause} the session {where}");
    }

    public static InvalidOperationException CreateDefaultTokenException(ProtocolState state, string operation) => new(
        $"{state.Subject}: {operation} is not possible with a default '{state.Name}' token, which has no channel. "
        + $"Use the token that 'Begin' or the operation before '{state.Name}' returned.");

    private InvalidOperationException CreateMisuseException(long version, ProtocolState state, string operation) => new(Volatile.Read(ref _version) == -version
        ? $"{state.Subject}: {operation} is not possible in state '{state.Name}' while another operation of the same token is in progress. "
            + "Await that operation first."
        : $"{state.Subject}: {operation} is not possible with this '{state.Name}' token, which was already used: {State.Situation}. "
            + "Use the token that the last operation returned.");
}
