using System.Net;
using System.Net.Sockets;
using Samples.Mqtt311;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace Mqtt.Tests;

/// <summary>Apart, since mosquitto_sub pings no sooner than after five seconds: the other tests run meanwhile.</summary>
public sealed class MosquittoPingTests
{
    [Fact]
    public async Task Our_broker_answers_mosquitto_subs_ping()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var subscribing = MosquittoClients.Subscribe(((IPEndPoint)listener.LocalEndPoint!).Port, "x", "0", "-k", "5");
        await using var channel = new StreamChannel(new NetworkStream(await listener.AcceptAsync(), ownsSocket: true), new MqttFraming());
        var broker = new Broker();
        var serving = broker.ServeAsync(channel);

        await subscribing.HearAsync("received PINGRESP");

        Assert.False(serving.IsCompleted);
        var (client, server) = SecureChannel.Protocols.InMemoryChannel.CreatePair();
        var servingUs = broker.ServeAsync(server);
        await using var publisher = await MqttConnection.ConnectAsync(client, new ConnectOptions("publisher"));
        await publisher.PublishAsync("x", default, QualityOfService.AtMostOnce);
        await Task.WhenAll(serving, publisher.DisconnectAsync(), servingUs).WaitAsync(SessionPair.Patience);
    }
}
