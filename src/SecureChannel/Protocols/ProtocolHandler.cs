using System.ComponentModel;

namespace SecureChannel.Protocols;

/// <summary>
/// Drives one role of a protocol to its end: waits for each message, calls the method that handles it, sends what it answers. The generated <c>Handler</c> of
/// each role derives from it. It holds nothing of a run, so one handler may run on several channels at once.
/// </summary>
public abstract class ProtocolHandler
{
    /// <summary>Runs the protocol over a channel until it reaches a final state. The channel stays open.</summary>
    /// <param name="channel">The channel, on which no protocol has begun.</param>
    /// <param name="cancellationToken">Cancels the wait for messages and the sending of answers.</param>
    /// <exception cref="InvalidOperationException">A protocol has begun on the channel, or a handler used a state token wrongly.</exception>
    /// <exception cref="SessionException">The peer sent what is not legal, closed the channel before the end, or the channel has failed.</exception>
    /// <remarks>If a handler throws, the session is ended with <see cref="Alert.InternalError"/>, and the exception goes to the caller.</remarks>
    public async Task RunAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        var turn = Begin(channel);
        try
        {
            if (!turn.State!.IsFinal)
                turn = await StartAsync(turn, cancellationToken).ConfigureAwait(false);
            while (!turn.State!.IsFinal)
                turn = await StepAsync(turn, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not SessionException && !cancellationToken.IsCancellationRequested)
        {
            var error = new SessionError(Fault.Misused, Alert.InternalError, $"the handler failed in {turn.State!.Name} of {turn.State.Protocol}");
            await channel.AbortAsync(error).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins the protocol.</summary>
    /// <param name="channel">The channel.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract Turn Begin([InState(SessionState.Established), Consumes] MessageChannel channel);

    /// <summary>Does what comes before the first message of the peer.</summary>
    /// <param name="turn">Where the run is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual ValueTask<Turn> StartAsync(Turn turn, CancellationToken cancellationToken) => new(turn);

    /// <summary>Waits for one message and handles it.</summary>
    /// <param name="turn">Where the run is: in a state in which the peer may send.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after the message and its answer.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract ValueTask<Turn> StepAsync(Turn turn, CancellationToken cancellationToken);

    /// <summary>Gives what a method answered.</summary>
    /// <typeparam name="TState">The state in which the method was called.</typeparam>
    /// <typeparam name="TAnswer">What can be answered there.</typeparam>
    /// <param name="state">The token that the method got.</param>
    /// <param name="answering">The method's task.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after it.</returns>
    /// <exception cref="InvalidOperationException">The answer is default, or the method has used its token and answers as if it had not.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<Turn> AnswerAsync<TState, TAnswer>(TState state, ValueTask<TAnswer> answering, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TAnswer : struct, IStateAnswer
    {
        if ((await answering.ConfigureAwait(false)).Answer is not { } answer)
            throw new InvalidOperationException($"{TState.State.Subject}: the handler returned a default answer, but {TState.State.WhatNow}.");
        return await answer.GiveAsync(state.Turn, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on after a method that has nothing to answer.</summary>
    /// <typeparam name="TState">The state in which the method was called.</typeparam>
    /// <param name="state">The token that the method got.</param>
    /// <param name="handling">The method's task.</param>
    /// <returns>Where the run is after it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<Turn> AnswerAsync<TState>(TState state, ValueTask handling)
        where TState : struct, IStateToken<TState>
    {
        await handling.ConfigureAwait(false);
        return state.Turn;
    }
}
