using System.Text;
using Samples.Common;

namespace Samples.Mqtt311;

/// <summary>A broker, a subscriber and a publisher in one process, with each quality of service.</summary>
internal static class Demo
{
    public static async Task RunAsync(SampleOptions options)
    {
        var broker = new Broker();
        await using var server = SampleServer.Start(options, null, (session, ended) => Connections.ServeAsync(broker, session, ended));
        Console.WriteLine($"== a broker, secured by {options.Security}");
        await using var subscriberChannel = Connections.CreateChannel(await server.ConnectAsync());
        await using var subscriber = await MqttConnection.ConnectAsync(subscriberChannel, new ConnectOptions("subscriber"));
        await using var publisherChannel = Connections.CreateChannel(await server.ConnectAsync());
        await using var publisher = await MqttConnection.ConnectAsync(publisherChannel, new ConnectOptions("publisher"));
        Console.WriteLine($"subscribed to home/+/temperature: {await subscriber.SubscribeAsync("home/+/temperature", QualityOfService.ExactlyOnce)}");

        (string Topic, int Quality)[] messages =
            [("home/kitchen/temperature", 0), ("home/attic/temperature", 1), ("home/kitchen/light", 1), ("home/cellar/temperature", 2)];
        foreach (var (topic, quality) in messages)
        {
            await publisher.PublishAsync(topic, "21.5"u8.ToArray(), (QualityOfService)quality);
            Console.WriteLine($"published {topic} with QoS {quality}");
        }

        await using var deliveries = subscriber.Delivered.GetAsyncEnumerator();
        for (var delivery = 0; delivery < 3 && await deliveries.MoveNextAsync(); delivery++)
            Console.WriteLine($"delivered {Describe(deliveries.Current)}");
        await publisher.PingAsync();
        Console.WriteLine("the broker answered a ping");
        await publisher.DisconnectAsync();
        await subscriber.DisconnectAsync();
    }

    public static string Describe(Delivery delivery) =>
        $"{delivery.Topic} with QoS {(int)delivery.QualityOfService}: {Encoding.UTF8.GetString(delivery.Payload.Span)}";
}
