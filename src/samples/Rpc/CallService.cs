using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel.Messages;

namespace Samples.Calls;

/// <summary>Methods that clients can call, by name. Set up before it serves; then safe for concurrent use.</summary>
public sealed class CallMethods
{
    private readonly Dictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>>> _methods = [];

    /// <summary>Adds a method.</summary>
    /// <typeparam name="TArguments">What it takes.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="method">What it does. A <see cref="CallException"/> goes to the client; of any other exception the client learns only that there was one.</param>
    public CallMethods Add<TArguments, TResult>(string name, Func<TArguments, CancellationToken, Task<TResult>> method)
        where TArguments : IMessage<TArguments>
        where TResult : IMessage<TResult>
    {
        _methods.Add(name, async (bytes, cancellationToken) => WireSerializer.TryRead<TArguments>(bytes.Span, out var arguments, out var error)
            ? WireSerializer.ToArray(await method(arguments, cancellationToken).ConfigureAwait(false))
            : throw new CallException($"these are no {typeof(TArguments).Name}: {error}"));
        return this;
    }

    internal Task<byte[]> RunAsync(Call call, CancellationToken cancellationToken) => _methods.TryGetValue(call.Method, out var method)
        ? method(call.Arguments, cancellationToken)
        : throw new CallException("there is no such method");
}

/// <summary>
/// The server role: runs each call by itself and answers when it has ended, in whatever order. One for each session.
/// </summary>
/// <param name="methods">What can be called.</param>
/// <param name="maxUnderWay">How many calls may be under way at once; what is more is answered with a failure.</param>
public sealed class CallService(CallMethods methods, int maxUnderWay = 1000) : RpcServer.Handler
{
    private readonly ConcurrentDictionary<uint, CancellationTokenSource> _underWay = new();
    private readonly Channel<Answer> _answers = Channel.CreateUnbounded<Answer>();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    protected override ValueTask<RpcServer.Open.Answer> OnCallAsync(Call call, RpcServer.Open state)
    {
        if (_underWay.Count >= maxUnderWay)
            return new(new Failed(call.Id, "too many calls are under way"));
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(state.CancellationToken);
        if (!_underWay.TryAdd(call.Id, cancellation))
        {
            cancellation.Dispose();
            return new(new Failed(call.Id, "a call with this identifier is under way"));
        }

        Track(Task.Run(() => RunAsync(call, cancellation), CancellationToken.None));
        return new(state);
    }

    // The call answers by itself; one that has ended has answered.
    protected override async ValueTask<RpcServer.Open.Answer> OnCancelAsync(Cancel cancel, RpcServer.Open state)
    {
        try
        {
            if (_underWay.TryGetValue(cancel.Id, out var cancellation))
                await cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile: its answer crosses the cancellation.
        }

        return state;
    }

    /// <summary>Answers what ends while both ends send. An answer is taken from the queue only once it was sent: the state may be left before.</summary>
    protected override async IAsyncEnumerable<RpcServer.Open.Answer> PushInOpenAsync([EnumeratorCancellation] CancellationToken left)
    {
        while (await _answers.Reader.WaitToReadAsync(left))
        {
            if (!_answers.Reader.TryPeek(out var answer))
                continue;
            if (answer.Result is { } result)
                yield return result;
            else if (answer.Failed is { } failed)
                yield return failed;
            else
                yield return new Cancelled(answer.Id);
            _answers.Reader.TryRead(out _);
        }
    }

    protected override async ValueTask<RpcServer.Closing.Answer> OnGoodbyeAsync(Goodbye goodbye, RpcServer.Closing state)
    {
        var ended = Task.WhenAll(_running.Keys).ContinueWith(_ => _answers.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await foreach (var answer in _answers.Reader.ReadAllAsync(state.CancellationToken))
        {
            if (answer.Result is { } result)
                await state.SendAsync(result, state.CancellationToken);
            else if (answer.Failed is { } failed)
                await state.SendAsync(failed, state.CancellationToken);
            else
                await state.SendAsync(new Cancelled(answer.Id), state.CancellationToken);
        }

        await ended;
        return new Goodbye();
    }

    private void Track(Task running)
    {
        _running[running] = true;
        running.ContinueWith(ended => _running.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(Call call, CancellationTokenSource cancellation)
    {
        Answer answer;
        try
        {
            answer = new Answer(call.Id, Result: new Result(call.Id, await methods.RunAsync(call, cancellation.Token)));
        }
        catch (CallException failure)
        {
            answer = new Answer(call.Id, Failed: new Failed(call.Id, failure.Message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            answer = new Answer(call.Id);
        }
        catch (Exception)
        {
            // What went wrong within is not the client's to know.
            answer = new Answer(call.Id, Failed: new Failed(call.Id, "the method has failed"));
        }

        _underWay.TryRemove(call.Id, out _);
        cancellation.Dispose();
        _answers.Writer.TryWrite(answer);
    }

    /// <summary>What a call came to: a result, a failure, or neither where it was cancelled.</summary>
    private readonly record struct Answer(uint Id, Result? Result = null, Failed? Failed = null);
}
