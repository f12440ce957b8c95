using System.ComponentModel;
using SecureChannel.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// Drives one role of a protocol to its end: waits for each message, calls the method that handles it, sends what it answers. The generated <c>Handler</c> of
/// each role derives from it. It holds nothing of a run, so one handler may run on several channels at once.
/// </summary>
public abstract class ProtocolHandler
{
    /// <summary>The protocol's name and version, as ALPN carries it (RFC 7301).</summary>
    public abstract string Protocol { get; }

    /// <summary>Runs the protocol over a channel until it reaches a final state. The channel stays open.</summary>
    /// <param name="channel">The channel, on which no protocol has begun.</param>
    /// <param name="cancellationToken">Cancels the wait for messages and the sending of answers; methods find it as the <c>Cancellation</c> of their state.</param>
    /// <exception cref="InvalidOperationException">A protocol has begun on the channel, or a handler used a state token wrongly.</exception>
    /// <exception cref="SessionException">The peer sent what is not legal, closed the channel before the end, or the channel has failed.</exception>
    /// <remarks>If a handler throws, the session is ended with <see cref="AlertDescription.InternalError"/>, and the exception goes to the caller.</remarks>
    public async Task RunAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        var turn = Begin(channel);
        turn.Run!.CancellationToken = cancellationToken;
        try
        {
            if (!turn.State!.IsFinal)
                turn = await StartAsync(turn, cancellationToken).ConfigureAwait(false);
            while (!turn.State!.IsFinal)
                turn = await StayAsync(turn, cancellationToken).ConfigureAwait(false);
            await turn.Run!.AbandonArrivalAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not SessionException && !cancellationToken.IsCancellationRequested)
        {
            var error = new SessionError(SessionErrorKind.LocalError, AlertDescription.InternalError, $"the handler failed in {turn.State!.Name} of {turn.State.Protocol}");
            await channel.AbortAsync(error).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs, of several handlers, the one of the protocol that the channel's ends agreed on.</summary>
    /// <param name="channel">The channel, on which no protocol has begun.</param>
    /// <param name="handlers">One for each protocol, or version of one, that this end offers. The first runs if the ends agreed on none.</param>
    /// <param name="cancellationToken">Cancels the wait for messages and the sending of answers.</param>
    /// <exception cref="InvalidOperationException">No handler speaks what the ends agreed on; or as of <see cref="RunAsync"/>.</exception>
    /// <exception cref="SessionException">As of <see cref="RunAsync"/>.</exception>
    public static Task RunNegotiatedAsync(
        [InState(SessionState.Established)] MessageChannel channel, IReadOnlyList<ProtocolHandler> handlers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(handlers);
        var handler = handlers.FirstOrDefault(candidate => channel.ApplicationProtocol is null || candidate.Protocol == channel.ApplicationProtocol)
            ?? throw new InvalidOperationException(
                $"The ends of this channel agreed on {channel.ApplicationProtocol}, which none of the handlers speaks: {string.Join(", ", handlers.Select(candidate => candidate.Protocol))}.");
        return handler.RunAsync(channel, cancellationToken);
    }

    /// <summary>Begins the protocol.</summary>
    /// <param name="channel">The channel.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract StateCursor Begin([InState(SessionState.Established), Consumes] MessageChannel channel);

    /// <summary>Does what comes before the first message of the peer.</summary>
    /// <param name="turn">Where the run is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual ValueTask<StateCursor> StartAsync(StateCursor turn, CancellationToken cancellationToken) => new(turn);

    /// <summary>Waits for one message and handles it.</summary>
    /// <param name="turn">Where the run is: in a state in which the peer may send.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after the message and its answer.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract ValueTask<StateCursor> StepAsync(StateCursor turn, CancellationToken cancellationToken);

    /// <summary>What the handler sends by itself in a state in which both roles may send.</summary>
    /// <param name="turn">Where the run is.</param>
    /// <param name="left">Cancelled when the state is left.</param>
    /// <returns>Null if nothing.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual IAsyncEnumerator<HandlerResult>? PushesIn(StateCursor turn, CancellationToken left) => null;

    /// <summary>Makes what a method sends by itself of one type for all states.</summary>
    /// <typeparam name="TAnswer">What can be sent in the state.</typeparam>
    /// <param name="pushes">What the method sends; null if nothing.</param>
    /// <param name="left">Cancelled when the state is left.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static IAsyncEnumerator<HandlerResult>? Pushes<TAnswer>(IAsyncEnumerable<TAnswer>? pushes, CancellationToken left)
        where TAnswer : struct, IHandlerAnswer => pushes is null ? null : Unwrap(pushes, left);

    /// <summary>Gives what a method answered.</summary>
    /// <typeparam name="TState">The state in which the method was called.</typeparam>
    /// <typeparam name="TAnswer">What can be answered there.</typeparam>
    /// <param name="state">The token that the method got.</param>
    /// <param name="answering">The method's task.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where the run is after it.</returns>
    /// <exception cref="InvalidOperationException">The answer is default, or the method has used its token and answers as if it had not.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<StateCursor> AnswerAsync<TState, TAnswer>(TState state, ValueTask<TAnswer> answering, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TAnswer : struct, IHandlerAnswer
    {
        if ((await answering.ConfigureAwait(false)).Result is not { } answer)
            throw new InvalidOperationException($"{TState.State.Subject}: the handler returned a default answer, but {TState.State.WhatNow}.");
        return await answer.ApplyAsync(state.Cursor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on after a method that has nothing to answer.</summary>
    /// <typeparam name="TState">The state in which the method was called.</typeparam>
    /// <param name="state">The token that the method got.</param>
    /// <param name="handling">The method's task.</param>
    /// <returns>Where the run is after it.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<StateCursor> AnswerAsync<TState>(TState state, ValueTask handling)
        where TState : struct, IStateToken<TState>
    {
        await handling.ConfigureAwait(false);
        return state.Cursor;
    }

    private static async IAsyncEnumerator<HandlerResult> Unwrap<TAnswer>(IAsyncEnumerable<TAnswer> pushes, CancellationToken left)
        where TAnswer : struct, IHandlerAnswer
    {
        await foreach (var push in pushes.WithCancellation(left).ConfigureAwait(false))
            yield return push.Result ?? throw new InvalidOperationException($"The handler sent a default {typeof(TAnswer).DeclaringType?.Name}.{typeof(TAnswer).Name} by itself.");
    }

    /// <summary>Handles what arrives, and sends what the handler sends by itself, one at a time, until the state is left.</summary>
    private async ValueTask<StateCursor> StayAsync(StateCursor turn, CancellationToken cancellationToken)
    {
        var state = turn.State!;
        if (state.Sends is null)
            return await StepAsync(turn, cancellationToken).ConfigureAwait(false);

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pushes = PushesIn(turn, left.Token);
        var pushing = pushes?.MoveNextAsync().AsTask();
        try
        {
            for (var pushFirst = true; ReferenceEquals(turn.State, state); pushFirst = !pushFirst)
            {
                if (pushing is null || !await IsReadyAsync(pushing, turn.Run!.Arriving(cancellationToken), pushFirst).ConfigureAwait(false))
                {
                    turn = await StepAsync(turn, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var isPushed = await pushing.ConfigureAwait(false);
                pushing = null;
                if (!isPushed)
                    continue;
                turn = await pushes!.Current.ApplyAsync(turn, cancellationToken).ConfigureAwait(false);
                if (ReferenceEquals(turn.State, state))
                    pushing = pushes.MoveNextAsync().AsTask();
            }

            return turn;
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await EndAsync(pushes, pushing, left.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a push or an arrival; where both are there, they take turns.</summary>
    /// <returns>Whether it is the push's turn.</returns>
    private static async ValueTask<bool> IsReadyAsync(Task pushing, Task arriving, bool pushFirst) =>
        await (pushFirst ? Task.WhenAny(pushing, arriving) : Task.WhenAny(arriving, pushing)).ConfigureAwait(false) == pushing;

    private static async ValueTask EndAsync(IAsyncEnumerator<HandlerResult>? pushes, Task? pushing, CancellationToken left)
    {
        try
        {
            if (pushing is not null)
                await pushing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // It was told that the state is left.
        }
        finally
        {
            if (pushes is not null)
                await pushes.DisposeAsync().ConfigureAwait(false);
        }
    }
}
