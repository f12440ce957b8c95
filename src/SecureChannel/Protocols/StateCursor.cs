using System.ComponentModel;
using System.Runtime.CompilerServices;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.CompilerServices;

/// <summary>A place in a run of a protocol: what generated state tokens consist of and call. Valid for one operation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StateCursor
{
    private readonly ProtocolRun? _run;
    private readonly long _version;

    internal StateCursor(ProtocolRun run, long version) => (_run, _version) = (run, version);

    /// <summary>The state in which the run is now; null for a default turn.</summary>
    public ProtocolState? State => _run?.State;

    /// <summary>Begins a protocol.</summary>
    /// <typeparam name="TStart">The state in which it begins.</typeparam>
    /// <param name="channel">The channel, on which nothing has begun before.</param>
    /// <exception cref="InvalidOperationException">A protocol has begun on the channel, or its ends agreed on another.</exception>
    public static TStart Begin<TStart>([InState(SessionState.Established), Consumes] MessageChannel channel)
        where TStart : struct, IStateToken<TStart> => TStart.At(ProtocolRun.Begin(channel, TStart.State));

    /// <summary>The place in the run that a token stands for.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="token">The token.</param>
    public static StateCursor Of<TState>(TState token)
        where TState : struct, IStateToken<TState> => token.Cursor;

    /// <summary>What the handler of the run was told to stop by; none where no handler runs.</summary>
    public CancellationToken CancellationToken => _run?.CancellationToken ?? default;

    internal ProtocolRun? Run => _run;

    /// <summary>The token of the state in which the run is now.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    public TState As<TState>()
        where TState : struct, IStateToken<TState> => TState.At(this);

    /// <summary>Sends a message and goes on.</summary>
    /// <typeparam name="TState">The state before it.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="TNext">The state after it.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels; the turn stays valid then.</param>
    /// <exception cref="InvalidOperationException">The turn is not valid.</exception>
    public ValueTask<TNext> SendAsync<TState, TMessage, TNext>(scoped in TMessage message, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
        where TNext : struct, IStateToken<TNext>
    {
        var move = TState.State.Sending(typeof(TMessage))!;
        var sending = StartSend<TState, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_run!, _version, move, sending);
        sending.GetAwaiter().GetResult();
        _run!.TransitionTo(move);
        return new ValueTask<TNext>(TNext.At(_run.Advance(_version)));

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<TNext> FinishAsync(ProtocolRun run, long version, Transition move, ValueTask sending)
        {
            await AwaitOrReleaseAsync(run, version, sending).ConfigureAwait(false);
            run.TransitionTo(move);
            return TNext.At(run.Advance(version));
        }
    }

    /// <summary>Sends a message that leads back to its own state: the turn stays valid.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidOperationException">The turn is not valid.</exception>
    public ValueTask SendAsync<TState, TMessage>(scoped in TMessage message, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var move = TState.State.Sending(typeof(TMessage))!;
        var sending = StartSend<TState, TMessage>(message, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(_run!, _version, move, sending);
        sending.GetAwaiter().GetResult();
        _run!.TransitionTo(move);
        _run.Release(_version);
        return ValueTask.CompletedTask;

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        static async ValueTask FinishAsync(ProtocolRun run, long version, Transition move, ValueTask sending)
        {
            await AwaitOrReleaseAsync(run, version, sending).ConfigureAwait(false);
            run.TransitionTo(move);
            run.Release(version);
        }
    }

    /// <summary>Waits for the peer's message and goes on.</summary>
    /// <typeparam name="TState">The state before it.</typeparam>
    /// <typeparam name="TReply">The message together with the state after it.</typeparam>
    /// <param name="read">Reads the messages that are legal in the state.</param>
    /// <param name="cancellationToken">Cancels; the turn stays valid then, and nothing that arrives is lost.</param>
    /// <exception cref="InvalidOperationException">The turn is not valid.</exception>
    /// <exception cref="SessionException">The peer sent what is not legal here, closed the channel, or the channel has failed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TReply> ReceiveAsync<TState, TReply>(IncomingMessageReader<TReply> read, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
    {
        var state = TState.State;
        var run = Claim(state, "receiving");
        SessionError error;
        try
        {
            if (await run.TakeAsync(cancellationToken).ConfigureAwait(false) is not { } received)
                throw new SessionException(ProtocolRun.EndedEarly(state, run.Channel.End));
            var arrival = new IncomingMessage(run, _version, received);
            var reply = read(ref arrival);
            if (arrival.ReadAs is { } message)
            {
                run.TransitionTo(state.Receiving(message)!);
                run.Advance(_version);
                return reply;
            }

            error = arrival.Explain(state);
        }
        catch
        {
            run.Release(_version);
            throw;
        }

        await run.Channel.AbortAsync(error).ConfigureAwait(false);
        run.Release(_version);
        throw new SessionException(error);
    }

    /// <summary>Splits a state in which both roles may send into two lanes, which may be used at the same time.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <typeparam name="TLane">The lane that sends.</typeparam>
    /// <typeparam name="TItem">What the lane that receives gives.</typeparam>
    /// <param name="read">Reads all messages that may arrive until the lanes are joined.</param>
    /// <exception cref="InvalidOperationException">The turn is not valid.</exception>
    public (TLane Sending, ReceiveLane<TItem> Receiving) Split<TState, TLane, TItem>(IncomingMessageReader<TItem> read)
        where TState : struct, IStateToken<TState>
        where TLane : struct, ISendLane<TLane>
    {
        var run = Claim(TState.State, "splitting");
        var lanes = new SplitRun(run, _version + 1);
        run.Advance(_version);
        return (TLane.At(new SendCursor(lanes, 1)), new ReceiveLane<TItem>(lanes, read));
    }

    /// <summary>Refuses a message whose content makes it a variant, which the peer would take it for.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="TVariant">The variant.</typeparam>
    public static ArgumentException IsVariant<TMessage, TVariant>()
        where TMessage : allows ref struct
        where TVariant : allows ref struct => new($"This {typeof(TMessage).Name} is a {typeof(TVariant).Name} by its content: send it as that, where that is legal.", "message");

    /// <summary>Refuses a state that lanes have met in although the declaration does not lead there: it has not been verified.</summary>
    public InvalidOperationException UnreachableState() => new($"{State!.Subject}: the lanes have met in {State.Name}, where messages that cross do not lead: the declaration is wrong.");

    internal ProtocolRun Claim(ProtocolState state, string what, Type? message = null)
    {
        if (_run is null)
            throw ProtocolRun.RefuseDefault(state, message is null ? what : $"{what} {message.Name}");
        _run.Claim(_version, state, message, what);
        return _run;
    }

    internal void Demand(ProtocolState state, StateCursor origin)
    {
        if (_run is null)
            throw ProtocolRun.RefuseDefault(state, "returning it from a handler");
        if (!ReferenceEquals(_run, origin._run))
            throw new InvalidOperationException($"{state.Subject}: the handler returned a {state.Name} of another run.");
        _run.Demand(_version, state, "returning from the handler");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitOrReleaseAsync(ProtocolRun run, long version, ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch
        {
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
        catch
        {
            run.Release(_version);
            throw;
        }
    }
}
