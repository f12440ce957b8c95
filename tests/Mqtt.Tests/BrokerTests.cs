using System.Text;
using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>Both roles together, and each role against a fake peer.</summary>
public sealed class BrokerTests
{
    private readonly Broker _broker = new();

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Published_messages_reach_subscribers_with_every_quality_of_service(string security, TransportKind transport)
    {
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var serving = Task.WhenAll(_broker.ServeAsync(CreateChannel(first.Server)), _broker.ServeAsync(CreateChannel(second.Server)));
        await using var subscriber = await MqttConnection.ConnectAsync(CreateChannel(first.Client), new ConnectOptions("subscriber"));
        await using var publisher = await MqttConnection.ConnectAsync(CreateChannel(second.Client), new ConnectOptions("publisher"));

        await Exchange.RunAsync(subscriber, publisher);

        await Exchange.DisconnectAsync(subscriber, publisher);
        await serving.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Published_messages_reach_subscribers_over_in_memory_channels()
    {
        await using var subscriber = await ConnectAsync("subscriber");
        await using var publisher = await ConnectAsync("publisher");
        await Exchange.RunAsync(subscriber, publisher);
        await Exchange.DisconnectAsync(subscriber, publisher);
    }

    [Fact]
    public async Task Client_of_another_version_is_rejected()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(server);
        var reply = await MqttClient.Begin(client).SendAsync(new Connect("MQIsdp", new UnsupportedConnect(3, default))).ReceiveAsync();
        Assert.Equal(ConnectReturnCode.UnacceptableProtocolVersion, Assert.IsType<MqttClient.Connecting.ConnectRefused>(reply).Message.Message.ReturnCode);
        await serving;
    }

    [Fact]
    public async Task Client_without_an_identifier_that_resumes_a_session_is_rejected()
    {
        // MQTT-3.1.3-8.
        var (client, server) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(server);
        var options = new ConnectOptions("") { CleanSession = false };
        var refused = await Assert.ThrowsAsync<ConnectRefusedException>(() => MqttConnection.ConnectAsync(client, options));
        Assert.Equal(ConnectReturnCode.IdentifierRejected, refused.Code);
        await serving;
    }

    [Fact]
    public async Task Rejected_client_throws_with_the_return_code()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        var connecting = MqttConnection.ConnectAsync(client, new ConnectOptions("who") { UserName = "name", Password = "wrong"u8.ToArray() });
        var (connect, state) = await MqttServer.Begin(server).ReceiveAsync();
        await state.SendAsync(new ConnectRefused(new ConnectAcknowledge(false, ConnectReturnCode.BadUserNameOrPassword)));

        var refused = await Assert.ThrowsAsync<ConnectRefusedException>(() => connecting);
        Assert.Equal(ConnectReturnCode.BadUserNameOrPassword, refused.Code);
        var options = Assert.IsType<ConnectOptions>(connect.Content);
        Assert.Equal(("name", "wrong"), (options.UserName, Encoding.UTF8.GetString(options.Password!.Value.Span)));
    }

    [Fact]
    public async Task Second_client_with_the_same_identifier_ends_the_first()
    {
        // MQTT-3.1.4-2.
        var (client, server) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(server);
        await using var first = await MqttConnection.ConnectAsync(client, new ConnectOptions("same"));
        await using var second = await ConnectAsync("same");

        Assert.Contains("another client connected with the identifier 'same'", (await Assert.ThrowsAsync<SessionException>(() => serving)).Error.Message);
        await second.PingAsync().WaitAsync(SessionPair.Patience);
        await Assert.ThrowsAsync<SessionException>(() => first.PingAsync().WaitAsync(SessionPair.Patience));
        Assert.Equal(1, _broker.ClientCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Will_is_published_unless_the_client_disconnects(bool disconnects)
    {
        // MQTT-3.1.2-8 and MQTT-3.14.4-3.
        await using var observer = await ConnectAsync("observer");
        await observer.SubscribeAsync("#", QualityOfService.AtMostOnce);
        var (client, server) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(server);
        await using var publisher = await MqttConnection.ConnectAsync(client, new ConnectOptions("publisher") { Will = new Will("gone", "x"u8.ToArray()) });

        if (disconnects)
        {
            await publisher.DisconnectAsync();
            await serving;
        }
        else
        {
            await client.CloseAsync();
            await Assert.ThrowsAsync<SessionException>(() => serving);
        }

        await observer.PublishAsync("later", default, QualityOfService.AtMostOnce);
        await using var delivered = observer.Delivered.GetAsyncEnumerator();
        Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal(disconnects ? "later" : "gone", delivered.Current.Topic);
    }

    [Fact]
    public async Task Publish_that_is_repeated_before_its_release_is_delivered_once()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(server);
        var (_, connected) = Assert.IsType<MqttClient.Connecting.ConnectAcknowledge>(
            await MqttClient.Begin(client).SendAsync(new Connect(new ConnectOptions("repeats"))).ReceiveAsync());
        await connected.SendAsync(new Subscribe(1, [new Subscription("#", QualityOfService.AtMostOnce)]));
        (var granted, connected) = Assert.IsType<MqttClient.Connected.SubscribeAcknowledge>(await connected.ReceiveAsync());
        Assert.Equal([new Granted(SubscribeReturnCode.AtMostOnce)], granted.Granted);

        await connected.SendAsync(new PublishExactlyOnce(PublishFlags.None, "once", 7, default));
        await connected.SendAsync(new PublishExactlyOnce(PublishFlags.Duplicate, "once", 7, default));
        await connected.SendAsync(new PublishRelease(7));
        await connected.SendAsync(new PingRequest());
        var arrived = new List<string>();
        while (arrived.Count < 5)
        {
            var reply = await connected.ReceiveAsync();
            arrived.Add(reply.GetType().Name);
            connected = reply switch
            {
                MqttClient.Connected.PublishReceived(_, var next) => next,
                MqttClient.Connected.PublishAtMostOnce(_, var next) => next,
                MqttClient.Connected.PublishComplete(_, var next) => next,
                MqttClient.Connected.PingResponse(_, var next) => next,
                _ => throw new InvalidOperationException($"{reply} is not expected."),
            };
        }

        Assert.Equal(["PingResponse", "PublishAtMostOnce", "PublishComplete", "PublishReceived", "PublishReceived"], arrived.Order());
        await connected.SendAsync(new Disconnect());
        await serving;
    }

    [Fact]
    public async Task Packets_that_cross_a_disconnect_are_discarded()
    {
        // Section 3.14.4: after DISCONNECT, the client closes the connection.
        var (client, server) = InMemoryChannel.CreatePair();
        var connecting = MqttConnection.ConnectAsync(client, new ConnectOptions("leaves"));
        var (_, state) = await MqttServer.Begin(server).ReceiveAsync();
        var connected = await state.SendAsync(new ConnectAcknowledge(false, ConnectReturnCode.Accepted));
        var leaving = (await connecting).DisconnectAsync();
        await connected.SendAsync(new PublishAtMostOnce(PublishFlags.None, "late", default));
        await connected.SendAsync(new PublishAtLeastOnce(PublishFlags.None, "late", 1, default));

        await leaving.WaitAsync(SessionPair.Patience);

        Assert.IsType<MqttServer.Connected.Disconnect>(await connected.ReceiveAsync());
        Assert.Null(client.End);
    }

    [Fact]
    public async Task Invalid_packet_throws_and_the_connection_remains_usable()
    {
        await using var client = await ConnectAsync("careless");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.PublishAsync("a/+", default, QualityOfService.AtMostOnce));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.SubscribeAsync("a+", QualityOfService.AtMostOnce));
        await client.PingAsync().WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Client_with_a_keep_alive_sends_pings_and_fails_when_the_broker_does_not_answer()
    {
        var time = new ManualTimeProvider();
        var (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { TimeProvider = time });
        var connecting = MqttConnection.ConnectAsync(client, new ConnectOptions("alive") { KeepAlive = 10 });
        var (_, state) = await MqttServer.Begin(server).ReceiveAsync();
        var connected = await state.SendAsync(new ConnectAcknowledge(false, ConnectReturnCode.Accepted));
        await using var connection = await connecting;

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<MqttServer.Connected.PingRequest>(await connected.ReceiveAsync());
        // The client starts to wait on another thread, so the clock advances until the wait has ended.
        var ended = connection.PingAsync();
        while (!ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var failure = await Assert.ThrowsAsync<SessionException>(() => ended);
        Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
        Assert.Equal("the broker did not answer a ping within 10 s (MQTT 3.1.1 section 3.1.2.10)", failure.Error.Message);
    }

    [Fact]
    public async Task Broker_ends_a_client_that_exceeds_its_keep_alive()
    {
        // MQTT-3.1.2-24.
        var time = new ManualTimeProvider();
        var (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { TimeProvider = time });
        var serving = _broker.ServeAsync(server);
        var (_, connected) = Assert.IsType<MqttClient.Connecting.ConnectAcknowledge>(
            await MqttClient.Begin(client).SendAsync(new Connect(new ConnectOptions("silent") { KeepAlive = 10 })).ReceiveAsync());
        time.Advance(TimeSpan.FromSeconds(14));
        await connected.SendAsync(new PingRequest());
        (_, connected) = Assert.IsType<MqttClient.Connected.PingResponse>(await connected.ReceiveAsync());
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(serving.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);
        Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
        Assert.Equal("no packet arrived within 1.5 times the keep-alive of 10 s (MQTT 3.1.1 section 3.1.2.10)", failure.Error.Message);
    }

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+/b", "a/b", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    public void Filters_match_like_in_section_4_7(string filter, string topic, bool matches) => Assert.Equal(matches, Topics.Matches(filter, topic));

    private static StreamChannel CreateChannel([InState(SessionState.Established)] SecureSession session) => new(session.AsStream(), session.Role, new MqttFraming());

    private Task<MqttConnection> ConnectAsync(string clientId)
    {
        var (client, server) = InMemoryChannel.CreatePair();
        _ = _broker.ServeAsync(server);
        return MqttConnection.ConnectAsync(client, new ConnectOptions(clientId));
    }
}
