using System.Text;
using Samples.Common;
using Samples.Mqtt311;

const string Help = """
    MQTT 3.1.1 over sessions: a small broker and its clients, with the packets that every MQTT program speaks.

      Mqtt                                    everything: a broker, a publisher and a subscriber, at QoS 0, 1 and 2
      Mqtt broker [--port N]                  the broker alone: mosquitto_pub and mosquitto_sub can connect too
      Mqtt publish TOPIC TEXT --port N        publishes
      Mqtt subscribe FILTER --port N          shows what is published, until Ctrl+C

      --qos N                       0, 1 or 2; 1 if not given
      --wire NAME                   session (default); or plain: bare TCP, neither authentic nor private
      --host NAME                   where a broker is that is not on this machine
      --name NAME                   the name in the certificate of a broker that is not this one
    """;

return await SampleProgram.RunAsync(Help, args, ["--qos", "--wire", "--host", "--name"], async (options, stop) =>
{
    var quality = (QualityOfService)options.Number("--qos", 1, 0, 2);
    switch (options.Words)
    {
        case []:
            await Tour.RunAsync(options);
            return true;
        case ["broker"]:
            await Connections.ServeAsync(new Broker(), options, stop);
            return true;
        case ["publish", var topic, var text]:
            await using (var channel = await Connections.ConnectAsync(options))
            await using (var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("publisher") { KeepAlive = 60 }))
            {
                await client.PublishAsync(topic, Encoding.UTF8.GetBytes(text), quality);
                await client.DisconnectAsync();
            }

            return true;
        case ["subscribe", var filter]:
            await using (var channel = await Connections.ConnectAsync(options))
            await using (var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("subscriber") { KeepAlive = 60 }))
            {
                await SubscribeAsync(client, filter, quality, stop);
            }

            return true;
        default:
            return false;
    }
});

static async Task SubscribeAsync(MqttConnection client, string filter, QualityOfService quality, CancellationToken stop)
{
    if (await client.SubscribeAsync(filter, quality) == SubscribeReturnCode.Failure)
        throw new InvalidOperationException("the broker does not grant the subscription");
    Console.WriteLine($"subscribed to {filter}");
    using var stopping = stop.Register(() => _ = client.DisconnectAsync());
    await foreach (var delivery in client.Delivered)
        Console.WriteLine(Tour.Describe(delivery));
    await client.DisconnectAsync();
}
