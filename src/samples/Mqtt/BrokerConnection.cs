using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel;

namespace Samples.Mqtt311;

/// <summary>One client's connection to a <see cref="Broker"/>.</summary>
/// <param name="broker">The broker.</param>
/// <param name="time">The clock of the client's keep-alive.</param>
/// <param name="end">Ends the connection with an error.</param>
internal sealed class BrokerConnection(Broker broker, TimeProvider time, Func<SessionError, ValueTask> end) : MqttServer.Handler, IAsyncDisposable
{
    /// <summary>How many messages wait for a client that reads slowly, before it misses the oldest.</summary>
    private const int MailboxSize = 1000;
    private const int MaxSubscriptions = 1000;
    private const int MaxUnacknowledged = 100;

    private readonly ConcurrentDictionary<string, QualityOfService> _subscriptions = new();
    private readonly Channel<Delivery> _mailbox = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(MailboxSize) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly SemaphoreSlim _window = new(MaxUnacknowledged);
    private readonly ConcurrentDictionary<ushort, bool> _unacknowledged = new();
    private readonly HashSet<ushort> _notReleased = [];
    private TimeSpan _patience = Timeout.InfiniteTimeSpan;
    private ITimer? _silence;
    private ushort _lastId;

    /// <summary>Who the client is; empty until it is connected.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>What is to be published if the client goes now; null if nothing.</summary>
    public Will? Will { get; private set; }

    /// <summary>Section 3.8.4: at the least of both qualities, once for each client.</summary>
    public void Deliver(Delivery published)
    {
        var granted = _subscriptions.Where(subscription => Topics.Matches(subscription.Key, published.Topic)).Select(subscription => (QualityOfService?)subscription.Value).Max();
        if (granted is { } most)
            _mailbox.Writer.TryWrite(published with { QualityOfService = most < published.QualityOfService ? most : published.QualityOfService });
    }

    /// <summary>Ends the connection with an error.</summary>
    public ValueTask EndAsync(SessionError error) => end(error);

    public ValueTask DisposeAsync()
    {
        _window.Dispose();
        return _silence?.DisposeAsync() ?? default;
    }

    protected override async ValueTask<MqttServer.Connecting.Answer> OnConnectAsync(Connect connect, MqttServer.Connecting state)
    {
        if (connect is not { ProtocolName: Connect.Name, Content: ConnectOptions options })
            return new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.UnacceptableProtocolVersion));
        // Section 3.1.3.1: who gives no identifier gets one, but then there is nothing by which an earlier session could be found.
        if (options is { ClientId: "", CleanSession: false })
            return new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.IdentifierRejected));
        ClientId = options.ClientId.Length > 0 ? options.ClientId : Guid.NewGuid().ToString();
        Will = options.Will;
        await broker.EnterAsync(this);
        if (options.KeepAlive > 0)
        {
            // Section 3.1.2.10: one and a half times the keep-alive.
            _patience = TimeSpan.FromSeconds(1.5 * options.KeepAlive);
            var silent = new SessionError(SessionErrorKind.TimedOut, AlertDescription.UserCanceled, $"the client was silent for 1.5 times its keep-alive of {options.KeepAlive} s (MQTT 3.1.1 section 3.1.2.10)");
            _silence = time.CreateTimer(_ => _ = EndAsync(silent).AsTask(), null, _patience, Timeout.InfiniteTimeSpan);
        }

        return new ConnectAcknowledge(false, ConnectReturnCode.Accepted);
    }

    protected override async IAsyncEnumerable<MqttServer.Connected.Answer> PushInConnectedAsync([EnumeratorCancellation] CancellationToken left)
    {
        await foreach (var delivery in _mailbox.Reader.ReadAllAsync(left))
        {
            if (delivery.QualityOfService == QualityOfService.AtMostOnce)
            {
                yield return new PublishAtMostOnce(PublishFlags.None, delivery.Topic, delivery.Payload);
                continue;
            }

            await _window.WaitAsync(left);
            var id = NextId();
            if (delivery.QualityOfService == QualityOfService.AtLeastOnce)
                yield return new PublishAtLeastOnce(PublishFlags.None, delivery.Topic, id, delivery.Payload);
            else
                yield return new PublishExactlyOnce(PublishFlags.None, delivery.Topic, id, delivery.Payload);
        }
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAtMostOnceAsync(PublishAtMostOnce publish, MqttServer.Connected state)
    {
        Heard();
        broker.Deliver(new Delivery(publish.Topic, publish.Payload, QualityOfService.AtMostOnce));
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAtLeastOnceAsync(PublishAtLeastOnce publish, MqttServer.Connected state)
    {
        Heard();
        broker.Deliver(new Delivery(publish.Topic, publish.Payload, QualityOfService.AtLeastOnce));
        return new(new PublishAcknowledge(publish.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishExactlyOnceAsync(PublishExactlyOnce publish, MqttServer.Connected state)
    {
        Heard();
        // Section 4.3.3: what was not released yet is the same message again.
        if (_notReleased.Add(publish.PacketId))
            broker.Deliver(new Delivery(publish.Topic, publish.Payload, QualityOfService.ExactlyOnce));
        return new(new PublishReceived(publish.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishReleaseAsync(PublishRelease release, MqttServer.Connected state)
    {
        Heard();
        _notReleased.Remove(release.PacketId);
        return new(new PublishComplete(release.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishAcknowledgeAsync(PublishAcknowledge acknowledge, MqttServer.Connected state)
    {
        Heard();
        Acknowledge(acknowledge.PacketId);
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishReceivedAsync(PublishReceived received, MqttServer.Connected state)
    {
        Heard();
        return new(new PublishRelease(received.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPublishCompleteAsync(PublishComplete complete, MqttServer.Connected state)
    {
        Heard();
        Acknowledge(complete.PacketId);
        return new(state);
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnSubscribeAsync(Subscribe subscribe, MqttServer.Connected state)
    {
        Heard();
        return new(new SubscribeAcknowledge(subscribe.PacketId, [.. subscribe.Subscriptions.Select(Grant)]));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnUnsubscribeAsync(Unsubscribe unsubscribe, MqttServer.Connected state)
    {
        Heard();
        foreach (var unsubscription in unsubscribe.Filters)
            _subscriptions.TryRemove(unsubscription.Filter, out _);
        return new(new UnsubscribeAcknowledge(unsubscribe.PacketId));
    }

    protected override ValueTask<MqttServer.Connected.Answer> OnPingRequestAsync(PingRequest request, MqttServer.Connected state)
    {
        Heard();
        return new(new PingResponse());
    }

    // Section 3.14.4: nobody is told that the client is gone.
    protected override ValueTask OnDisconnectAsync(Disconnect disconnect, MqttServer.Disconnected state)
    {
        Will = null;
        return ValueTask.CompletedTask;
    }

    private void Heard() => _silence?.Change(_patience, Timeout.InfiniteTimeSpan);

    private Granted Grant(Subscription subscription)
    {
        if (_subscriptions.Count >= MaxSubscriptions && !_subscriptions.ContainsKey(subscription.Filter))
            return new(SubscribeReturnCode.Failure);
        _subscriptions[subscription.Filter] = subscription.QualityOfService;
        return new((SubscribeReturnCode)subscription.QualityOfService);
    }

    // Section 2.3.1: not one that is still in use.
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
            _window.Release();
    }
}
