using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>The client of this library with the servers of other implementations.</summary>
public sealed class ClientInteropTests(InteropFolder folder, PeerServers servers) : IClassFixture<PeerServers>
{
    private static readonly string[] Retry = ["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"];

    [Theory]
    [MemberData(nameof(PeerServers.Names), MemberType = typeof(PeerServers))]
    public async Task Client_exchanges_data_with_every_server_and_every_suite_and_group(string server)
    {
        var port = await servers.PortOfAsync(server);
        foreach (var (suite, group) in Endpoints.Combinations)
        {
            await using var session = await Endpoints.ConnectAsync(port, Endpoints.Client(folder, [suite], [group]));
            Assert.Equal(((CipherSuite?)suite, (NamedGroup?)group), (session.Negotiated!.CipherSuite, session.Negotiated.Group));
            await AssertEchoAsync(session, server, $"{suite.Name} {group.Name}");
        }
    }

    [Theory]
    [InlineData("java")]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Data_is_transferred_in_both_directions_at_once(string server)
    {
        await using var session = await Endpoints.ConnectAsync(await servers.PortOfAsync(server), Endpoints.Client(folder));
        var (sent, received) = (new byte[300_000], new MemoryStream());
        new Random(20261125).NextBytes(sent);
        var reading = session.AsStream().CopyToAsync(received);
        await session.AsStream().WriteAsync(sent);
        await session.CompleteWritesAsync();
        await reading.WaitAsync(Endpoints.Timeout);
        Assert.Equal(sent, received.ToArray());
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), session.End);
    }

    [Theory]
    [MemberData(nameof(PeerServers.Names), MemberType = typeof(PeerServers))]
    public async Task Client_negotiates_the_application_protocol(string server)
    {
        await using var session = await Endpoints.ConnectAsync(await servers.PortOfAsync(server), Endpoints.Client(folder, protocols: ["bank/1"]));
        Assert.Equal("bank/1", session.ApplicationProtocol);
        await AssertEchoAsync(session, server, "with a protocol");
    }

    [Theory]
    [InlineData("openssl", "-groups", "P-384")]
    [InlineData("gnutls", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP384R1")]
    [InlineData("java", "--groups", "secp384r1")]
    [InlineData("node", "--groups", "secp384r1")]
    [InlineData("python", "--groups", "secp384r1")]
    public async Task Client_answers_a_HelloRetryRequest(string server, params string[] more)
    {
        var messages = new List<string>();
        var options = Endpoints.Client(folder, groups: [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1], observer: progress => messages.Add(progress.Message));
        await using var session = await Endpoints.ConnectAsync(await servers.PortOfAsync(server, "p256", more), options);
        Assert.Equal(Retry, messages.Take(4));
        await AssertEchoAsync(session, server, "after a retry");
    }

    [Theory]
    [MemberData(nameof(PeerServers.Names), MemberType = typeof(PeerServers))]
    public async Task Client_accepts_a_certificate_with_every_kind_of_key_from_every_server(string server)
    {
        foreach (var kind in InteropFolder.KindsOfKeys)
        {
            await using var session = await Endpoints.ConnectAsync(await servers.PortOfAsync(server, kind), Endpoints.Client(folder));
            Assert.Equal(InteropFolder.ServerName, session.PeerIdentity?.Name);
            await AssertEchoAsync(session, server, kind);
        }
    }

    [Fact]
    public async Task Server_with_a_certificate_of_another_authority_is_refused()
    {
        using var other = DevelopmentAuthority.Create("Another");
        var port = await servers.PortOfAsync("python");
        var failure = await Assert.ThrowsAsync<SessionException>(() => Endpoints.ConnectAsync(port, Endpoints.Client(folder, trust: TrustPolicy.FromAuthorities(other.Certificate))));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (failure.Error.Kind, failure.Error.Alert));
    }

    [Fact]
    public async Task Client_updates_its_keys_when_openssl_requests_it_and_data_continues_in_both_directions()
    {
        var openssl = Programs.Require("openssl");
        await using var server = ExternalProgram.Start(openssl, folder.Path,
            ["s_server", "-accept", "127.0.0.1:0", "-cert", folder.CertificateOf("p256"), "-key", folder.KeyOf("p256"), "-tls1_3", "-msg"]);
        var port = int.Parse((await server.WaitForOutputAsync(@"^ACCEPT .*:(\d+)")).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        await using var session = await Endpoints.ConnectAsync(port, Endpoints.Client(folder));
        foreach (var (index, command) in new[] { "K", "k", "K" }.Index())
        {
            // "K" updates openssl's keys and requests an update of the client's; "k" updates only openssl's.
            await server.WriteInputAsync(command + "\n");
            await server.WaitForOutputAsync($@"(>>> TLS 1.3, Handshake \[length 0005\], KeyUpdate[\s\S]*){{{index + 1}}}");
            await server.WriteInputAsync($"from openssl after {command}\n");
            Assert.Equal($"from openssl after {command}\n", await Endpoints.ReadAsync(session, $"from openssl after {command}\n".Length));
            await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"to openssl after {command}\n"));
            await session.AsStream().FlushAsync();
            await server.WaitForOutputAsync($@"(to openssl after .[\s\S]*){{{index + 1}}}");
        }

        Assert.Equal(2, server.Output.Split("<<< TLS 1.3, Handshake [length 0005], KeyUpdate").Length - 1);
    }

    // A JDK requests an update with each record after its limit, including the last one of the session, until the update arrives.
    [Fact]
    public async Task Client_updates_its_keys_when_java_requests_it_and_data_continues_in_both_directions()
    {
        var messages = new List<string>();
        var options = Endpoints.Client(folder, observer: progress => messages.Add($"{progress.Message} {(progress.Sent ? "sent" : "received")}"));
        await using var session = await Endpoints.ConnectAsync(await servers.PortOfAsync("java", "p256", "--key-limit", "50000"), options);
        for (var part = 0; part < 3; part++)
        {
            var text = new string((char)('a' + part), 100_000);
            await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
            Assert.Equal(text, await Endpoints.ReadAsync(session, text.Length));
        }

        Assert.Equal("", await Endpoints.ExchangeAsync(session, ""));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), session.End);
        Assert.True(messages.Count(message => message == "KeyUpdate received") >= 3, string.Join(", ", messages));
        Assert.Equal(3, messages.Count(message => message == "KeyUpdate sent"));
    }

    private static async Task AssertEchoAsync(SecureSession session, string server, string text)
    {
        var line = $"hello from the client, {text}\n";
        var expected = server == "openssl" ? new string([.. line.TrimEnd().Reverse()]) + "\n" : line;

        // gnutls-serv does not answer a client that has half-closed the connection.
        var closes = server is not ("openssl" or "gnutls");
        if (closes)
        {
            Assert.Equal(expected, await Endpoints.ExchangeAsync(session, line));
            Assert.Null(session.End?.Error);
            return;
        }

        await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(line));
        await session.AsStream().FlushAsync();
        Assert.Equal(expected, await Endpoints.ReadAsync(session, expected.Length));
    }
}
