using System.Text;
using Samples.Common;
using Samples.Mqtt311;

const string Help = """
    Usage: Mqtt [broker | publish TOPIC TEXT | subscribe FILTER] [options]

    MQTT 3.1.1 over secure sessions: a small broker and its clients.

    Commands:
      (none)               Runs a broker, a publisher and a subscriber in one process, with QoS 0, 1 and 2.
      broker               Runs the broker until Ctrl+C. Other MQTT clients, such as mosquitto_pub, can connect too.
      publish TOPIC TEXT   Publishes a message.
      subscribe FILTER     Shows the messages of matching topics until Ctrl+C.

    Options:
      --qos N              Quality of service, 0 to 2. The default is 1.
      --transport NAME     session (default) or plain. Plain TCP has no authentication and no encryption.
      --host NAME          Host name or IP address of the broker. The default is 127.0.0.1.
      --name NAME          Name in the certificate of the broker. The default is sample.example.
    """;

return await SampleProgram.RunAsync(Help, args, ["--qos", "--transport", "--host", "--name"], async (options, stop) =>
{
    var quality = (QualityOfService)options.GetNumber("--qos", 1, 0, 2);
    switch (options.Command)
    {
        case []:
            await Demo.RunAsync(options);
            break;
        case ["broker"]:
            await Connections.ServeAsync(new Broker(), options, stop);
            break;
        case ["publish", var topic, var text]:
            await using (var channel = await Connections.ConnectAsync(options))
            await using (var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("publisher") { KeepAlive = 60 }))
            {
                await client.PublishAsync(topic, Encoding.UTF8.GetBytes(text), quality);
                await client.DisconnectAsync();
            }

            break;
        case ["subscribe", var filter]:
            await using (var channel = await Connections.ConnectAsync(options))
            await using (var client = await MqttConnection.ConnectAsync(channel, new ConnectOptions("subscriber") { KeepAlive = 60 }))
                await SubscribeAsync(client, filter, quality, stop);
            break;
        default:
            throw options.UnknownCommand();
    }
});

static async Task SubscribeAsync(MqttConnection client, string filter, QualityOfService quality, CancellationToken stop)
{
    if (await client.SubscribeAsync(filter, quality) == SubscribeReturnCode.Failure)
        throw new InvalidOperationException("The broker rejected the subscription.");
    Console.WriteLine($"subscribed to {filter}");
    using var stopping = stop.Register(() => _ = client.DisconnectAsync());
    await foreach (var delivery in client.Delivered)
        Console.WriteLine(Demo.Describe(delivery));
    await client.DisconnectAsync();
}
