using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.Protocols;

/// <summary>What every generated <c>Answer</c> implements.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateAnswer
{
    /// <summary>The answer; null if it is default.</summary>
    StateAnswer? Answer { get; }
}

/// <summary>What a handler answers: a message to send, or the state that it has gone to by itself. The generated <c>Answer</c> of each state holds one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StateAnswer
{
    private protected StateAnswer()
    {
    }

    /// <summary>Answers with a message.</summary>
    /// <typeparam name="TState">The state before it.</typeparam>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <typeparam name="TNext">The state after it.</typeparam>
    /// <param name="message">The message.</param>
    public static StateAnswer Send<TState, TMessage, TNext>(TMessage message)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext> => new Sending<TState, TMessage, TNext>(message);

    /// <summary>Answers with a state that the handler has reached by sending, or in which it has nothing to say.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="state">Its token, not used yet.</param>
    public static StateAnswer Rest<TState>(TState state)
        where TState : struct, IStateToken<TState> => new Resting(TState.State, state.Turn);

    internal abstract ValueTask<Turn> GiveAsync(Turn turn, CancellationToken cancellationToken);

    private sealed class Sending<TState, TMessage, TNext>(TMessage message) : StateAnswer
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext>
    {
        internal override async ValueTask<Turn> GiveAsync(Turn turn, CancellationToken cancellationToken) =>
            (await turn.SendAsync<TState, TMessage, TNext>(message, cancellationToken).ConfigureAwait(false)).Turn;
    }

    private sealed class Resting(ProtocolState state, Turn rest) : StateAnswer
    {
        internal override ValueTask<Turn> GiveAsync(Turn turn, CancellationToken cancellationToken)
        {
            rest.Demand(state, turn);
            return new ValueTask<Turn>(rest);
        }
    }
}
