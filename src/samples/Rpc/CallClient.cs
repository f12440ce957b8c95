using System.Collections.Concurrent;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace Samples.Calls;

/// <summary>The client role: a task for each call, with many pending calls at once. Thread-safe.</summary>
public sealed class CallClient : IAsyncDisposable
{
    private const int SendQueueCapacity = 64;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<ReadOnlyMemory<byte>>> _pendingCalls = new();
    private readonly Channel<Outgoing> _sendQueue = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(SendQueueCapacity) { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;
    private uint _lastId;
    private Exception? _failure;

    private CallClient([Consumes] RpcClient.Open open)
    {
        var (sendLane, receiveLane) = open.Split();
        _running = RunAsync(SendAsync(sendLane), ReceiveAsync(receiveLane));
    }

    /// <summary>Gets the number of calls without an answer.</summary>
    public int PendingCalls => _pendingCalls.Count;

    /// <summary>Starts a client.</summary>
    /// <param name="channel">The channel. The caller disposes it after the client.</param>
    public static CallClient Start([InState(SessionState.Established), Consumes] MessageChannel channel) => new(RpcClient.Begin(channel));

    /// <summary>Calls a method.</summary>
    /// <typeparam name="TArguments">The message with the arguments.</typeparam>
    /// <typeparam name="TResult">The message with the result.</typeparam>
    /// <param name="method">The name of the method.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cancellationToken">A token that asks the server to cancel the call. If the result was already sent, the call succeeds.</param>
    /// <exception cref="CallException">The method failed.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled before it had a result.</exception>
    /// <exception cref="SessionException">The session failed. The server may or may not have run the call.</exception>
    public async Task<TResult> CallAsync<TArguments, TResult>(string method, TArguments arguments, CancellationToken cancellationToken = default)
        where TArguments : IMessage<TArguments>
        where TResult : IMessage<TResult>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref _lastId);
        var call = new Call(id, method, WireSerializer.ToArray(arguments));
        var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pendingCalls[id] = answer;
        try
        {
            await EnqueueAsync(new Outgoing(call, null), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _pendingCalls.TryRemove(id, out _);
            throw;
        }

        ReadOnlyMemory<byte> value;
        using (cancellationToken.UnsafeRegister(state => _ = CancelAsync((uint)state!), id))
        {
            value = await answer.Task.ConfigureAwait(false);
        }

        return WireSerializer.TryRead<TResult>(value.Span, out var result, out var error)
            ? result
            : throw new CallException($"the result of '{method}' is not a valid '{typeof(TResult).Name}': {error}");
    }

    /// <summary>Waits for the answers to all pending calls and ends the protocol. Further calls throw.</summary>
    /// <exception cref="SessionException">The session failed.</exception>
    public Task CloseAsync()
    {
        _sendQueue.Writer.TryComplete();
        return _running;
    }

    /// <summary>Closes the client like <see cref="CloseAsync"/>, but does not throw.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task SendAsync(RpcClient.Open.SendLane sendLane)
    {
        await foreach (var outgoing in _sendQueue.Reader.ReadAllAsync(_ended.Token).ConfigureAwait(false))
        {
            if (outgoing.Call is { } call)
                await sendLane.SendAsync(call, CancellationToken.None).ConfigureAwait(false);
            else if (outgoing.Cancel is { } cancel)
                await sendLane.SendAsync(cancel, CancellationToken.None).ConfigureAwait(false);
        }

        await sendLane.SendAsync(new Goodbye(), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(ReceiveLane<RpcClient.Open.Incoming> receiveLane)
    {
        await foreach (var incoming in receiveLane.ConfigureAwait(false))
        {
            switch (incoming)
            {
                case RpcClient.Open.Incoming.Result(var result):
                    Remove(result.Id)?.TrySetResult(result.Value);
                    break;
                case RpcClient.Open.Incoming.Failed(var failed):
                    Remove(failed.Id)?.TrySetException(new CallException(failed.Reason));
                    break;
                case RpcClient.Open.Incoming.Canceled(var canceled):
                    Remove(canceled.Id)?.TrySetCanceled();
                    break;
                case RpcClient.Open.Incoming.Goodbye:
                    // The last message: the lane ends.
                    break;
            }
        }
    }

    // The state machine does not know identifiers: an answer to an unknown call is ignored.
    private TaskCompletionSource<ReadOnlyMemory<byte>>? Remove(uint id) => _pendingCalls.TryRemove(id, out var answer) ? answer : null;

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
            _sendQueue.Writer.TryComplete(_failure);
            await _ended.CancelAsync().ConfigureAwait(false);
            foreach (var id in _pendingCalls.Keys)
                Remove(id)?.TrySetException(_failure ?? new InvalidOperationException("The server ended the protocol without an answer to this call."));
        }
    }

    private async Task CancelAsync(uint id)
    {
        try
        {
            if (_pendingCalls.ContainsKey(id))
                await EnqueueAsync(new Outgoing(null, new Cancel(id)), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            // The client is closed or the session failed: the task of the call has the reason.
        }
    }

    private async ValueTask EnqueueAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        try
        {
            await _sendQueue.Writer.WriteAsync(outgoing, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw _failure is SessionException failure ? new SessionException(failure.Error, failure.End, failure) : new InvalidOperationException("The client is closed.");
        }
    }

    /// <summary>A message in the send queue: a call or a cancellation.</summary>
    private readonly record struct Outgoing(Call? Call, Cancel? Cancel);
}
