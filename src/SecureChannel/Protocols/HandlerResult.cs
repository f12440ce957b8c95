using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>What every generated <c>Answer</c> implements.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IHandlerAnswer
{
    /// <summary>The answer; null if it is default.</summary>
    HandlerResult? Result { get; }
}

/// <summary>What a handler answers: a message to send, or the state that it has gone to by itself. The generated <c>Answer</c> of each state holds one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class HandlerResult
{
    private protected HandlerResult()
    {
    }

    /// <summary>Answers with a message.</summary>
    /// <typeparam name="TState">The state before it.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="TNext">The state after it.</typeparam>
    /// <param name="message">The message.</param>
    public static HandlerResult Send<TState, TMessage, TNext>(TMessage message)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext> => new Sending<TState, TMessage, TNext>(message);

    /// <summary>Answers with a state that the handler has reached by sending, or in which it has nothing to say.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="state">Its token, not used yet.</param>
    public static HandlerResult Rest<TState>(TState state)
        where TState : struct, IStateToken<TState> => new Resting(TState.State, state.Cursor);

    internal abstract ValueTask<StateCursor> ApplyAsync(StateCursor turn, CancellationToken cancellationToken);

    private sealed class Sending<TState, TMessage, TNext>(TMessage message) : HandlerResult
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext>
    {
        internal override async ValueTask<StateCursor> ApplyAsync(StateCursor turn, CancellationToken cancellationToken) =>
            (await turn.SendAsync<TState, TMessage, TNext>(message, cancellationToken).ConfigureAwait(false)).Cursor;
    }

    private sealed class Resting(ProtocolState state, StateCursor rest) : HandlerResult
    {
        internal override ValueTask<StateCursor> ApplyAsync(StateCursor turn, CancellationToken cancellationToken)
        {
            rest.Demand(state, turn);
            return new ValueTask<StateCursor>(rest);
        }
    }
}
