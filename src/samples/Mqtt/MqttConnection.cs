using System.Collections.Concurrent;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>The broker has refused a client.</summary>
/// <param name="code">Why.</param>
public sealed class ConnectRefusedException(ConnectReturnCode code) : InvalidOperationException($"the broker has refused: {code}")
{
    /// <summary>Why.</summary>
    public ConnectReturnCode Code { get; } = code;
}

/// <summary>
/// The client role: publishes and subscribes, with as many exchanges under way as one likes. Thread-safe; one reader of what is delivered. One lane sends what
/// callers want, the other completes their tasks.
/// </summary>
public sealed class MqttConnection : IAsyncDisposable
{
    /// <summary>How many deliveries wait for their reader, before the broker is held up.</summary>
    private const int MailboxSize = 1000;

    private readonly Channel<Outgoing> _outgoing = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<Delivery> _delivered = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(MailboxSize) { SingleReader = true });
    private readonly ConcurrentDictionary<(Type Answer, ushort PacketId), TaskCompletionSource<object>> _underWay = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _pings = new();
    private readonly HashSet<ushort> _notReleased = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;
    private uint _lastId;
    private Exception? _failure;

    private MqttConnection([Consumes] MqttClient.Connected connected, KeepAlive keepAlive)
    {
        var (sending, receiving) = connected.Split();
        _running = RunAsync(SendAsync(sending), ReceiveAsync(receiving), keepAlive.RunAsync(PingAsync, _ended.Token));
    }

    /// <summary>
    /// What the broker delivers, in order; ends with the connection. Whoever subscribes reads it: what is left unread holds up everything that arrives after it.
    /// </summary>
    public IAsyncEnumerable<Delivery> Delivered => _delivered.Reader.ReadAllAsync();

    /// <summary>Connects to a broker.</summary>
    /// <param name="channel">The channel; the caller owns it, and disposes it after the connection.</param>
    /// <param name="options">Who this is. With a keep-alive the connection pings by itself, and fails when the broker does not answer.</param>
    /// <exception cref="ConnectRefusedException">The broker does not want this client.</exception>
    /// <exception cref="SessionException">The broker has not kept to the protocol, or the connection has failed.</exception>
    public static async Task<MqttConnection> ConnectAsync([InState(SessionState.Established), Consumes] MessageChannel channel, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(options);
        return await MqttClient.Begin(channel).SendAsync(new Connect(options)).ReceiveAsync() switch
        {
            MqttClient.Connecting.ConnectAcknowledge(_, var connected) => new MqttConnection(connected, new KeepAlive(channel, options.KeepAlive)),
            MqttClient.Connecting.ConnectRefused(var refused, _) => throw new ConnectRefusedException(refused.Message.ReturnCode),
        };
    }

    /// <summary>Publishes; completes when the exchange that the quality of service asks for is complete.</summary>
    /// <exception cref="ArgumentException">The topic is none.</exception>
    /// <exception cref="SessionException">The connection has failed; the message may or may not have been published.</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, QualityOfService quality)
    {
        var id = NextId();
        switch (quality)
        {
            case QualityOfService.AtMostOnce:
                await SendAsync(lane => lane.SendAsync(new PublishAtMostOnce(PublishFlags.None, topic, payload))).ConfigureAwait(false);
                break;
            case QualityOfService.AtLeastOnce:
                await AskAsync<PublishAcknowledge>(id, lane => lane.SendAsync(new PublishAtLeastOnce(PublishFlags.None, topic, id, payload))).ConfigureAwait(false);
                break;
            default:
                await AskAsync<PublishReceived>(id, lane => lane.SendAsync(new PublishExactlyOnce(PublishFlags.None, topic, id, payload))).ConfigureAwait(false);
                await AskAsync<PublishComplete>(id, lane => lane.SendAsync(new PublishRelease(id))).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Subscribes.</summary>
    /// <returns>What the broker grants.</returns>
    /// <exception cref="ArgumentException">The filter is none.</exception>
    /// <exception cref="SessionException">The connection has failed.</exception>
    public async Task<SubscribeReturnCode> SubscribeAsync(string filter, QualityOfService quality)
    {
        var id = NextId();
        var answer = await AskAsync<SubscribeAcknowledge>(id, lane => lane.SendAsync(new Subscribe(id, [new Subscription(filter, quality)]))).ConfigureAwait(false);
        return answer.Granted[0].Code;
    }

    /// <summary>Ends a subscription.</summary>
    /// <exception cref="ArgumentException">The filter is none.</exception>
    /// <exception cref="SessionException">The connection has failed.</exception>
    public async Task UnsubscribeAsync(string filter)
    {
        var id = NextId();
        await AskAsync<UnsubscribeAcknowledge>(id, lane => lane.SendAsync(new Unsubscribe(id, [new Unsubscription(filter)]))).ConfigureAwait(false);
    }

    /// <summary>Asks whether the broker is there.</summary>
    /// <exception cref="SessionException">The connection has failed.</exception>
    public async Task PingAsync()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Answers come in the order of the questions.
        await SendAsync(lane =>
        {
            _pings.Enqueue(answer);
            return lane.SendAsync(new PingRequest());
        }).ConfigureAwait(false);
        await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Disconnects in order, after what was published before; what has no answer yet fails.</summary>
    /// <exception cref="SessionException">The connection has failed.</exception>
    public Task DisconnectAsync()
    {
        _outgoing.Writer.TryComplete();
        return _running;
    }

    /// <summary>As <see cref="DisconnectAsync"/>, but without an exception.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    // Section 2.3.1: an identifier is not 0, and not one under way; nobody has 65,535 exchanges under way here.
    private ushort NextId() => (ushort)(((Interlocked.Increment(ref _lastId) - 1) % ushort.MaxValue) + 1);

    /// <summary>Lets the sending lane send, and waits until the transport has it: that is all the back-pressure that QoS 0 has.</summary>
    private async Task SendAsync(Func<MqttClient.Connected.SendLane, ValueTask> send)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_outgoing.Writer.TryWrite(new Outgoing(send, sent)))
            throw Ended();
        await sent.Task.ConfigureAwait(false);
    }

    private async Task<TAnswer> AskAsync<TAnswer>(ushort id, Func<MqttClient.Connected.SendLane, ValueTask> send)
        where TAnswer : struct
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_underWay.TryAdd((typeof(TAnswer), id), answer))
            throw new InvalidOperationException("Too many exchanges are under way: await some of them first.");
        try
        {
            await SendAsync(send).ConfigureAwait(false);
            return (TAnswer)await answer.Task.ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove((typeof(TAnswer), id), out _);
        }
    }

    // The protocol knows no identifiers: an answer to what was never asked is dropped.
    private void Complete<TAnswer>(ushort id, TAnswer answer)
        where TAnswer : struct
    {
        if (_underWay.TryGetValue((typeof(TAnswer), id), out var asking))
            asking.TrySetResult(answer);
    }

    // Never waits: who receives must not depend on what is sent.
    private void Answer(Func<MqttClient.Connected.SendLane, ValueTask> send) => _outgoing.Writer.TryWrite(new Outgoing(send, new TaskCompletionSource()));

    private async Task SendAsync(MqttClient.Connected.SendLane sending)
    {
        await foreach (var outgoing in _outgoing.Reader.ReadAllAsync(_ended.Token).ConfigureAwait(false))
        {
            try
            {
                await outgoing.Send(sending).ConfigureAwait(false);
                outgoing.Sent.TrySetResult();
            }
            catch (ArgumentException refused)
            {
                // The packet is none, so nothing was sent, and the lane is as it was.
                outgoing.Sent.TrySetException(refused);
            }
            catch (Exception failure)
            {
                outgoing.Sent.TrySetException(failure);
                throw;
            }
        }

        await sending.SendAsync(new Disconnect(), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(ReceiveLane<MqttClient.Connected.Incoming> receiving)
    {
        await foreach (var arrived in receiving.WithCancellation(_ended.Token).ConfigureAwait(false))
        {
            switch (arrived)
            {
                case MqttClient.Connected.Incoming.PublishAtMostOnce(var publish):
                    await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.AtMostOnce).ConfigureAwait(false);
                    break;
                case MqttClient.Connected.Incoming.PublishAtLeastOnce(var publish):
                    await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.AtLeastOnce).ConfigureAwait(false);
                    Answer(lane => lane.SendAsync(new PublishAcknowledge(publish.PacketId)));
                    break;
                case MqttClient.Connected.Incoming.PublishExactlyOnce(var publish):
                    // Section 4.3.3: what was not released yet is the same message again.
                    if (_notReleased.Add(publish.PacketId))
                        await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.ExactlyOnce).ConfigureAwait(false);
                    Answer(lane => lane.SendAsync(new PublishReceived(publish.PacketId)));
                    break;
                case MqttClient.Connected.Incoming.PublishRelease(var release):
                    _notReleased.Remove(release.PacketId);
                    Answer(lane => lane.SendAsync(new PublishComplete(release.PacketId)));
                    break;
                case MqttClient.Connected.Incoming.PublishAcknowledge(var acknowledge):
                    Complete(acknowledge.PacketId, acknowledge);
                    break;
                case MqttClient.Connected.Incoming.PublishReceived(var received):
                    Complete(received.PacketId, received);
                    break;
                case MqttClient.Connected.Incoming.PublishComplete(var complete):
                    Complete(complete.PacketId, complete);
                    break;
                case MqttClient.Connected.Incoming.SubscribeAcknowledge(var acknowledge):
                    Complete(acknowledge.PacketId, acknowledge);
                    break;
                case MqttClient.Connected.Incoming.UnsubscribeAcknowledge(var acknowledge):
                    Complete(acknowledge.PacketId, acknowledge);
                    break;
                case MqttClient.Connected.Incoming.PingResponse:
                    if (_pings.TryDequeue(out var asking))
                        asking.TrySetResult();
                    break;
            }
        }
    }

    private ValueTask DeliverAsync(string topic, ReadOnlyMemory<byte> payload, QualityOfService quality) =>
        _delivered.Writer.WriteAsync(new Delivery(topic, payload, quality), _ended.Token);

    // Whichever ends first ends all: a DISCONNECT was sent, or the connection has failed.
    private async Task RunAsync(params Task[] parts)
    {
        try
        {
            await (await Task.WhenAny(parts).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            await _ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _delivered.Writer.TryComplete(_failure);
            while (_outgoing.Reader.TryRead(out var unsent))
                unsent.Sent.TrySetException(Ended());
            foreach (var asking in _underWay.Values)
                asking.TrySetException(Ended());
            foreach (var asking in _pings)
                asking.TrySetException(Ended());
        }
    }

    private Exception Ended() => _failure is SessionException failed
        ? new SessionException(failed.Error, failed)
        : new InvalidOperationException("The connection has ended without an answer.", _failure);

    private readonly record struct Outgoing(Func<MqttClient.Connected.SendLane, ValueTask> Send, TaskCompletionSource Sent);
}
