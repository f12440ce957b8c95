using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>A position in a run of a protocol. Each generated state token wraps one. Valid for one operation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StateCursor
{
    private readonly ProtocolRun? _run;
    private readonly long _version;

    internal StateCursor(ProtocolRun run, long version) => (_run, _version) = (run, version);

    /// <summary>Gets the current state of the run, or null for a default cursor.</summary>
    public ProtocolState? State => _run?.State;

    /// <summary>Begins a protocol on a channel.</summary>
    /// <typeparam name="TStart">The token of the initial state.</typeparam>
    /// <param name="channel">The channel. No protocol may have begun on it.</param>
    /// <exception cref="InvalidOperationException">A protocol already began on the channel, or the channel negotiated another protocol.</exception>
    public static TStart Begin<TStart>([InState(SessionState.Established), Consumes] MessageChannel channel)
        where TStart : struct, IStateToken<TStart> => TStart.At(ProtocolRun.Begin(channel, TStart.State));

    /// <summary>Gets the position of a token in its run.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    /// <param name="token">The token.</param>
    public static StateCursor Of<TState>(TState token)
        where TState : struct, IStateToken<TState> => token.Cursor;

    /// <summary>Gets the cancellation token that was passed to <see cref="ProtocolHandler.RunAsync"/>, or the default value if no handler runs.</summary>
    public CancellationToken CancellationToken => _run?.CancellationToken ?? default;

    internal ProtocolRun? Run => _run;

    /// <summary>Gets the session on which the protocol runs. A cursor that was already used still returns it.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    /// <exception cref="InvalidOperationException">The cursor is a default value.</exception>
    public SessionInfo GetSession<TState>()
        where TState : struct, IStateToken<TState> =>
        _run is not null ? _run.Channel : throw ProtocolRun.CreateDefaultTokenException(TState.State, "reading 'Session'");

    /// <summary>Creates the token of the current state.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    public TState ToToken<TState>()
        where TState : struct, IStateToken<TState> => TState.At(this);

    /// <summary>Sends a message and transitions to the next state.</summary>
    /// <typeparam name="TState">The token of the current state.</typeparam>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TNext">The token of the next state.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send. After cancellation the cursor remains valid.</param>
    /// <exception cref="InvalidOperationException">The cursor is a default value, was already used, or is in use.</exception>
    public ValueTask<TNext> SendAsync<TState, TMessage, TNext>(scoped in TMessage message, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
        where TNext : struct, IStateToken<TNext>
    {
        var transition = TState.State.FindSend(typeof(TMessage))!;
        var sending = StartSend<TState, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_run!, _version, transition, sending);
        sending.GetAwaiter().GetResult();
        _run!.TransitionTo(transition);
        return new ValueTask<TNext>(TNext.At(_run.Advance(_version)));

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<TNext> FinishAsync(ProtocolRun run, long version, Transition transition, ValueTask sending)
        {
            await AwaitOrReleaseAsync(run, version, sending).ConfigureAwait(false);
            run.TransitionTo(transition);
            return TNext.At(run.Advance(version));
        }
    }

    /// <summary>Sends a message that leads back to the current state. The cursor remains valid.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <param name="message">The message to send.</param>
    /// <param name="cancellationToken">The token that cancels the send.</param>
    /// <exception cref="InvalidOperationException">The cursor is a default value, was already used, or is in use.</exception>
    public ValueTask SendAsync<TState, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var transition = TState.State.FindSend(typeof(TMessage))!;
        var sending = StartSend<TState, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_run!, _version, transition, sending);
        sending.GetAwaiter().GetResult();
        _run!.TransitionTo(transition);
        _run.Release(_version);
        return ValueTask.CompletedTask;

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        static async ValueTask FinishAsync(ProtocolRun run, long version, Transition transition, ValueTask sending)
        {
            await AwaitOrReleaseAsync(run, version, sending).ConfigureAwait(false);
            run.TransitionTo(transition);
            run.Release(version);
        }
    }

    /// <summary>Receives the next message and transitions to the next state.</summary>
    /// <typeparam name="TState">The token of the current state.</typeparam>
    /// <typeparam name="TReply">The type of the message together with the token of the next state.</typeparam>
    /// <param name="read">The method that reads the messages that are legal in the state.</param>
    /// <param name="cancellationToken">The token that cancels the wait. After cancellation the cursor remains valid, and no data is lost.</param>
    /// <exception cref="InvalidOperationException">The cursor is a default value, was already used, or is in use.</exception>
    /// <exception cref="SessionException">The peer sent an unexpected message, the peer closed the channel, or the channel failed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TReply> ReceiveAsync<TState, TReply>(IncomingMessageReader<TReply> read, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
    {
        var state = TState.State;
        var run = Claim(state, "receiving");
        SessionError error;
        try
        {
            if (await run.ReceiveAsync(cancellationToken).ConfigureAwait(false) is not { } received)
                throw run.CreateEarlyEndException(state);
            var incoming = new IncomingMessage(run, _version, received);
            var reply = read(ref incoming);
            if (incoming.AcceptedAs is { } message)
            {
                run.TransitionTo(state.FindReceive(message)!);
                run.Advance(_version);
                return reply;
            }

            error = incoming.CreateError(state);
        }
        catch (Exception exception)
        {
            run.RecordFailure(exception);
            run.Release(_version);
            throw;
        }

        await run.Channel.AbortAsync(error).ConfigureAwait(false);
        run.Release(_version);
        throw new SessionException(error, run.Channel.End);
    }

    /// <summary>Splits a state in which both roles may send into two lanes that may be used at the same time.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    /// <typeparam name="TLane">The type of the sending lane.</typeparam>
    /// <typeparam name="TItem">The type of the receiving lane's items.</typeparam>
    /// <param name="read">The method that reads all messages that the peer may send until the lanes are joined.</param>
    /// <exception cref="InvalidOperationException">The cursor is a default value, was already used, or is in use.</exception>
    public (TLane Sending, ReceiveLane<TItem> Receiving) Split<TState, TLane, TItem>(IncomingMessageReader<TItem> read)
        where TState : struct, IStateToken<TState>
        where TLane : struct, ISendLane<TLane>
    {
        var run = Claim(TState.State, "splitting");
        var lanes = new SplitRun(run, _version + 1);
        run.Advance(_version);
        return (TLane.At(new SendCursor(lanes, 1)), new ReceiveLane<TItem>(lanes, read));
    }

    /// <summary>Creates the exception for a message with content that identifies a variant. The peer would decode the message as the variant.</summary>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TVariant">The type of the variant.</typeparam>
    public static ArgumentException CreateVariantException<TMessage, TVariant>()
        where TMessage : allows ref struct
        where TVariant : allows ref struct => new(
            $"The peer would decode this {typeof(TMessage).Name} as a {typeof(TVariant).Name}, because of its content. "
            + $"Send it as a {typeof(TVariant).Name}, in a state in which {typeof(TVariant).Name} is legal.", "message");

    /// <summary>Creates the exception for lanes that were joined in a state to which a verified declaration cannot lead.</summary>
    public InvalidOperationException UnreachableState() => new(
        $"{State!.Subject}: the lanes were joined in state '{State.Name}', which is not reachable in a verified protocol. Fix the declaration (SCH2001).");

    internal ProtocolRun Claim(ProtocolState state, string what, Type? message = null)
    {
        if (_run is null)
            throw ProtocolRun.CreateDefaultTokenException(state, message is null ? what : $"{what} {message.Name}");
        _run.Claim(_version, state, message, what);
        return _run;
    }

    internal void ThrowIfNotCurrent(ProtocolState state, StateCursor origin)
    {
        if (_run is null)
            throw ProtocolRun.CreateDefaultTokenException(state, "returning from the handler");
        if (!ReferenceEquals(_run, origin._run))
            throw new InvalidOperationException($"{state.Subject}: the handler returned a '{state.Name}' token of another run. Return the token of this run.");
        _run.ThrowIfNotCurrent(_version, state, "returning from the handler");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitOrReleaseAsync(ProtocolRun run, long version, ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            run.RecordFailure(exception);
            run.Release(version);
            throw;
        }
    }

    private ValueTask StartSend<TState, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var run = Claim(TState.State, "sending", typeof(TMessage));
        try
        {
            return run.Channel.SendAsync(message, cancellationToken);
        }
        catch (Exception exception)
        {
            run.RecordFailure(exception);
            run.Release(_version);
            throw;
        }
    }
}
