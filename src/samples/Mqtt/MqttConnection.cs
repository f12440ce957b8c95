using System.Collections.Concurrent;
using System.Threading.Channels;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>The exception for a broker that rejects a client.</summary>
/// <param name="code">The broker's reason.</param>
public sealed class ConnectRefusedException(ConnectReturnCode code) : InvalidOperationException($"The broker rejected the client: {code}.")
{
    /// <summary>Gets the broker's reason.</summary>
    public ConnectReturnCode Code { get; } = code;
}

/// <summary>
/// The client role: publishes and subscribes, with many pending exchanges at once. Thread-safe, with a single reader of <see cref="Delivered"/>.
/// </summary>
public sealed class MqttConnection : IAsyncDisposable
{
    /// <summary>The number of unread deliveries. Beyond that, the connection stops receiving.</summary>
    private const int DeliveryCapacity = 1000;

    private readonly Channel<Outgoing> _sendQueue = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<Delivery> _delivered = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(DeliveryCapacity) { SingleReader = true });
    private readonly ConcurrentDictionary<(Type Answer, ushort PacketId), TaskCompletionSource<object>> _pending = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _pings = new();
    private readonly HashSet<ushort> _unreleased = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;
    private uint _lastId;
    private Exception? _failure;

    private MqttConnection([Consumes] MqttClient.Connected connected, KeepAlive keepAlive)
    {
        var (sendLane, receiveLane) = connected.Split();
        _running = RunAsync(SendAsync(sendLane), ReceiveAsync(receiveLane), keepAlive.RunAsync(PingAsync, _ended.Token));
    }

    /// <summary>
    /// Gets the deliveries from the broker, in order, until the connection ends. A subscriber must read them: unread deliveries block all later packets.
    /// </summary>
    public IAsyncEnumerable<Delivery> Delivered => _delivered.Reader.ReadAllAsync();

    /// <summary>Connects to a broker.</summary>
    /// <param name="channel">The channel. The caller disposes it after the connection.</param>
    /// <param name="options">The options. With a keep-alive, the connection sends pings and fails when the broker does not answer.</param>
    /// <exception cref="ConnectRefusedException">The broker rejected the client.</exception>
    /// <exception cref="SessionException">The broker violated the protocol, or the connection failed.</exception>
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

    /// <summary>Publishes a message, and completes when the exchange of its quality of service is complete.</summary>
    /// <exception cref="ArgumentException">The topic is not a valid topic name.</exception>
    /// <exception cref="SessionException">The connection failed. The message may or may not be published.</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, QualityOfService quality)
    {
        var id = NextId();
        switch (quality)
        {
            case QualityOfService.AtMostOnce:
                await SendAsync(lane => lane.SendAsync(new PublishAtMostOnce(PublishFlags.None, topic, payload))).ConfigureAwait(false);
                break;
            case QualityOfService.AtLeastOnce:
                var atLeastOnce = new PublishAtLeastOnce(PublishFlags.None, topic, id, payload);
                await RequestAsync<PublishAcknowledge>(id, lane => lane.SendAsync(atLeastOnce)).ConfigureAwait(false);
                break;
            default:
                var exactlyOnce = new PublishExactlyOnce(PublishFlags.None, topic, id, payload);
                await RequestAsync<PublishReceived>(id, lane => lane.SendAsync(exactlyOnce)).ConfigureAwait(false);
                await RequestAsync<PublishComplete>(id, lane => lane.SendAsync(new PublishRelease(id))).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Subscribes to a topic filter.</summary>
    /// <returns>The broker's decision.</returns>
    /// <exception cref="ArgumentException">The filter is not a valid topic filter.</exception>
    /// <exception cref="SessionException">The connection failed.</exception>
    public async Task<SubscribeReturnCode> SubscribeAsync(string filter, QualityOfService quality)
    {
        var id = NextId();
        var subscribe = new Subscribe(id, [new Subscription(filter, quality)]);
        var answer = await RequestAsync<SubscribeAcknowledge>(id, lane => lane.SendAsync(subscribe)).ConfigureAwait(false);
        return answer.Granted[0].Code;
    }

    /// <summary>Ends a subscription.</summary>
    /// <exception cref="ArgumentException">The filter is not a valid topic filter.</exception>
    /// <exception cref="SessionException">The connection failed.</exception>
    public async Task UnsubscribeAsync(string filter)
    {
        var id = NextId();
        await RequestAsync<UnsubscribeAcknowledge>(id, lane => lane.SendAsync(new Unsubscribe(id, [new Unsubscription(filter)]))).ConfigureAwait(false);
    }

    /// <summary>Sends a ping, and completes when the broker answers.</summary>
    /// <exception cref="SessionException">The connection failed.</exception>
    public async Task PingAsync()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The broker answers pings in order.
        await SendAsync(lane =>
        {
            _pings.Enqueue(answer);
            return lane.SendAsync(new PingRequest());
        }).ConfigureAwait(false);
        await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Sends DISCONNECT after all queued packets. Pending exchanges fail.</summary>
    /// <exception cref="SessionException">The connection failed.</exception>
    public Task DisconnectAsync()
    {
        _sendQueue.Writer.TryComplete();
        return _running;
    }

    /// <summary>Disconnects like <see cref="DisconnectAsync"/>, but does not throw.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    // Section 2.3.1: an identifier is not 0 and not in use. RequestAsync checks the latter.
    private ushort NextId() => (ushort)(((Interlocked.Increment(ref _lastId) - 1) % ushort.MaxValue) + 1);

    /// <summary>Queues a send, and completes when the transport has accepted the packet. For QoS 0, this is the only backpressure.</summary>
    private async Task SendAsync(Func<MqttClient.Connected.SendLane, ValueTask> send)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_sendQueue.Writer.TryWrite(new Outgoing(send, sent)))
            throw CreateEndedException();
        await sent.Task.ConfigureAwait(false);
    }

    private async Task<TAnswer> RequestAsync<TAnswer>(ushort id, Func<MqttClient.Connected.SendLane, ValueTask> send)
        where TAnswer : struct
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_pending.TryAdd((typeof(TAnswer), id), answer))
            throw new InvalidOperationException("All 65,535 packet identifiers are in use. Await some of the pending exchanges first.");
        try
        {
            await SendAsync(send).ConfigureAwait(false);
            return (TAnswer)await answer.Task.ConfigureAwait(false);
        }
        finally
        {
            _pending.TryRemove((typeof(TAnswer), id), out _);
        }
    }

    // The state machine does not know packet identifiers: an answer to an unknown exchange is ignored.
    private void Complete<TAnswer>(ushort id, TAnswer answer)
        where TAnswer : struct
    {
        if (_pending.TryGetValue((typeof(TAnswer), id), out var request))
            request.TrySetResult(answer);
    }

    // Does not wait: receiving must not depend on sending, or both endpoints could block each other.
    private void Answer(Func<MqttClient.Connected.SendLane, ValueTask> send) => _sendQueue.Writer.TryWrite(new Outgoing(send, new TaskCompletionSource()));

    private async Task SendAsync(MqttClient.Connected.SendLane sendLane)
    {
        await foreach (var outgoing in _sendQueue.Reader.ReadAllAsync(_ended.Token).ConfigureAwait(false))
        {
            try
            {
                await outgoing.Send(sendLane).ConfigureAwait(false);
                outgoing.Sent.TrySetResult();
            }
            catch (ArgumentException invalid)
            {
                // The packet is not valid. Nothing was sent, so the lane is still usable.
                outgoing.Sent.TrySetException(invalid);
            }
            catch (Exception failure)
            {
                outgoing.Sent.TrySetException(failure);
                throw;
            }
        }

        await sendLane.SendAsync(new Disconnect(), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(ReceiveLane<MqttClient.Connected.Incoming> receiveLane)
    {
        await foreach (var incoming in receiveLane.WithCancellation(_ended.Token).ConfigureAwait(false))
        {
            switch (incoming)
            {
                case MqttClient.Connected.Incoming.PublishAtMostOnce(var publish):
                    await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.AtMostOnce).ConfigureAwait(false);
                    break;
                case MqttClient.Connected.Incoming.PublishAtLeastOnce(var publish):
                    await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.AtLeastOnce).ConfigureAwait(false);
                    Answer(lane => lane.SendAsync(new PublishAcknowledge(publish.PacketId)));
                    break;
                case MqttClient.Connected.Incoming.PublishExactlyOnce(var publish):
                    // Section 4.3.3: until PUBREL, a packet with the same identifier is a repetition.
                    if (_unreleased.Add(publish.PacketId))
                        await DeliverAsync(publish.Topic, publish.Payload, QualityOfService.ExactlyOnce).ConfigureAwait(false);
                    Answer(lane => lane.SendAsync(new PublishReceived(publish.PacketId)));
                    break;
                case MqttClient.Connected.Incoming.PublishRelease(var release):
                    _unreleased.Remove(release.PacketId);
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
                    if (_pings.TryDequeue(out var ping))
                        ping.TrySetResult();
                    break;
            }
        }
    }

    private ValueTask DeliverAsync(string topic, ReadOnlyMemory<byte> payload, QualityOfService quality) =>
        _delivered.Writer.WriteAsync(new Delivery(topic, payload, quality), _ended.Token);

    // The connection ends with the first of its parts: DISCONNECT was sent, or the connection failed.
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
            _sendQueue.Writer.TryComplete();
            await _ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _delivered.Writer.TryComplete(_failure);
            while (_sendQueue.Reader.TryRead(out var unsent))
                unsent.Sent.TrySetException(CreateEndedException());
            foreach (var request in _pending.Values)
                request.TrySetException(CreateEndedException());
            foreach (var ping in _pings)
                ping.TrySetException(CreateEndedException());
        }
    }

    private Exception CreateEndedException() => _failure is SessionException failed
        ? new SessionException(failed.Error, failed.End, failed)
        : new InvalidOperationException("The connection ended before the exchange was complete.", _failure);

    /// <summary>A send in the queue, and the source of its task.</summary>
    private readonly record struct Outgoing(Func<MqttClient.Connected.SendLane, ValueTask> Send, TaskCompletionSource Sent);
}
