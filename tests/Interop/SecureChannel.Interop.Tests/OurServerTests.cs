using System.Net;
using SecureChannel.Cryptography;
using SecureChannel.Sodium;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>The other implementations' clients with our server.</summary>
public sealed class OurServerTests(InteropFolder folder)
{
    private const string Text = "hello from them";

    public static TheoryData<string> Names => ["openssl", "gnutls", "java", "node", "python", "curl"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_client_exchanges_data_with_it_by_every_suite_and_group(string client)
    {
        // A server with one suite and one group decides for clients that cannot be told; those that begin with another group are told to try again.
        using var identity = Identity("p256");
        var servers = OurEnds.Combinations
            .Select(pair => (pair.Suite, pair.Group, End: new OurServer(identity, [pair.Suite], [pair.Group], ["bank/1", "http/1.1", "http/1.0"]))).ToList();
        int[] ports = [.. servers.Select(server => server.End.Port)];

        // Programs that take long to start are given all servers at once.
        var takesAll = client is not ("openssl" or "gnutls");
        var said = takesAll ? await RunAsync(client, ports) : null;
        foreach (var (suite, group, end) in servers)
        {
            await using (end)
            {
                var output = (said ?? await RunAsync(client, [end.Port])).Output;
                var served = await end.NextAsync();
                Assert.True(served.Error is null, $"{client} {suite.Name} {group.Name}: {served.Error}\n{output}");
                Assert.Equal((suite.Name, (NamedGroup?)group), (served.Negotiated!.CipherSuite, served.Negotiated.Group));
                Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, served.Received, StringComparison.Ordinal);
                Assert.Contains(client == "curl" ? suite.Name : takesAll ? "close_notify" : Text, output, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("java")]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Much_data_goes_both_ways(string client)
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity);
        var said = await RunAsync(client, [server.Port], "--bulk", "300000");
        var served = await server.NextAsync();
        Assert.True(served.Error is null, $"{served.Error}\n{said.Output}");
        Assert.Equal(300_000, served.Received.Length);
        Assert.Contains("\"received\":300000", said.Output.Replace("\": ", "\":", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("close_notify", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_begins_with_another_group_is_told_to_try_again()
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity, null, [NamedGroup.Secp384r1]);
        await RunAsync("openssl", [server.Port], "-groups", "X25519:P-384");
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal(["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"], served.Messages.Take(4));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_client_accepts_it_with_every_kind_of_key(string client)
    {
        foreach (var kind in InteropFolder.KindsOfKeys)
        {
            using var identity = Identity(kind);
            await using var server = new OurServer(identity, protocols: ["bank/1", "http/1.1", "http/1.0"]);
            var said = await RunAsync(client, [server.Port]);
            var served = await server.NextAsync();
            Assert.True(served.Error is null, $"{client} {kind}: {served.Error}\n{said.Output}");
            Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, served.Received, StringComparison.Ordinal);
            if (client == "openssl")
                Assert.Contains("Verify return code: 0 (ok)", said.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_are_renewed_when_openssl_says_so_and_data_goes_on_both_ways()
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity);
        await using var client = ExternalProgram.Start(Programs.Require("openssl"), folder.Path,
            ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-servername", InteropFolder.ServerName, "-CAfile", folder.Authority, "-tls1_3", "-msg"]);
        await client.HearAsync("Verify return code: 0");
        foreach (var (index, command) in new[] { "K", "k", "K" }.Index())
        {
            await client.SayAsync(command + "\n");
            await client.HearAsync($@"(KEYUPDATE[\s\S]*){{{index + 1}}}");
            await client.SayAsync($"after {index} {command}\n");
            await client.HearAsync($"^after {index} {command}");
        }

        // "K" asked for ours twice.
        Assert.Equal(2, client.Output.Split("<<< TLS 1.3, Handshake [length 0005], KeyUpdate").Length - 1);
        await client.SayAsync("Q\n");
        Assert.Equal(0, await client.ExitAsync());
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal("after 0 K\nafter 1 k\nafter 2 K\n", served.Received);
    }

    [Fact]
    public async Task Keys_are_renewed_when_gnutls_says_so_and_data_goes_on_both_ways()
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity);
        await using var client = ExternalProgram.Start(Programs.Require("gnutls-cli"), folder.Path, [.. Gnutls(server.Port), "--inline-commands"]);
        await client.HearAsync("Handshake was completed");
        foreach (var (index, command) in new[] { "^rekey^", "^rekey1^" }.Index())
        {
            await client.SayAsync(command + "\n");
            await client.SayAsync($"after {index}\n");
            await client.HearAsync($"^after {index}");
        }

        client.EndInput();
        await client.ExitAsync();
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal("after 0\nafter 1\n", served.Received);

        // Two of theirs, of which the first asked for ours.
        Assert.Equal(3, served.Messages.Count(message => message == "KeyUpdate"));
    }

    [Fact]
    public async Task Keys_are_renewed_when_java_says_so_amid_data_of_both_ways()
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity);
        var said = await RunAsync("java", [server.Port], "--bulk", "300000", "--key-limit", "50000");
        var served = await server.NextAsync();
        Assert.True(served.Error is null, $"{served.Error}\n{said.Output}");
        Assert.Contains("\"received\":300000", said.Output, StringComparison.Ordinal);
        Assert.True(served.Messages.Count(message => message == "KeyUpdate") >= 6, string.Join(", ", served.Messages));
    }

    // It asks with each record that comes after its limit, once in this download, until it has taken what was sent before the answer.
    [Fact]
    public async Task Java_may_ask_for_new_keys_again_and_again_amid_a_long_download()
    {
        const int Part = 1_000_000, Parts = 48;
        using var identity = Identity("p256");
        var messages = new List<string>();
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions
        {
            Identity = identity, Cryptography = SodiumProvider.Instance, IdleTimeout = null, HandshakeObserver = step => messages.Add($"{step.Message} {(step.Sent ? "sent" : "received")}"),
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
    public async Task A_client_without_TLS_13_hears_why()
    {
        using var identity = Identity("p256");
        await using var server = new OurServer(identity);
        var said = await Command.RunAsync(Programs.Require("openssl"), folder.Path, null, ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-tls1_2"]);
        Assert.Contains("alert protocol version", said.Output, StringComparison.Ordinal);
        Assert.Equal(AlertDescription.ProtocolVersion, (await server.NextAsync()).Error!.Alert);
    }

    private CertificateIdentity Identity(string kind)
    {
        Programs.Require("openssl");
        return CertificateIdentity.FromPemFile(folder.CertificateOf(kind), folder.KeyOf(kind), SodiumProvider.Instance);
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

    // These two copy their input to the peer and what comes to their output: they are told to stop when the text has come back.
    private async Task<Command> TalkAsync(string program, string[] arguments, string ready, string? goodbye)
    {
        await using var client = ExternalProgram.Start(Programs.Require(program), folder.Path, arguments);
        await client.HearAsync(ready);
        await client.SayAsync(Text + "\n");
        await client.HearAsync($"^{Text}");
        if (goodbye is not null)
            await client.SayAsync(goodbye);
        client.EndInput();
        var code = await client.ExitAsync();
        return new Command(code, client.Output);
    }
}
