using System.Collections.Concurrent;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace Samples.Calls;

/// <summary>
/// The client role: a task for each call, as many under way as one likes. Thread-safe. One lane sends what callers want, the other completes their tasks.
/// </summary>
public sealed class CallClient : IAsyncDisposable
{
    private const int MaxWaitingToBeSent = 64;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<ReadOnlyMemory<byte>>> _underWay = new();
    private readonly Channel<Outgoing> _outgoing = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(MaxWaitingToBeSent) { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;
    private uint _lastId;
    private Exception? _failure;

    private CallClient([Consumes] RpcClient.Open open)
    {
        var (sending, receiving) = open.Split();
        _running = RunAsync(SendAsync(sending), ReceiveAsync(receiving));
    }

    /// <summary>How many calls have no answer yet.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>Begins.</summary>
    /// <param name="channel">The channel; the caller owns it, and disposes it after the client.</param>
    public static CallClient Begin([InState(SessionState.Established), Consumes] MessageChannel channel) => new(RpcClient.Begin(channel));

    /// <summary>Calls a method.</summary>
    /// <typeparam name="TArguments">What it takes.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Asks the server to stop. The call ends when the server has answered, by its result if that was faster.</param>
    /// <exception cref="CallException">The method has failed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled before it had a result.</exception>
    /// <exception cref="SessionException">The session has failed; the call may or may not have been carried out.</exception>
    public async Task<TResult> CallAsync<TArguments, TResult>(string method, TArguments arguments, CancellationToken cancellationToken = default)
        where TArguments : IMessage<TArguments>
        where TResult : IMessage<TResult>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref _lastId);
        var call = new Call(id, method, WireSerializer.ToArray(arguments));
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[id] = answer;
        try
        {
            await WriteAsync(new Outgoing(call, null), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _underWay.TryRemove(id, out _);
            throw;
        }

        ReadOnlyMemory<byte> value;
        using (cancellationToken.UnsafeRegister(state => _ = CancelAsync((uint)state!), id))
        {
            value = await answer.Task.ConfigureAwait(false);
        }

        return WireSerializer.TryRead<TResult>(value.Span, out var result, out var error) ? result : throw new CallException($"{method} returned what is no {typeof(TResult).Name}: {error}");
    }

    /// <summary>Calls no more, waits for the answers to what is under way, and ends the protocol in order.</summary>
    /// <exception cref="SessionException">The session has failed.</exception>
    public Task CloseAsync()
    {
        _outgoing.Writer.TryComplete();
        return _running;
    }

    /// <summary>As <see cref="CloseAsync"/>, but without an exception.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task SendAsync(RpcClient.Open.SendLane sending)
    {
        await foreach (var outgoing in _outgoing.Reader.ReadAllAsync(_ended.Token).ConfigureAwait(false))
        {
            if (outgoing.Call is { } call)
                await sending.SendAsync(call, CancellationToken.None).ConfigureAwait(false);
            else if (outgoing.Cancel is { } cancel)
                await sending.SendAsync(cancel, CancellationToken.None).ConfigureAwait(false);
        }

        await sending.SendAsync(new Goodbye(), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(ReceiveLane<RpcClient.Open.Incoming> receiving)
    {
        await foreach (var arrived in receiving.ConfigureAwait(false))
        {
            switch (arrived)
            {
                case RpcClient.Open.Incoming.Result(var result):
                    Take(result.Id)?.TrySetResult(result.Value);
                    break;
                case RpcClient.Open.Incoming.Failed(var failed):
                    Take(failed.Id)?.TrySetException(new CallException(failed.Reason));
                    break;
                case RpcClient.Open.Incoming.Cancelled(var cancelled):
                    Take(cancelled.Id)?.TrySetCanceled();
                    break;
                case RpcClient.Open.Incoming.Goodbye:
                    // Nothing can come after it: the lane ends.
                    break;
            }
        }
    }

    // The protocol knows no identifiers: an answer to what was never asked is dropped.
    private TaskCompletionSource<ReadOnlyMemory<byte>>? Take(uint id) => _underWay.TryRemove(id, out var answer) ? answer : null;

    private async Task RunAsync(Task sending, Task receiving)
    {
        try
        {
            await (await Task.WhenAny(sending, receiving).ConfigureAwait(false)).ConfigureAwait(false);
            await Task.WhenAll(sending, receiving).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
        finally
        {
            _outgoing.Writer.TryComplete(_failure);
            await _ended.CancelAsync().ConfigureAwait(false);
            foreach (var id in _underWay.Keys)
                Take(id)?.TrySetException(_failure ?? new InvalidOperationException("The peer has ended without an answer."));
        }
    }

    private async Task CancelAsync(uint id)
    {
        try
        {
            // A call that has its answer needs none.
            if (_underWay.ContainsKey(id))
                await WriteAsync(new Outgoing(null, new Cancel(id)), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            // The client is closed, or the session has failed: the call's own task tells.
        }
    }

    private async ValueTask WriteAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(outgoing, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw _failure is SessionException failure ? new SessionException(failure.Error, failure) : new InvalidOperationException("The client is closed: it calls no more.");
        }
    }

    private readonly record struct Outgoing(Call? Call, Cancel? Cancel);
}
