using System.Text;
using Samples.Mqtt311;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>An exchange between two clients of the same broker, for any broker.</summary>
internal static class Exchange
{
    public static async Task RunAsync(MqttConnection subscriber, MqttConnection publisher)
    {
        await using var delivered = subscriber.Delivered.GetAsyncEnumerator();
        Assert.Equal(SubscribeReturnCode.ExactlyOnce, await WithTimeout(subscriber.SubscribeAsync("home/+/temperature", QualityOfService.ExactlyOnce)));
        foreach (var quality in Enum.GetValues<QualityOfService>())
        {
            await WithTimeout(publisher.PublishAsync("home/attic/light", "on"u8.ToArray(), quality));
            await WithTimeout(publisher.PublishAsync("home/attic/temperature", Encoding.UTF8.GetBytes($"{quality}"), quality));
            Assert.Equal(("home/attic/temperature", $"{quality}", quality), await NextAsync());
        }

        // Many pending exchanges at once, each with its own packet identifier.
        await WithTimeout(Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            publisher.PublishAsync("home/cellar/temperature", Encoding.UTF8.GetBytes($"{number}"), (QualityOfService)(number % 3)))));
        var numbers = new List<string>();
        while (numbers.Count < 50)
            numbers.Add((await NextAsync()).Text);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}").Order(), numbers.Order());

        // A payload of several records, with a remaining length of three bytes.
        var large = new string('z', 100_000);
        await WithTimeout(publisher.PublishAsync("home/attic/temperature", Encoding.UTF8.GetBytes(large), QualityOfService.AtLeastOnce));
        Assert.Equal(("home/attic/temperature", large, QualityOfService.AtLeastOnce), await NextAsync());

        await WithTimeout(subscriber.UnsubscribeAsync("home/+/temperature"));
        await WithTimeout(publisher.PublishAsync("home/attic/temperature", "undelivered"u8.ToArray(), QualityOfService.ExactlyOnce));
        Assert.Equal(SubscribeReturnCode.AtMostOnce, await WithTimeout(subscriber.SubscribeAsync("last", QualityOfService.AtMostOnce)));
        await WithTimeout(publisher.PublishAsync("last", default, QualityOfService.ExactlyOnce));
        Assert.Equal(("last", "", QualityOfService.AtMostOnce), await NextAsync());
        await WithTimeout(Task.WhenAll(subscriber.PingAsync(), subscriber.PingAsync(), publisher.PingAsync()));

        async Task<(string Topic, string Text, QualityOfService Quality)> NextAsync()
        {
            Assert.True(await WithTimeout(delivered.MoveNextAsync().AsTask()));
            return (delivered.Current.Topic, Encoding.UTF8.GetString(delivered.Current.Payload.Span), delivered.Current.QualityOfService);
        }
    }

    public static async Task DisconnectAsync(params IEnumerable<MqttConnection> clients)
    {
        foreach (var client in clients)
            await WithTimeout(client.DisconnectAsync());
    }

    private static Task<T> WithTimeout<T>(Task<T> task) => task.WaitAsync(SessionPair.Patience);

    private static Task WithTimeout(Task task) => task.WaitAsync(SessionPair.Patience);
}
