using SecureChannel;
using System.Net;
using System.Net.Sockets;
using Samples.Mqtt311;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>A class of its own, so that other tests run in parallel: the first ping of mosquitto_sub is after five seconds.</summary>
public sealed class MosquittoPingTests
{
    [Fact]
    public async Task Broker_answers_the_ping_of_mosquitto_sub()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var subscribing = MosquittoClients.Subscribe(((IPEndPoint)listener.LocalEndPoint!).Port, "x", "0", "-k", "5");
        await using var channel = new StreamChannel(new NetworkStream(await listener.AcceptAsync(), ownsSocket: true), Role.Server, new MqttFraming());
        var broker = new Broker();
        var serving = broker.ServeAsync(channel);

        await subscribing.WaitForOutputAsync("received PINGRESP");

        Assert.False(serving.IsCompleted);
        var (client, server) = InMemoryChannel.CreatePair();
        var servingPublisher = broker.ServeAsync(server);
        await using var publisher = await MqttConnection.ConnectAsync(client, new ConnectOptions("publisher"));
        await publisher.PublishAsync("x", default, QualityOfService.AtMostOnce);
        await Task.WhenAll(serving, publisher.DisconnectAsync(), servingPublisher).WaitAsync(SessionPair.Patience);
    }
}
