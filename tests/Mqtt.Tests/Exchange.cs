using System.Text;
using Samples.Mqtt311;
using SecureChannel.Tests.Sessions;

namespace Mqtt.Tests;

/// <summary>What two clients of one broker do, whoever's broker that is.</summary>
internal static class Exchange
{
    public static async Task RunAsync(MqttConnection subscriber, MqttConnection publisher)
    {
        await using var delivered = subscriber.Delivered.GetAsyncEnumerator();
        Assert.Equal(SubscribeReturnCode.ExactlyOnce, await Soon(subscriber.SubscribeAsync("home/+/temperature", QualityOfService.ExactlyOnce)));
        foreach (var quality in Enum.GetValues<QualityOfService>())
        {
            await Soon(publisher.PublishAsync("home/attic/light", "on"u8.ToArray(), quality));
            await Soon(publisher.PublishAsync("home/attic/temperature", Encoding.UTF8.GetBytes($"{quality}"), quality));
            Assert.Equal(("home/attic/temperature", $"{quality}", quality), await NextAsync());
        }

        // Many exchanges under way at once, each with its own identifier.
        await Soon(Task.WhenAll(Enumerable.Range(0, 50).Select(number => publisher.PublishAsync("home/cellar/temperature", Encoding.UTF8.GetBytes($"{number}"), (QualityOfService)(number % 3)))));
        var numbers = new List<string>();
        while (numbers.Count < 50)
            numbers.Add((await NextAsync()).Text);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}").Order(), numbers.Order());

        // A payload of several records, whose remaining length takes three bytes.
        var large = new string('z', 100_000);
        await Soon(publisher.PublishAsync("home/attic/temperature", Encoding.UTF8.GetBytes(large), QualityOfService.AtLeastOnce));
        Assert.Equal(("home/attic/temperature", large, QualityOfService.AtLeastOnce), await NextAsync());

        await Soon(subscriber.UnsubscribeAsync("home/+/temperature"));
        await Soon(publisher.PublishAsync("home/attic/temperature", "unheard"u8.ToArray(), QualityOfService.ExactlyOnce));
        Assert.Equal(SubscribeReturnCode.AtMostOnce, await Soon(subscriber.SubscribeAsync("last", QualityOfService.AtMostOnce)));
        await Soon(publisher.PublishAsync("last", default, QualityOfService.ExactlyOnce));
        Assert.Equal(("last", "", QualityOfService.AtMostOnce), await NextAsync());
        await Soon(Task.WhenAll(subscriber.PingAsync(), subscriber.PingAsync(), publisher.PingAsync()));

        async Task<(string Topic, string Text, QualityOfService Quality)> NextAsync()
        {
            Assert.True(await Soon(delivered.MoveNextAsync().AsTask()));
            return (delivered.Current.Topic, Encoding.UTF8.GetString(delivered.Current.Payload.Span), delivered.Current.QualityOfService);
        }
    }

    public static async Task DisconnectAsync(params IEnumerable<MqttConnection> clients)
    {
        foreach (var client in clients)
            await Soon(client.DisconnectAsync());
    }

    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(SessionPair.Patience);

    private static Task Soon(Task task) => task.WaitAsync(SessionPair.Patience);
}
