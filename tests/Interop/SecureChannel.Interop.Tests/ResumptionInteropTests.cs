using SecureChannel.Cryptography;
using SecureChannel.Sodium;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>Resumption with other implementations, in both roles of this library. Data crosses in both directions before and after it.</summary>
public sealed class ResumptionInteropTests(InteropFolder folder, PeerServers servers) : IClassFixture<PeerServers>
{
    private const string Text = "hello from the client";

    public static TheoryData<string> Clients => ["openssl", "gnutls", "go", "java", "node", "python", "curl"];

    public static TheoryData<string> Servers => ["openssl", "gnutls", "go", "java", "node", "python"];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Client_resumes_a_session_with_every_server(string server)
    {
        var options = Endpoints.Client(folder, protocols: ["bank/1"]) with { SessionCache = new ClientSessionCache() };
        await ConnectTwiceAsync(server, await servers.PortOfAsync(server), options);
    }

    [Fact]
    public async Task Client_resumes_with_every_suite()
    {
        var port = await servers.PortOfAsync("openssl");
        foreach (var suite in SodiumProvider.Instance.CipherSuites)
            await ConnectTwiceAsync("openssl", port, Endpoints.Client(folder, [suite], protocols: ["bank/1"]) with { SessionCache = new ClientSessionCache() });
    }

    [Fact]
    public async Task Client_resumes_after_a_retry_request_and_receives_40_tickets()
    {
        var port = await servers.PortOfAsync("openssl", "p256", "-groups", "P-256", "-num_tickets", "40");
        var messages = new List<string>();
        var options = Endpoints.Client(
            folder, groups: [NamedGroup.Secp384r1, NamedGroup.Secp256r1], protocols: ["bank/1"], observer: progress => messages.Add(progress.Message));
        await ConnectTwiceAsync("openssl", port, options with { SessionCache = new ClientSessionCache() });
        Assert.Equal(3, messages.Count(message => message == "HelloRetryRequest"));
        Assert.True(messages.Count(message => message == "NewSessionTicket") >= 40);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Server_resumes_a_session_of_every_client(string client)
    {
        Programs.Require("openssl");
        using var identity = CertificateIdentity.FromPemFile(folder.CertificateOf("p256"), folder.KeyOf("p256"));
        await using var server = new EchoServer(identity, protocols: ["bank/1", "http/1.1", "http/1.0"]);
        var output = await RunAsync(client, server.Port);
        var first = await server.NextAsync();
        var second = await server.NextAsync();
        Assert.True(first.Error is null && second.Error is null, $"{client}: {first.Error} {second.Error}\n{output}");
        Assert.Equal((false, true), (first.Negotiated!.IsResumed, second.Negotiated!.IsResumed));
        Assert.DoesNotContain("Certificate", second.Messages.TakeWhile(message => message != "NewSessionTicket"));
        if (client is not "gnutls")
            Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, second.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_identifies_a_client_again_when_it_resumes_its_session()
    {
        Programs.Require("openssl");
        using var identity = CertificateIdentity.FromPemFile(folder.CertificateOf("p256"), folder.KeyOf("p256"));
        await using var server = new EchoServer(identity, protocols: ["bank/1"], clientTrust: folder.Trust);
        var output = await RunAsync("openssl", server.Port, "-cert", folder.ClientCertificateOf("p256"), "-key", folder.ClientKeyOf("p256"));
        foreach (var isResumed in new[] { false, true })
        {
            var served = await server.NextAsync();
            Assert.True(served.Error is null, $"{served.Error}\n{output}");
            Assert.Equal((isResumed, true), (served.Negotiated!.IsResumed, served.Negotiated.IsClientAuthenticated));
            Assert.Equal("CN=device p256", served.Client!.Certificate!.Subject);
        }
    }

    private static async Task ConnectTwiceAsync(string server, int port, ClientOptions options)
    {
        foreach (var isResumed in new[] { false, true, true })
        {
            await using var session = await Endpoints.ConnectAsync(port, options);
            Assert.Equal((server, isResumed), (server, session.Negotiated!.IsResumed));

            // openssl and gnutls echo lines and do not end with the client.
            if (server is not ("openssl" or "gnutls"))
            {
                Assert.Equal(Text, await Endpoints.ExchangeAsync(session, Text));
                continue;
            }

            await session.AsStream().WriteAsync("abc\n"u8.ToArray());
            Assert.Equal(server == "openssl" ? "cba\n" : "abc\n", await Endpoints.ReadAsync(session, 4));
        }
    }

    // Runs a client that connects twice, sends the text and waits for its echo.
    private async Task<string> RunAsync(string client, int port, params string[] more)
    {
        string[] common =
        [
            "connect", $"127.0.0.1:{port}", "--ca", folder.Authority, "--name", InteropFolder.ServerName, "--alpn", "bank/1", "--send", Text + "\n", "--times", "2",
        ];
        if (client == "openssl")
        {
            var state = Path.Combine(folder.Path, $"session-{port}.pem");
            var first = await RunLineAsync("openssl", port, "Verify return code", ["-sess_out", state, .. more]);
            return first + await RunLineAsync("openssl", port, "Reused, TLSv1.3", ["-sess_in", state, .. more]);
        }

        if (client == "gnutls")
            return await RunLineAsync("gnutls", port, "This is a resumed session", more);
        var (program, arguments) = client switch
        {
            "curl" => ("curl",
                (string[])["-sS", "--cacert", folder.Authority, "--max-time", "60", "--resolve", $"{InteropFolder.ServerName}:{port}:127.0.0.1",
                    $"https://{InteropFolder.ServerName}:{port}/page", $"https://{InteropFolder.ServerName}:{port}/page"]),
            "go" => (await folder.GoPeerAsync(), common),
            "java" => ("java", [.. await folder.JavaPeerAsync(), .. common]),
            "node" => ("node", [InteropFolder.Script("peer.js"), .. common]),
            _ => ("python3", [InteropFolder.Script("peer.py"), .. common]),
        };
        return (await Command.RunAsync(Path.IsPathRooted(program) ? program : Programs.Require(program), folder.Path, null, arguments)).Output;
    }

    // These two copy their input to the peer and received data to their output.
    private async Task<string> RunLineAsync(string client, int port, string ready, params string[] more)
    {
        string[] arguments = client == "openssl"
            ? ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", InteropFolder.ServerName, "-CAfile", folder.Authority, "-alpn", "bank/1", "-tls1_3", .. more]
            : ["-p", $"{port}", "--x509cafile", folder.Authority, "--sni-hostname", InteropFolder.ServerName, "--verify-hostname", InteropFolder.ServerName, "--alpn", "bank/1",
                "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+GROUP-ALL", "--resume", "--waitresumption", "127.0.0.1", .. more];
        await using var running = ExternalProgram.Start(Programs.Require(client == "openssl" ? "openssl" : "gnutls-cli"), folder.Path, arguments);
        try
        {
            await running.WaitForOutputAsync(ready);
            await running.WriteInputAsync(Text + "\n");

            // openssl writes the echo into the middle of a line while it describes a ticket.
            await running.WaitForOutputAsync(Text);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{client} did not write '{ready}' and the echo: {running.Output}");
        }

        running.CloseInput();
        await running.WaitForExitAsync();
        return running.Output;
    }
}
