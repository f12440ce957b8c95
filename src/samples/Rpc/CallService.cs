using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel;

namespace Samples.Calls;

/// <summary>The server role: runs calls concurrently and sends each answer when its call completes. Create one instance for each session.</summary>
/// <param name="methods">The methods that clients can call.</param>
/// <param name="maxPendingCalls">The maximum number of pending calls. Further calls fail.</param>
public sealed class CallService(CallMethods methods, int maxPendingCalls = 1000) : RpcServer.Handler
{
    private readonly ConcurrentDictionary<uint, CancellationTokenSource> _pendingCalls = new();
    private readonly Channel<CallOutcome> _outcomes = Channel.CreateUnbounded<CallOutcome>();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    protected override ValueTask<RpcServer.Open.Answer> OnCallAsync(Call call, RpcServer.Open state)
    {
        if (_pendingCalls.Count >= maxPendingCalls)
            return new(new Failed(call.Id, "too many calls are pending"));
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(state.CancellationToken);
        if (!_pendingCalls.TryAdd(call.Id, cancellation))
        {
            cancellation.Dispose();
            return new(new Failed(call.Id, "a call with this identifier is pending"));
        }

        Track(Task.Run(() => RunAsync(call, cancellation), CancellationToken.None));
        return new(state);
    }

    // A canceled call still sends its own answer.
    protected override async ValueTask<RpcServer.Open.Answer> OnCancelAsync(Cancel cancel, RpcServer.Open state)
    {
        try
        {
            if (_pendingCalls.TryGetValue(cancel.Id, out var cancellation))
                await cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call has completed in the meantime: its answer crosses the cancellation.
        }

        return state;
    }

    /// <summary>Sends the answers of completed calls while the client may still call.</summary>
    protected override async IAsyncEnumerable<RpcServer.Open.Answer> PushInOpenAsync(SessionInfo session, [EnumeratorCancellation] CancellationToken left)
    {
        while (await _outcomes.Reader.WaitToReadAsync(left))
        {
            // The outcome is removed only after it was sent: the state may be left before that.
            if (!_outcomes.Reader.TryPeek(out var outcome))
                continue;
            if (outcome.Result is { } result)
                yield return result;
            else if (outcome.Failed is { } failed)
                yield return failed;
            else
                yield return new Canceled(outcome.Id);
            _outcomes.Reader.TryRead(out _);
        }
    }

    protected override async ValueTask<RpcServer.Closing.Answer> OnGoodbyeAsync(Goodbye goodbye, RpcServer.Closing state)
    {
        var completing = Task.WhenAll(_running.Keys)
            .ContinueWith(_ => _outcomes.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await foreach (var outcome in _outcomes.Reader.ReadAllAsync(state.CancellationToken))
        {
            if (outcome.Result is { } result)
                await state.SendAsync(result, state.CancellationToken);
            else if (outcome.Failed is { } failed)
                await state.SendAsync(failed, state.CancellationToken);
            else
                await state.SendAsync(new Canceled(outcome.Id), state.CancellationToken);
        }

        await completing;
        return new Goodbye();
    }

    private void Track(Task call)
    {
        _running[call] = true;
        call.ContinueWith(
            completed => _running.TryRemove(completed, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(Call call, CancellationTokenSource cancellation)
    {
        CallOutcome outcome;
        try
        {
            outcome = new CallOutcome(call.Id, Result: new Result(call.Id, await methods.InvokeAsync(call, cancellation.Token)));
        }
        catch (CallException failure)
        {
            outcome = new CallOutcome(call.Id, Failed: new Failed(call.Id, failure.Message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            outcome = new CallOutcome(call.Id);
        }
        catch (Exception)
        {
            // Internal details must not reach the client.
            outcome = new CallOutcome(call.Id, Failed: new Failed(call.Id, "the method failed"));
        }

        _pendingCalls.TryRemove(call.Id, out _);
        cancellation.Dispose();
        _outcomes.Writer.TryWrite(outcome);
    }

    /// <summary>The outcome of a call: a result, a failure, or neither if the call was canceled.</summary>
    private readonly record struct CallOutcome(uint Id, Result? Result = null, Failed? Failed = null);
}
