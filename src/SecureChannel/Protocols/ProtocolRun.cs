using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// One run of a protocol over a channel: where it is, and which tokens are valid. A token holds the version that the run had when it was given out; an
/// operation claims the version, and its success advances it.
/// </summary>
internal sealed class ProtocolRun
{
    private readonly StateDeadline _deadline;
    private Task<ReceivedMessage?>? _arriving;
    private CancellationTokenSource? _abandon;
    private long _version = 1;

    private ProtocolRun(MessageChannel channel, ProtocolState start)
    {
        (Channel, State, _deadline) = (channel, start, new StateDeadline(channel));
        _deadline.Enter(start);
    }

    public MessageChannel Channel { get; }

    /// <summary>What a handler was told to stop by; none where no handler runs.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Written only by whoever holds the claim, or, while the run is split, the lock of its lanes.</summary>
    public ProtocolState State { get; private set; }

    public static StateCursor Begin(MessageChannel channel, ProtocolState start)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.ApplicationProtocol is { } agreed && agreed != start.Protocol)
            throw new InvalidOperationException($"{start.Subject}: the ends of this channel agreed on {agreed}, so {start.Protocol} cannot begin on it.");
        if (!channel.TryBegin(start.Protocol))
            throw new InvalidOperationException($"{start.Subject}: a protocol has begun on this channel already, and a channel carries one run. Keep the token that Begin returned.");
        return new StateCursor(new ProtocolRun(channel, start), 1);
    }

    /// <summary>Claims the version for an operation: the sending of a message, or else what is said.</summary>
    public void Claim(long version, ProtocolState state, Type? message, string what)
    {
        if (!ReferenceEquals(State, state) || Interlocked.CompareExchange(ref _version, -version, version) != version)
            throw Refuse(version, state, message is null ? what : $"{what} {message.Name}");
    }

    public void Release(long version) => Volatile.Write(ref _version, version);

    public StateCursor Advance(long version)
    {
        Volatile.Write(ref _version, version + 1);
        return new StateCursor(this, version + 1);
    }

    /// <summary>Goes on by a move from the state in which the run is.</summary>
    public void TransitionTo(Transition move)
    {
        State = State.After(move);
        if (!move.IsAnytime)
            _deadline.Enter(State);
    }

    /// <summary>Takes a move back that has not been made after all.</summary>
    public void RevertTo(ProtocolState state)
    {
        State = state;
        _deadline.Enter(state);
    }

    public void Demand(long version, ProtocolState state, string what)
    {
        if (!ReferenceEquals(State, state) || Volatile.Read(ref _version) != version)
            throw Refuse(version, state, what);
    }

    /// <summary>Waits for what arrives next, without taking it: the next <see cref="TakeAsync"/> does.</summary>
    public Task Arriving(CancellationToken cancellationToken)
    {
        if (_arriving is null)
        {
            _abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _arriving = Channel.ReceiveAsync(_abandon.Token).AsTask();
        }

        return _arriving;
    }

    public ValueTask<ReceivedMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        if (_arriving is not { } arriving)
            return Channel.ReceiveAsync(cancellationToken);
        _arriving = null;
        return new ValueTask<ReceivedMessage?>(arriving);
    }

    /// <summary>Ends a wait for what nobody will take.</summary>
    public async ValueTask AbandonArrivalAsync()
    {
        if (_arriving is not { } arriving)
            return;
        _arriving = null;
        using var abandon = _abandon!;
        await abandon.CancelAsync().ConfigureAwait(false);
        await ((Task)arriving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static SessionError EndedEarly(ProtocolState state, SessionEnd? end)
    {
        var where = $"in {state.Name} of {state.Protocol}, where {state.Receives ?? "nothing"} was expected";
        return end?.Reason switch
        {
            SessionEndReason.IdleTimeout => new SessionError(SessionErrorKind.TimedOut, AlertDescription.CloseNotify, $"the idle timeout ended the session {where}"),
            SessionEndReason.ClosedLocally => new SessionError(SessionErrorKind.LocalError, AlertDescription.CloseNotify, $"this end closed the session {where}"),
            _ => new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.CloseNotify, $"the peer closed the session {where}"),
        };
    }

    public static InvalidOperationException RefuseDefault(ProtocolState state, string what) => new(
        $"{state.Subject}: {what} is not possible with a default {state.Name}, which belongs to no run. Take the token from Begin or from the operation that leads to {state.Name}.");

    private InvalidOperationException Refuse(long version, ProtocolState state, string what) => new(Volatile.Read(ref _version) == -version
        ? $"{state.Subject}: {what} is not possible in {state.Name} while another operation of the same token is under way. Await it first."
        : $"{state.Subject}: {what} is not possible with this {state.Name}, which has been used: {State.WhatNow}. Use the token that the last operation returned.");
}
