using System.Net;
using System.Net.Sockets;
using Samples.Mqtt311;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace Mqtt.Tests;

/// <summary>Mosquitto's clients with our broker, plain and over TLS.</summary>
public sealed class OurBrokerTests
{
    private readonly Broker _broker = new();

    public static TheoryData<bool, string> Ways => new(from isSecure in new[] { false, true } from quality in new[] { "0", "1", "2" } select (isSecure, quality));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Mosquitto_pub_publishes_and_mosquitto_sub_hears_it(bool isSecure, string quality)
    {
        await using var server = new Server(_broker, isSecure);
        await using var subscribing = MosquittoClients.Subscribe(server.Port, "home/+/temperature", quality, server.Options);
        await subscribing.HearAsync($"^Subscribed.*: {quality}$");

        var told = await MosquittoClients.PublishAsync(server.Port, "home/attic/temperature", "21.5", quality, server.Options);

        await subscribing.HearAsync("^home/attic/temperature 21.5$");
        Assert.Equal(0, await subscribing.ExitAsync());
        Assert.Contains(quality switch { "0" => "sending PUBLISH", "1" => "received PUBACK", _ => "received PUBCOMP" }, told);
        Assert.Contains("sending DISCONNECT", told);
        // Both have disconnected in order.
        await server.ServedAsync(2);
    }

    [Fact]
    public async Task Ours_and_theirs_hear_each_other()
    {
        await using var server = new Server(_broker, isSecure: true);
        var (near, far) = InMemoryChannel.CreatePair();
        var serving = _broker.ServeAsync(far);
        await using var ours = await MqttConnection.ConnectAsync(near, new ConnectOptions("ours"));
        await ours.SubscribeAsync("theirs", QualityOfService.ExactlyOnce);
        await using var theirs = MosquittoClients.Subscribe(server.Port, "ours", "2", server.Options);
        await theirs.HearAsync("^Subscribed");

        await MosquittoClients.PublishAsync(server.Port, "theirs", "good day", "2", server.Options);
        await ours.PublishAsync("ours", "hello"u8.ToArray(), QualityOfService.ExactlyOnce);

        await theirs.HearAsync("^ours hello$");
        await using var delivered = ours.Delivered.GetAsyncEnumerator();
        Assert.True(await delivered.MoveNextAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal(QualityOfService.ExactlyOnce, delivered.Current.QualityOfService);
        await ours.DisconnectAsync();
        await serving;
    }

    [Fact]
    public async Task Mosquitto_sub_unsubscribes_from_what_it_heard_enough_of()
    {
        await using var server = new Server(_broker, isSecure: false);
        await using var subscribing = MosquittoClients.Subscribe(server.Port, "heard", "1", [.. server.Options, "-U", "unheard"]);
        await subscribing.HearAsync("received UNSUBACK");
        await MosquittoClients.PublishAsync(server.Port, "heard", "x", "0", server.Options);
        Assert.Equal(0, await subscribing.ExitAsync());
    }

    [Fact]
    public async Task A_client_of_mqtt_5_is_told_that_this_is_3_1_1()
    {
        await using var server = new Server(_broker, isSecure: false);
        await using var refused = MosquittoClients.Subscribe(server.Port, "x", "0", [.. server.Options, "-V", "mqttv5"]);
        Assert.NotEqual(0, await refused.ExitAsync());
        Assert.Contains("Unsupported Protocol Version", refused.Output);
    }

    /// <summary>Our broker on a port of its own.</summary>
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

        public int Port { get; }

        /// <summary>What mosquitto's clients need to trust it.</summary>
        public string[] Options { get; } = [];

        /// <summary>Waits until that many clients have disconnected in order.</summary>
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
            await using var channel = new StreamChannel(stream, new MqttFraming());
            await broker.ServeAsync(channel);
            _served.Release();
        }
    }
}
