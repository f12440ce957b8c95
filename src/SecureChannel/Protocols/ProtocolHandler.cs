using System.ComponentModel;
using SecureChannel.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Protocols;

/// <summary>
/// The base class of generated handlers. A handler runs one role of a protocol to its end: it receives each message, calls the method that handles the message,
/// and sends the method's answer. It stores no state of a run, so one handler may run on several channels at once.
/// </summary>
public abstract class ProtocolHandler
{
    /// <summary>Gets the name and version of the protocol, as negotiated by ALPN (RFC 7301).</summary>
    public abstract string Protocol { get; }

    /// <summary>Runs the protocol over a channel until the protocol reaches a final state. The channel remains open.</summary>
    /// <param name="channel">The channel. No protocol may have begun on it.</param>
    /// <param name="cancellationToken">
    /// The token that cancels the run. Handler methods can read it from the <c>CancellationToken</c> property of their state.
    /// </param>
    /// <exception cref="InvalidOperationException">A protocol already began on the channel, or a handler method misused a state token.</exception>
    /// <exception cref="SessionException">
    /// The peer sent an unexpected message, the peer closed the channel before the protocol reached a final state, or the channel failed.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was canceled. The channel remains open.</exception>
    /// <remarks>
    /// If a handler method throws, the channel is aborted with <see cref="SessionErrorCode.HandlerFailed"/>, and the exception propagates to the caller. That
    /// includes an <see cref="OperationCanceledException"/> unless <paramref name="cancellationToken"/> is canceled, and a <see cref="SessionException"/> of
    /// another channel.
    /// </remarks>
    public async Task RunAsync([InState(SessionState.Established), Consumes] MessageChannel channel, CancellationToken cancellationToken = default)
    {
        var cursor = Begin(channel);
        var run = cursor.Run!;
        run.CancellationToken = cancellationToken;
        try
        {
            if (!run.State.IsFinal)
                cursor = await HandleBeginAsync(cursor, cancellationToken).ConfigureAwait(false);
            while (!cursor.State!.IsFinal)
                cursor = await RunStateAsync(cursor, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!run.IsOwnEnd(exception) && !IsCancellation(exception, cancellationToken))
        {
            await AbortAsync(channel, new SessionError(
                SessionErrorKind.LocalError, SessionErrorCode.HandlerFailed, AlertDescription.InternalError,
                $"The handler failed in state '{run.State.Name}' of {run.State.Protocol}.")).ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
        {
            // The caller knows only its own token, not the linked ones of the run.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            await run.StopAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Runs the handler of the negotiated application protocol.</summary>
    /// <param name="channel">The channel. No protocol may have begun on it.</param>
    /// <param name="handlers">
    /// The handlers, one for each protocol or version that this endpoint offers. The first one runs if no protocol was negotiated.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the run.</param>
    /// <exception cref="InvalidOperationException">No handler implements the negotiated protocol, or <see cref="RunAsync"/> throws it.</exception>
    /// <exception cref="SessionException"><see cref="RunAsync"/> throws it.</exception>
    public static Task RunNegotiatedAsync(
        [InState(SessionState.Established)] MessageChannel channel, IReadOnlyList<ProtocolHandler> handlers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(handlers);
        var handler = handlers.FirstOrDefault(candidate => channel.ApplicationProtocol is null || candidate.Protocol == channel.ApplicationProtocol)
            ?? throw new InvalidOperationException(
                $"This channel negotiated {channel.ApplicationProtocol}, but the handlers implement only "
                + $"{string.Join(", ", handlers.Select(candidate => candidate.Protocol))}. Add a handler for the negotiated protocol.");
        return handler.RunAsync(channel, cancellationToken);
    }

    /// <summary>Begins the protocol on a channel. Generated code implements this method.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The cursor in the initial state.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract StateCursor Begin([InState(SessionState.Established), Consumes] MessageChannel channel);

    /// <summary>Sends the messages that precede the peer's first message. Generated code overrides this method.</summary>
    /// <param name="cursor">The current position in the run.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The next position in the run.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual ValueTask<StateCursor> HandleBeginAsync(StateCursor cursor, CancellationToken cancellationToken) => new(cursor);

    /// <summary>Receives one message and handles it. Generated code implements this method.</summary>
    /// <param name="cursor">The current position in the run, in a state in which the peer may send.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The position after the message and its answer.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract ValueTask<StateCursor> HandleNextAsync(StateCursor cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Gets the messages that the handler pushes in a state in which both roles may send. A pushed message does not answer a message of the peer. Generated
    /// code overrides this method.
    /// </summary>
    /// <param name="cursor">The current position in the run.</param>
    /// <param name="left">The token that is canceled when the run leaves the state.</param>
    /// <returns>The messages, or null if the handler sends none.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual IAsyncEnumerator<HandlerResult>? GetPushes(StateCursor cursor, CancellationToken left) => null;

    /// <summary>Converts the answers that a handler pushes in a state to handler results.</summary>
    /// <typeparam name="TAnswer">The type of the state's answers.</typeparam>
    /// <param name="pushes">The answers, or null if the handler sends none.</param>
    /// <param name="left">The token that is canceled when the run leaves the state.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static IAsyncEnumerator<HandlerResult>? UnwrapPushes<TAnswer>(IAsyncEnumerable<TAnswer>? pushes, CancellationToken left)
        where TAnswer : struct, IHandlerAnswer => pushes is null ? null : Unwrap(pushes, left);

    /// <summary>Awaits the answer of a handler method. Then sends the message of the answer, or continues in the state of the answer.</summary>
    /// <typeparam name="TState">The token of the state in which the method was called.</typeparam>
    /// <typeparam name="TAnswer">The type of the state's answers.</typeparam>
    /// <param name="state">The token that the method received.</param>
    /// <param name="answering">The task of the method.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The next position in the run.</returns>
    /// <exception cref="InvalidOperationException">
    /// The answer is a default value, or the method already used its token and returned an answer for the same state.
    /// </exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<StateCursor> ApplyAnswerAsync<TState, TAnswer>(
        TState state, ValueTask<TAnswer> answering, CancellationToken cancellationToken)
        where TState : struct, IStateToken<TState>
        where TAnswer : struct, IHandlerAnswer
    {
        if ((await answering.ConfigureAwait(false)).Result is not { } answer)
        {
            throw new InvalidOperationException(
                $"{TState.State.Subject}: the handler returned a default answer, but {TState.State.Situation}. Return a message or a state.");
        }


        return await answer.ApplyAsync(state.Cursor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Awaits a handler method that returns no answer. The position in the run does not change.</summary>
    /// <typeparam name="TState">The token of the state in which the method was called.</typeparam>
    /// <param name="state">The token that the method received.</param>
    /// <param name="handling">The task of the method.</param>
    /// <returns>The next position in the run.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected static async ValueTask<StateCursor> ApplyAnswerAsync<TState>(TState state, ValueTask handling)
        where TState : struct, IStateToken<TState>
    {
        await handling.ConfigureAwait(false);
        return state.Cursor;
    }

    private static bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static async ValueTask AbortAsync(MessageChannel channel, SessionError error)
    {
        try
        {
            await channel.AbortAsync(error).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller needs the exception of the handler, not that of a channel that cannot abort.
        }
    }

    private static async IAsyncEnumerator<HandlerResult> Unwrap<TAnswer>(IAsyncEnumerable<TAnswer> pushes, CancellationToken left)
        where TAnswer : struct, IHandlerAnswer
    {
        await foreach (var push in pushes.WithCancellation(left).ConfigureAwait(false))
        {
            yield return push.Result ?? throw new InvalidOperationException(
                $"The handler yielded a default {typeof(TAnswer).DeclaringType?.Name}.{typeof(TAnswer).Name}. Yield a message to send.");
        }
    }

    /// <summary>Handles received messages and sends pushed messages, one at a time, until the run leaves the state.</summary>
    private async ValueTask<StateCursor> RunStateAsync(StateCursor cursor, CancellationToken cancellationToken)
    {
        var state = cursor.State!;
        if (state.Sends is null)
            return await HandleNextAsync(cursor, cancellationToken).ConfigureAwait(false);

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pushes = GetPushes(cursor, left.Token);
        var pushing = pushes?.MoveNextAsync().AsTask();
        try
        {
            for (var pushFirst = true; ReferenceEquals(cursor.State, state); pushFirst = !pushFirst)
            {
                if (pushing is null || !await IsPushFirstAsync(pushing, cursor.Run!.PrefetchAsync(), pushFirst).ConfigureAwait(false))
                {
                    cursor = await HandleNextAsync(cursor, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var isPushed = await pushing.ConfigureAwait(false);
                pushing = null;
                if (!isPushed)
                    continue;
                cursor = await pushes!.Current.ApplyAsync(cursor, cancellationToken).ConfigureAwait(false);
                if (ReferenceEquals(cursor.State, state))
                    pushing = pushes.MoveNextAsync().AsTask();
            }
        }
        catch
        {
            await left.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The first failure counts.
            await StopPushingAsync(pushes, pushing, left.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await left.CancelAsync().ConfigureAwait(false);
        await StopPushingAsync(pushes, pushing, left.Token).ConfigureAwait(false);
        return cursor;
    }

    /// <summary>
    /// Waits until a pushed message or a received message is ready. If both are ready, <paramref name="pushFirst"/> decides; the caller alternates its value.
    /// </summary>
    /// <returns>True to send the push next; false to handle the message next.</returns>
    private static async ValueTask<bool> IsPushFirstAsync(Task pushing, Task receiving, bool pushFirst) =>
        await (pushFirst ? Task.WhenAny(pushing, receiving) : Task.WhenAny(receiving, pushing)).ConfigureAwait(false) == pushing;

    private static async ValueTask StopPushingAsync(IAsyncEnumerator<HandlerResult>? pushes, Task? pushing, CancellationToken left)
    {
        try
        {
            if (pushing is not null)
                await pushing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // Expected: leaving the state cancels the enumeration.
        }
        finally
        {
            if (pushes is not null)
                await pushes.DisposeAsync().ConfigureAwait(false);
        }
    }
}
