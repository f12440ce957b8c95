using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>The connection of one client to a <see cref="Broker"/>.</summary>
/// <param name="broker">The broker.</param>
/// <param name="timeProvider">The clock for the client's keep-alive.</param>
/// <param name="abort">Aborts the connection with an error.</param>
internal sealed class BrokerConnection(Broker broker, TimeProvider timeProvider, Func<SessionError, ValueTask> abort) : MqttServer.Handler, IAsyncDisposable
{
    /// <summary>The number of messages that are queued for a slow client. Beyond that, the client loses the oldest.</summary>
    private const int QueueCapacity = 1000;
    private const int MaxSubscriptions = 1000;
    private const int MaxUnacknowledged = 100;

    private readonly ConcurrentDictionary<string, QualityOfService> _subscriptions = new();
    private readonly Channel<Delivery> _queue = Channel.CreateBounded<Delivery>(
        new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly SemaphoreSlim _inFlight = new(MaxUnacknowledged);
    private readonly ConcurrentDictionary<ushort, bool> _unacknowledged = new();
    private readonly HashSet<ushort> _unreleased = [];
    private TimeSpan _keepAliveTimeout = Timeout.InfiniteTimeSpan;
    private ITimer? _keepAliveTimer;
    private ushort _lastId;

    /// <summary>Gets the client identifier, or an empty string before CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Gets the message to publish if the client disappears without DISCONNECT, or null.</summary>
    public Will? Will { get; private set; }

    /// <summary>
    /// Queues a message if the client has a matching subscription. Section 3.8.4: once, with the lower of the published and the granted quality of service.
    /// </summary>
    public void Deliver(Delivery message)
    {
        var granted = _subscriptions
            .Where(subscription => Topics.Matches(subscription.Key, message.Topic))
            .Max(subscription => (QualityOfService?)subscription.Value);
        if (granted is { } maximum)
            _queue.Writer.TryWrite(message with { QualityOfService = maximum < message.QualityOfService ? maximum : message.QualityOfService });
    }

    /// <summary>Aborts the connection with an error.</summary>
    public ValueTask AbortAsync(SessionError error) => abort(error);

    public ValueTask DisposeAsync()
    {
        _inFlight.Dispose();
        return _keepAliveTimer?.DisposeAsync() ?? default;
    }

    protected override async ValueTask<MqttServer.Connecting.Answer> OnConnectAsync(Connect connect, MqttServer.Connecting state)
    {
        if (connect is not { ProtocolName: Connect.Name, Content: ConnectOptions options })
            return new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.UnacceptableProtocolVersion));
        // Section 3.1.3.1: the broker assigns an identifier to a client without one, but such a client cannot resume a session.
        if (options is { ClientId: "", CleanSession: false })
            return new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.IdentifierRejected));
        ClientId = options.ClientId.Length > 0 ? options.ClientId : Guid.NewGuid().ToString();
        Will = options.Will;
        await broker.AddAsync(this);
        if (options.KeepAlive > 0)
        {
            // Section 3.1.2.10: one and a half times the keep-alive.
            _keepAliveTimeout = TimeSpan.FromSeconds(1.5 * options.KeepAlive);
            var reason = $"no packet arrived within 1.5 times the keep-alive of {options.KeepAlive} s (MQTT 3.1.1 section 3.1.2.10)";
            var error = new SessionError(SessionErrorKind.TimedOut, SessionErrorCode.KeepAliveTimeout, AlertDescription.GeneralError, reason);
            _keepAliveTimer = timeProvider.CreateTimer(_ => _ = AbortAsync(error).AsTask(), null, _keepAliveTimeout, Timeout.InfiniteTimeSpan);
        }

        return new ConnectAcknowledge(false, ConnectReturnCode.Accepted);
    }

    protected override async IAsyncEnumerable<MqttServer.Connected.Answer> PushInConnectedAsync(
        SessionInfo session, [EnumeratorCancellation] CancellationToken left)
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync(left))
        {
            if (delivery.QualityOfService == QualityOfService.AtMostOnce)
            {
                yield return new PublishAtMostOnce(PublishFlags.None, delivery.Topic, delivery.Payload);
                continue;
            }

            await _inFlight.WaitAsync(left);
            var id = NextId();
            if (delivery.QualityOfService == QualityOfService.AtLeastOnce)
                yield return new PublishAtLeastOnce(PublishFlags.None, delivery.Topic, id, delivery.Payload);
            else
                yield return new PublishExactlyOnce(PublishFlags.None, delivery.Topic, id, delivery.Payload);
        }
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAtMostOnceAsync(PublishAtMostOnce publish, MqttServer.Connected state)
    {
        RestartKeepAlive();
        broker.Publish(new Delivery(publish.Topic, publish.Payload, QualityOfService.AtMostOnce));
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAtLeastOnceAsync(PublishAtLeastOnce publish, MqttServer.Connected state)
    {
        RestartKeepAlive();
        broker.Publish(new Delivery(publish.Topic, publish.Payload, QualityOfService.AtLeastOnce));
        return new(new PublishAcknowledge(publish.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishExactlyOnceAsync(PublishExactlyOnce publish, MqttServer.Connected state)
    {
        RestartKeepAlive();
        // Section 4.3.3: until PUBREL, a packet with the same identifier is a repetition.
        if (_unreleased.Add(publish.PacketId))
            broker.Publish(new Delivery(publish.Topic, publish.Payload, QualityOfService.ExactlyOnce));
        return new(new PublishReceived(publish.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishReleaseAsync(PublishRelease release, MqttServer.Connected state)
    {
        RestartKeepAlive();
        _unreleased.Remove(release.PacketId);
        return new(new PublishComplete(release.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAcknowledgeAsync(PublishAcknowledge acknowledge, MqttServer.Connected state)
    {
        RestartKeepAlive();
        Acknowledge(acknowledge.PacketId);
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishReceivedAsync(PublishReceived received, MqttServer.Connected state)
    {
        RestartKeepAlive();
        return new(new PublishRelease(received.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishCompleteAsync(PublishComplete complete, MqttServer.Connected state)
    {
        RestartKeepAlive();
        Acknowledge(complete.PacketId);
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnSubscribeAsync(Subscribe subscribe, MqttServer.Connected state)
    {
        RestartKeepAlive();
        return new(new SubscribeAcknowledge(subscribe.PacketId, [.. subscribe.Subscriptions.Select(Grant)]));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnUnsubscribeAsync(Unsubscribe unsubscribe, MqttServer.Connected state)
    {
        RestartKeepAlive();
        foreach (var unsubscription in unsubscribe.Filters)
            _subscriptions.TryRemove(unsubscription.Filter, out _);
        return new(new UnsubscribeAcknowledge(unsubscribe.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPingRequestAsync(PingRequest request, MqttServer.Connected state)
    {
        RestartKeepAlive();
        return new(new PingResponse());
    }

    // Section 3.14.4: after DISCONNECT, the broker discards the will.
    protected override ValueTask OnDisconnectAsync(Disconnect disconnect, MqttServer.Disconnected state)
    {
        Will = null;
        return ValueTask.CompletedTask;
    }

    private void RestartKeepAlive() => _keepAliveTimer?.Change(_keepAliveTimeout, Timeout.InfiniteTimeSpan);

    private Granted Grant(Subscription subscription)
    {
        if (_subscriptions.Count >= MaxSubscriptions && !_subscriptions.ContainsKey(subscription.Filter))
            return new(SubscribeReturnCode.Failure);
        _subscriptions[subscription.Filter] = subscription.QualityOfService;
        return new((SubscribeReturnCode)subscription.QualityOfService);
    }

    // Section 2.3.1: the identifier must not be in use.
    private ushort NextId()
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (!_unacknowledged.TryAdd(_lastId, true));
        return _lastId;
    }

    private void Acknowledge(ushort id)
    {
        if (_unacknowledged.TryRemove(id, out _))
            _inFlight.Release();
    }
}
