using System.Net;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>The clients of other implementations with the server of this library.</summary>
public sealed class ServerInteropTests(InteropFolder folder)
{
    private const string Text = "hello from the client";

    public static TheoryData<string> Names => ["openssl", "gnutls", "java", "node", "python", "curl"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Server_exchanges_data_with_every_client_and_every_suite_and_group(string client)
    {
        // Each server supports a single suite and group, and so selects them for clients without such options. Other key shares lead to a HelloRetryRequest.
        using var identity = Identity("p256");
        var servers = Endpoints.Combinations
            .Select(pair => (pair.Suite, pair.Group, End: new EchoServer(identity, [pair.Suite], [pair.Group], ["bank/1", "http/1.1", "http/1.0"]))).ToList();
        int[] ports = [.. servers.Select(server => server.End.Port)];

        // Programs that start slowly connect to all servers in one process.
        var connectsToAll = client is not ("openssl" or "gnutls");
        var run = connectsToAll ? await RunAsync(client, ports) : null;
        foreach (var (suite, group, end) in servers)
        {
            await using (end)
            {
                var output = (run ?? await RunAsync(client, [end.Port])).Output;
                var served = await end.NextAsync();
                Assert.True(served.Error is null, $"{client} {suite.Name} {group.Name}: {served.Error}\n{output}");
                Assert.Equal(((CipherSuite?)suite, (NamedGroup?)group), (served.Negotiated!.CipherSuite, served.Negotiated.Group));
                Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, served.Received, StringComparison.Ordinal);
                Assert.Contains(client == "curl" ? suite.Name : connectsToAll ? "close_notify" : Text, output, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("java")]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Data_is_transferred_in_both_directions(string client)
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity);
        var run = await RunAsync(client, [server.Port], "--bulk", "300000");
        var served = await server.NextAsync();
        Assert.True(served.Error is null, $"{served.Error}\n{run.Output}");
        Assert.Equal(300_000, served.Received.Length);
        Assert.Contains("\"received\":300000", run.Output.Replace("\": ", "\":", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("close_notify", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_sends_a_HelloRetryRequest_to_a_client_with_a_key_share_of_another_group()
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity, null, [NamedGroup.Secp384r1]);
        await RunAsync("openssl", [server.Port], "-groups", "X25519:P-384");
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal(["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"], served.Messages.Take(4));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_client_accepts_a_certificate_with_every_kind_of_key(string client)
    {
        foreach (var kind in InteropFolder.KindsOfKeys)
        {
            using var identity = Identity(kind);
            await using var server = new EchoServer(identity, protocols: ["bank/1", "http/1.1", "http/1.0"]);
            var run = await RunAsync(client, [server.Port]);
            var served = await server.NextAsync();
            Assert.True(served.Error is null, $"{client} {kind}: {served.Error}\n{run.Output}");
            Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, served.Received, StringComparison.Ordinal);
            if (client == "openssl")
                Assert.Contains("Verify return code: 0 (ok)", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Server_updates_its_keys_when_openssl_requests_it_and_data_continues_in_both_directions()
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity);
        await using var client = ExternalProgram.Start(Programs.Require("openssl"), folder.Path,
            ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-servername", InteropFolder.ServerName, "-CAfile", folder.Authority, "-tls1_3", "-msg"]);
        await client.WaitForOutputAsync("Verify return code: 0");
        foreach (var (index, command) in new[] { "K", "k", "K" }.Index())
        {
            await client.WriteInputAsync(command + "\n");
            await client.WaitForOutputAsync($@"(KEYUPDATE[\s\S]*){{{index + 1}}}");
            await client.WriteInputAsync($"after {index} {command}\n");
            await client.WaitForOutputAsync($"after {index} {command}");
        }

        // "K" requested an update of the server's keys twice.
        Assert.Equal(2, client.Output.Split("<<< TLS 1.3, Handshake [length 0005], KeyUpdate").Length - 1);
        await client.WriteInputAsync("Q\n");
        Assert.Equal(0, await client.WaitForExitAsync());
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal("after 0 K\nafter 1 k\nafter 2 K\n", served.Received);
    }

    [Fact]
    public async Task Server_updates_its_keys_when_gnutls_requests_it_and_data_continues_in_both_directions()
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity);
        await using var client = ExternalProgram.Start(Programs.Require("gnutls-cli"), folder.Path, [.. Gnutls(server.Port), "--inline-commands"]);
        await client.WaitForOutputAsync("Handshake was completed");
        foreach (var (index, command) in new[] { "^rekey^", "^rekey1^" }.Index())
        {
            await client.WriteInputAsync(command + "\n");
            await client.WriteInputAsync($"after {index}\n");
            await client.WaitForOutputAsync($"after {index}");
        }

        client.CloseInput();
        await client.WaitForExitAsync();
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal("after 0\nafter 1\n", served.Received);

        // Two updates of the client, of which the first requested one of the server.
        Assert.Equal(3, served.Messages.Count(message => message == "KeyUpdate"));
    }

    [Fact]
    public async Task Server_updates_its_keys_when_java_requests_it_during_a_transfer_in_both_directions()
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity);
        var run = await RunAsync("java", [server.Port], "--bulk", "300000", "--key-limit", "50000");
        var served = await server.NextAsync();
        Assert.True(served.Error is null, $"{served.Error}\n{run.Output}");
        Assert.Contains("\"received\":300000", run.Output, StringComparison.Ordinal);
        Assert.True(served.Messages.Count(message => message == "KeyUpdate") >= 6, string.Join(", ", served.Messages));
    }

    // Java requests an update with each record after its limit, until it has received all data that was sent before the update.
    [Fact]
    public async Task Server_accepts_repeated_update_requests_of_java_during_a_long_download()
    {
        const int Part = 1_000_000, Parts = 48;
        using var identity = Identity("p256");
        var messages = new List<string>();
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions
        {
            Identity = identity, Cryptography = SodiumProvider.Instance, IdleTimeout = null, HandshakeObserver = progress => messages.Add($"{progress.Message} {(progress.Sent ? "sent" : "received")}"),
        });
        var running = RunAsync("java", [((IPEndPoint)listener.LocalEndPoint).Port], "--get", "/", "--key-limit", "30000000");
        await using (var session = await listener.AcceptAsync(TestContext.Current.CancellationToken))
        {
            var stream = session.AsStream();
            await stream.ReadExactlyAsync(new byte["GET / HTTP/1.0\r\n\r\n".Length], TestContext.Current.CancellationToken);
            var reading = stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken);
            for (var part = 0; part < Parts; part++)
                await stream.WriteAsync(new byte[Part], TestContext.Current.CancellationToken);
            await session.CompleteWritesAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, await reading);
        }

        Assert.Contains($"\"received\":{Part * Parts},\"end\":\"close_notify\"", (await running).Output, StringComparison.Ordinal);
        Assert.Contains("KeyUpdate sent", messages);
    }

    [Fact]
    public async Task Client_without_TLS_13_receives_a_protocol_version_alert()
    {
        using var identity = Identity("p256");
        await using var server = new EchoServer(identity);
        var run = await Command.RunAsync(Programs.Require("openssl"), folder.Path, null, ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-tls1_2"]);
        Assert.Contains("alert protocol version", run.Output, StringComparison.Ordinal);
        Assert.Equal(AlertDescription.ProtocolVersion, (await server.NextAsync()).Error!.Alert);
    }

    private CertificateIdentity Identity(string kind)
    {
        Programs.Require("openssl");
        return CertificateIdentity.FromPemFile(folder.CertificateOf(kind), folder.KeyOf(kind));
    }

    private async Task<Command> RunAsync(string client, int[] ports, params string[] more)
    {
        var port = ports[0];
        string[] common = ["connect", .. ports.Select(each => $"127.0.0.1:{each}"), "--ca", folder.Authority, "--name", InteropFolder.ServerName, "--alpn", "bank/1", "--send", Text + "\n"];
        switch (client)
        {
            case "openssl":
                return await TalkAsync("openssl",
                    ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", InteropFolder.ServerName, "-verify_hostname", InteropFolder.ServerName, "-CAfile", folder.Authority,
                        "-alpn", "bank/1", "-tls1_3", .. more], "Verify return code", "Q\n");
            case "gnutls":
                return await TalkAsync("gnutls-cli", [.. Gnutls(port), .. more], "Handshake was completed", null);
            case "curl":
                return await Command.RunAsync(Programs.Require("curl"), folder.Path, null,
                [
                    "-sS", "--cacert", folder.Authority, "--max-time", "60", .. more,
                    .. ports.SelectMany(each => (string[])["--resolve", $"{InteropFolder.ServerName}:{each}:127.0.0.1"]), .. ports.Select(each => $"https://{InteropFolder.ServerName}:{each}/page"),
                ]);
            case "java":
                return await Command.RunAsync(Programs.Require("java"), folder.Path, null, [.. await folder.JavaPeerAsync(), .. common, .. more]);
            case "node":
                return await Command.RunAsync(Programs.Require("node"), folder.Path, null, [InteropFolder.Script("peer.js"), .. common, .. more]);
            default:
                return await Command.RunAsync(Programs.Require("python3"), folder.Path, null, [InteropFolder.Script("peer.py"), .. common, .. more]);
        }
    }

    private string[] Gnutls(int port) =>
    [
        "-p", $"{port}", "--x509cafile", folder.Authority, "--sni-hostname", InteropFolder.ServerName, "--verify-hostname", InteropFolder.ServerName, "--alpn", "bank/1",
        "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+GROUP-ALL", "127.0.0.1",
    ];

    // openssl and gnutls-cli copy their input to the peer and received data to their output. They stop after the echo of the text.
    private async Task<Command> TalkAsync(string program, string[] arguments, string ready, string? quitCommand)
    {
        await using var client = ExternalProgram.Start(Programs.Require(program), folder.Path, arguments);
        await client.WaitForOutputAsync(ready);
        await client.WriteInputAsync(Text + "\n");
        await client.WaitForOutputAsync(Text);
        if (quitCommand is not null)
            await client.WriteInputAsync(quitCommand);
        client.CloseInput();
        var code = await client.WaitForExitAsync();
        return new Command(code, client.Output);
    }
}
