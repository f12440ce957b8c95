using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace Mqtt.Tests;

/// <summary>Our clients with mosquitto as broker.</summary>
public sealed class OurClientTests
{
    [Fact]
    public async Task They_speak_plain_mqtt()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await RunAsync(mosquitto, async () => new StreamChannel(await ConnectAsync(mosquitto.Port), new MqttFraming()));
    }

    [Fact]
    public async Task They_speak_mqtt_over_a_session()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        await RunAsync(mosquitto, async () =>
        {
            var session = await SecureSession.ConnectAsync("127.0.0.1", mosquitto.Port, new ClientOptions { Trust = mosquitto.Trust, ServerName = SessionPair.ServerName });
            return new StreamChannel(session.AsStream(), new MqttFraming());
        });
    }

    [Fact]
    public async Task They_speak_mqtt_over_the_platforms_tls()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        await RunAsync(mosquitto, async () =>
        {
            // A stream that is none of this library's: mosquitto's own certificate is what the test started it with.
            var tls = new SslStream(await ConnectAsync(mosquitto.Port), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=server");
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = SessionPair.ServerName, EnabledSslProtocols = SslProtocols.Tls13 });
            return new StreamChannel(tls, new MqttFraming());
        });
    }

    [Fact]
    public async Task A_session_with_a_mosquitto_that_another_authority_vouches_for_is_refused()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        var failure = await Assert.ThrowsAsync<SessionException>(() => SecureSession.ConnectAsync("127.0.0.1", mosquitto.Port, SessionPair.ClientOptions("tls/1.3")));
        Assert.Equal(SessionErrorKind.UntrustedPeer, failure.Error.Kind);
    }

    [Fact]
    public async Task What_mosquitto_refuses_ends_the_connection()
    {
        // A will at a topic with a wildcard cannot be written; what can be, and is wrong to a broker, is a second CONNECT.
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await using var channel = new StreamChannel(await ConnectAsync(mosquitto.Port), new MqttFraming());
        var first = await MqttClient.Begin(channel).SendAsync(new Connect(new ConnectOptions("twice"))).ReceiveAsync();
        Assert.IsType<MqttClient.Connecting.ConnectAcknowledge>(first);
        await channel.SendAsync(new Connect(new ConnectOptions("twice")));
        Assert.Null(await channel.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience));
    }

    [Fact]
    public async Task Mosquittos_own_clients_hear_what_ours_publish_at_mosquitto_and_the_other_way_round()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await using var subscribing = MosquittoClients.Subscribe(mosquitto.Port, "ours", "2");
        await subscribing.HearAsync("^Subscribed");
        await using var channel = new StreamChannel(await ConnectAsync(mosquitto.Port), new MqttFraming());
        await using var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("ours"));
        await client.SubscribeAsync("theirs", QualityOfService.ExactlyOnce);
        await client.PublishAsync("ours", "hello"u8.ToArray(), QualityOfService.ExactlyOnce);
        await subscribing.HearAsync("^ours hello$");
        Assert.Equal(0, await subscribing.ExitAsync());

        await MosquittoClients.PublishAsync(mosquitto.Port, "theirs", "good day", "1");

        await using var delivered = client.Delivered.GetAsyncEnumerator();
        Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal(("theirs", "good day", QualityOfService.AtLeastOnce), (delivered.Current.Topic, System.Text.Encoding.UTF8.GetString(delivered.Current.Payload.Span), delivered.Current.QualityOfService));
        await client.DisconnectAsync();
    }

    private static async Task RunAsync(Mosquitto mosquitto, Func<Task<StreamChannel>> connect)
    {
        await using var hearing = await connect();
        await using var speaking = await connect();
        await using var subscriber = await MqttConnection.ConnectAsync(hearing, new ConnectOptions("subscriber"));
        await using var publisher = await MqttConnection.ConnectAsync(speaking, new ConnectOptions("publisher") { Will = new Will("last", default), UserName = "anybody" });
        await Exchange.RunAsync(subscriber, publisher);
        await Exchange.DisconnectAsync(subscriber, publisher);
        await mosquitto.HearAsync("Received DISCONNECT from publisher");
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
