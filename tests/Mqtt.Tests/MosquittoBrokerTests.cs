using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>The sample's client with mosquitto as broker.</summary>
public sealed class MosquittoBrokerTests
{
    [Fact]
    public async Task Clients_use_plain_tcp()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await RunAsync(mosquitto, async () => new StreamChannel(await ConnectAsync(mosquitto.Port), Role.Client, new MqttFraming()));
    }

    [Fact]
    public async Task Clients_use_a_session()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        await RunAsync(mosquitto, async () =>
        {
            var options = new ClientOptions { Trust = mosquitto.Trust, ServerName = SessionPair.ServerName };
            var session = await SecureSession.ConnectAsync("127.0.0.1", mosquitto.Port, options);
            return new StreamChannel(session.AsStream(), Role.Client, new MqttFraming());
        });
    }

    [Fact]
    public async Task Clients_use_the_platforms_tls()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        await RunAsync(mosquitto, async () =>
        {
            // A stream that does not belong to this library. The callback expects the certificate that the test gave to mosquitto.
            var tls = new SslStream(
                await ConnectAsync(mosquitto.Port), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=server");
            var options = new SslClientAuthenticationOptions { TargetHost = SessionPair.ServerName, EnabledSslProtocols = SslProtocols.Tls13 };
            await tls.AuthenticateAsClientAsync(options);
            return new StreamChannel(tls, Role.Client, new MqttFraming());
        });
    }

    [Fact]
    public async Task Client_refuses_a_broker_with_a_certificate_of_another_authority()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: true);
        var options = SessionPair.ClientOptions("tls/1.3");
        var failure = await Assert.ThrowsAsync<SessionException>(() => SecureSession.ConnectAsync("127.0.0.1", mosquitto.Port, options));
        Assert.Equal(SessionErrorKind.UntrustedPeer, failure.Error.Kind);
    }

    [Fact]
    public async Task Connection_ends_when_mosquitto_rejects_a_packet()
    {
        // A second CONNECT packet can be written, but violates the protocol.
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await using var channel = new StreamChannel(await ConnectAsync(mosquitto.Port), Role.Client, new MqttFraming());
        var first = await MqttClient.Begin(channel).SendAsync(new Connect(new ConnectOptions("twice"))).ReceiveAsync();
        Assert.IsType<MqttClient.Connecting.ConnectAcknowledge>(first);
        await channel.SendAsync(new Connect(new ConnectOptions("twice")));
        Assert.Null(await channel.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience));
    }

    [Fact]
    public async Task Client_and_mosquitto_clients_receive_each_others_messages()
    {
        await using var mosquitto = await Mosquitto.StartAsync(isSecure: false);
        await using var subscribing = MosquittoClients.Subscribe(mosquitto.Port, "from-sample", "2");
        await subscribing.WaitForOutputAsync("^Subscribed");
        await using var channel = new StreamChannel(await ConnectAsync(mosquitto.Port), Role.Client, new MqttFraming());
        await using var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("from-sample"));
        await client.SubscribeAsync("from-mosquitto", QualityOfService.ExactlyOnce);
        await client.PublishAsync("from-sample", "hello"u8.ToArray(), QualityOfService.ExactlyOnce);
        await subscribing.WaitForOutputAsync("^from-sample hello$");
        Assert.Equal(0, await subscribing.WaitForExitAsync());

        await MosquittoClients.PublishAsync(mosquitto.Port, "from-mosquitto", "good day", "1");

        await using var delivered = client.Delivered.GetAsyncEnumerator();
        Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(SessionPair.Patience));
        var delivery = delivered.Current;
        Assert.Equal(
            ("from-mosquitto", "good day", QualityOfService.AtLeastOnce), (delivery.Topic, Encoding.UTF8.GetString(delivery.Payload.Span), delivery.QualityOfService));
        await client.DisconnectAsync();
    }

    private static async Task RunAsync(Mosquitto mosquitto, Func<Task<StreamChannel>> connect)
    {
        await using var subscriberChannel = await connect();
        await using var publisherChannel = await connect();
        await using var subscriber = await MqttConnection.ConnectAsync(subscriberChannel, new ConnectOptions("subscriber"));
        var options = new ConnectOptions("publisher") { Will = new Will("last", default), UserName = "anybody" };
        await using var publisher = await MqttConnection.ConnectAsync(publisherChannel, options);
        await Exchange.RunAsync(subscriber, publisher);
        await Exchange.DisconnectAsync(subscriber, publisher);
        await mosquitto.WaitForOutputAsync("Received DISCONNECT from publisher");
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
