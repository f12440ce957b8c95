using System.Net;
using System.Net.Sockets;
using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Mqtt.Tests;

/// <summary>The clients of mosquitto with the sample's broker, over plain TCP and TLS.</summary>
public sealed class MosquittoClientTests
{
    private readonly Broker _broker = new();

    public static TheoryData<bool, string> TransportsAndQualities => new(
        from isSecure in new[] { false, true } from quality in new[] { "0", "1", "2" } select (isSecure, quality));

    [Theory]
    [MemberData(nameof(TransportsAndQualities))]
    public async Task Mosquitto_sub_receives_the_message_of_mosquitto_pub(bool isSecure, string quality)
    {
        await using var server = new Server(_broker, isSecure);
        await using var subscribing = MosquittoClients.Subscribe(server.Port, "home/+/temperature", quality, server.Options);
        await subscribing.WaitForOutputAsync($"^Subscribed.*: {quality}$");

        var output = await MosquittoClients.PublishAsync(server.Port, "home/attic/temperature", "21.5", quality, server.Options);

        await subscribing.WaitForOutputAsync("^home/attic/temperature 21.5$");
        Assert.Equal(0, await subscribing.WaitForExitAsync());
        Assert.Contains(quality switch { "0" => "sending PUBLISH", "1" => "received PUBACK", _ => "received PUBCOMP" }, output);
        Assert.Contains("sending DISCONNECT", output);
        // Both clients have disconnected in order.
        await server.ServedAsync(2);
    }

    [Fact]
    public async Task Clients_of_mosquitto_and_of_the_sample_receive_each_others_messages()
    {
        await using var server = new Server(_broker, isSecure: true);
        var (clientChannel, serverChannel) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(serverChannel);
        await using var client = await MqttConnection.ConnectAsync(clientChannel, new ConnectOptions("from-sample"));
        await client.SubscribeAsync("from-mosquitto", QualityOfService.ExactlyOnce);
        await using var subscribing = MosquittoClients.Subscribe(server.Port, "from-sample", "2", server.Options);
        await subscribing.WaitForOutputAsync("^Subscribed");

        await MosquittoClients.PublishAsync(server.Port, "from-mosquitto", "good day", "2", server.Options);
        await client.PublishAsync("from-sample", "hello"u8.ToArray(), QualityOfService.ExactlyOnce);

        await subscribing.WaitForOutputAsync("^from-sample hello$");
        await using var delivered = client.Delivered.GetAsyncEnumerator();
        Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal(QualityOfService.ExactlyOnce, delivered.Current.QualityOfService);
        await client.DisconnectAsync();
        await serving;
    }

    [Fact]
    public async Task Mosquitto_sub_unsubscribes()
    {
        await using var server = new Server(_broker, isSecure: false);
        await using var subscribing = MosquittoClients.Subscribe(server.Port, "subscribed", "1", [.. server.Options, "-U", "unsubscribed"]);
        await subscribing.WaitForOutputAsync("received UNSUBACK");
        await MosquittoClients.PublishAsync(server.Port, "subscribed", "x", "0", server.Options);
        Assert.Equal(0, await subscribing.WaitForExitAsync());
    }

    [Fact]
    public async Task Client_of_mqtt_5_is_rejected()
    {
        await using var server = new Server(_broker, isSecure: false);
        await using var refused = MosquittoClients.Subscribe(server.Port, "x", "0", [.. server.Options, "-V", "mqttv5"]);
        Assert.NotEqual(0, await refused.WaitForExitAsync());
        Assert.Contains("Unsupported Protocol Version", refused.Output);
    }

    /// <summary>The sample's broker on a free port.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly Socket? _plain;
        private readonly SecureListener? _secure;
        private readonly CertificateIdentity? _identity;
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mqtt-tests-");
        private readonly SemaphoreSlim _served = new(0);
        private readonly Task _accepting;

        public Server(Broker broker, bool isSecure)
        {
            if (isSecure)
            {
                var authority = Path.Combine(_folder.FullName, "authority.pem");
                File.WriteAllText(authority, SessionPair.Authority.ExportCertificatePem());
                Options = ["--cafile", authority];
                _identity = SessionPair.Authority.IssueServer("localhost");
                _secure = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions { Identity = _identity });
                Port = ((IPEndPoint)_secure.LocalEndPoint).Port;
                _accepting = AcceptAsync(async () => (await _secure.AcceptAsync()).AsStream());
            }
            else
            {
                _plain = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _plain.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                _plain.Listen();
                Port = ((IPEndPoint)_plain.LocalEndPoint!).Port;
                _accepting = AcceptAsync(async () => new NetworkStream(await _plain.AcceptAsync(), ownsSocket: true));
            }

            async Task AcceptAsync(Func<Task<Stream>> accept)
            {
                try
                {
                    while (true)
                        _ = ServeAsync(broker, await accept());
                }
                catch (Exception stopped) when (stopped is ObjectDisposedException or SocketException)
                {
                    // The test is over.
                }
            }
        }

        /// <summary>Gets the port that the broker listens on.</summary>
        public int Port { get; }

        /// <summary>Gets the options that make the clients of mosquitto trust the broker.</summary>
        public string[] Options { get; } = [];

        /// <summary>Waits until a number of clients have disconnected in order.</summary>
        public async Task ServedAsync(int clients)
        {
            for (var client = 0; client < clients; client++)
                Assert.True(await _served.WaitAsync(SessionPair.Patience));
        }

        public async ValueTask DisposeAsync()
        {
            _plain?.Dispose();
            if (_secure is not null)
                await _secure.DisposeAsync();
            await _accepting;
            _identity?.Dispose();
            _folder.Delete(recursive: true);
        }

        private async Task ServeAsync(Broker broker, Stream stream)
        {
            await using var channel = new StreamChannel(stream, Role.Server, new MqttFraming());
            await broker.ServeAsync(channel);
            _served.Release();
        }
    }
}
