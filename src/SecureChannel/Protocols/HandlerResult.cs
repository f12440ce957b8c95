using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>The interface of the generated <c>Answer</c> types, which handler methods return.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IHandlerAnswer
{
    /// <summary>Gets the result that the answer wraps, or null if the answer is a default value.</summary>
    HandlerResult? Result { get; }
}

/// <summary>
/// The result of a handler method: a message to send, or the token of the state that the method reached by sending messages itself. The generated <c>Answer</c>
/// of each state wraps a result.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class HandlerResult
{
    private protected HandlerResult()
    {
    }

    /// <summary>Creates a result that sends a message.</summary>
    /// <typeparam name="TState">The token of the state before the message.</typeparam>
    /// <typeparam name="TMessage">The type of the message.</typeparam>
    /// <typeparam name="TNext">The token of the state after the message.</typeparam>
    /// <param name="message">The message to send.</param>
    public static HandlerResult Send<TState, TMessage, TNext>(TMessage message)
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext> => new SendResult<TState, TMessage, TNext>(message);

    /// <summary>Creates a result that sends nothing: the run continues in the given state.</summary>
    /// <typeparam name="TState">The token of the state.</typeparam>
    /// <param name="state">The token, which must be unused.</param>
    public static HandlerResult Continue<TState>(TState state)
        where TState : struct, IStateToken<TState> => new ContinueResult(TState.State, state.Cursor);

    internal abstract ValueTask<StateCursor> ApplyAsync(StateCursor cursor, CancellationToken cancellationToken);

    private sealed class SendResult<TState, TMessage, TNext>(TMessage message) : HandlerResult
        where TState : struct, IStateToken<TState>
        where TMessage : ICodedMessage<TMessage>
        where TNext : struct, IStateToken<TNext>
    {
        internal override async ValueTask<StateCursor> ApplyAsync(StateCursor cursor, CancellationToken cancellationToken) =>
            (await cursor.SendAsync<TState, TMessage, TNext>(message, cancellationToken).ConfigureAwait(false)).Cursor;
    }

    private sealed class ContinueResult(ProtocolState state, StateCursor reached) : HandlerResult
    {
        internal override ValueTask<StateCursor> ApplyAsync(StateCursor cursor, CancellationToken cancellationToken)
        {
            reached.ThrowIfNotCurrent(state, cursor);
            return new ValueTask<StateCursor>(reached);
        }
    }
}
