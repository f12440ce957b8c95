using SecureChannel.Cryptography;

namespace SecureChannel.Interop.Tests;

/// <summary>Our client with the other implementations' servers.</summary>
public sealed class OurClientTests(InteropFolder folder, TheirServers servers) : IClassFixture<TheirServers>
{
    private static readonly string[] Retry = ["ClientHello", "HelloRetryRequest", "ClientHello", "ServerHello"];

    [Theory]
    [MemberData(nameof(TheirServers.Names), MemberType = typeof(TheirServers))]
    public async Task It_exchanges_data_with_every_server_by_every_suite_and_group(string server)
    {
        var port = await servers.PortOfAsync(server);
        foreach (var (suite, group) in OurEnds.Combinations)
        {
            await using var session = await OurEnds.ConnectAsync(port, OurEnds.Client(folder, [suite], [group]));
            Assert.Equal((suite.Name, (NamedGroup?)group), (session.Negotiated!.CipherSuite, session.Negotiated.Group));
            await AssertEchoAsync(session, server, $"{suite.Name} {group.Name}");
        }
    }

    [Theory]
    [InlineData("java")]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Much_data_goes_both_ways_at_once(string server)
    {
        await using var session = await OurEnds.ConnectAsync(await servers.PortOfAsync(server), OurEnds.Client(folder));
        var (sent, received) = (new byte[300_000], new MemoryStream());
        new Random(20261125).NextBytes(sent);
        var reading = session.AsStream().CopyToAsync(received);
        await session.AsStream().WriteAsync(sent);
        await session.CompleteWritesAsync();
        await reading.WaitAsync(OurEnds.Patience);
        Assert.Equal(sent, received.ToArray());
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), session.End);
    }

    [Theory]
    [MemberData(nameof(TheirServers.Names), MemberType = typeof(TheirServers))]
    public async Task It_settles_on_the_application_protocol(string server)
    {
        await using var session = await OurEnds.ConnectAsync(await servers.PortOfAsync(server), OurEnds.Client(folder, protocols: ["bank/1"]));
        Assert.Equal("bank/1", session.ApplicationProtocol);
        await AssertEchoAsync(session, server, "with a protocol");
    }

    [Theory]
    [InlineData("openssl", "-groups", "P-384")]
    [InlineData("gnutls", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP384R1")]
    [InlineData("java", "--groups", "secp384r1")]
    [InlineData("node", "--groups", "secp384r1")]
    [InlineData("python", "--groups", "secp384r1")]
    public async Task It_follows_a_HelloRetryRequest(string server, params string[] more)
    {
        var messages = new List<string>();
        var options = OurEnds.Client(folder, groups: [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1], observer: step => messages.Add(step.Message));
        await using var session = await OurEnds.ConnectAsync(await servers.PortOfAsync(server, "p256", more), options);
        Assert.Equal(Retry, messages.Take(4));
        await AssertEchoAsync(session, server, "after a retry");
    }

    [Theory]
    [MemberData(nameof(TheirServers.Names), MemberType = typeof(TheirServers))]
    public async Task It_accepts_a_certificate_with_every_kind_of_key_of_every_server(string server)
    {
        foreach (var kind in InteropFolder.KindsOfKeys)
        {
            await using var session = await OurEnds.ConnectAsync(await servers.PortOfAsync(server, kind), OurEnds.Client(folder));
            Assert.Equal(InteropFolder.ServerName, session.Negotiated!.PeerName);
            await AssertEchoAsync(session, server, kind);
        }
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused_and_hears_why()
    {
        using var other = DevelopmentAuthority.Create("Another");
        var port = await servers.PortOfAsync("python");
        var failure = await Assert.ThrowsAsync<SessionException>(() => OurEnds.ConnectAsync(port, OurEnds.Client(folder, trust: TrustPolicy.FromAuthorities(other.Certificate))));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (failure.Error.Kind, failure.Error.Alert));
    }

    [Fact]
    public async Task Keys_are_renewed_when_openssl_says_so_and_data_goes_on_both_ways()
    {
        var openssl = Programs.Require("openssl");
        await using var server = ExternalProgram.Start(openssl, folder.Path,
            ["s_server", "-accept", "127.0.0.1:0", "-cert", folder.CertificateOf("p256"), "-key", folder.KeyOf("p256"), "-tls1_3", "-msg"]);
        var port = int.Parse((await server.HearAsync(@"^ACCEPT .*:(\d+)")).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        await using var session = await OurEnds.ConnectAsync(port, OurEnds.Client(folder));
        foreach (var (index, command) in new[] { "K", "k", "K" }.Index())
        {
            // "K" renews openssl's keys and asks for ours, "k" renews its own alone.
            await server.SayAsync(command + "\n");
            await server.HearAsync($@"(>>> TLS 1.3, Handshake \[length 0005\], KeyUpdate[\s\S]*){{{index + 1}}}");
            await server.SayAsync($"from openssl after {command}\n");
            Assert.Equal($"from openssl after {command}\n", await OurEnds.ReadAsync(session, $"from openssl after {command}\n".Length));
            await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"to openssl after {command}\n"));
            await session.AsStream().FlushAsync();
            await server.HearAsync($@"(to openssl after .[\s\S]*){{{index + 1}}}");
        }

        Assert.Equal(2, server.Output.Split("<<< TLS 1.3, Handshake [length 0005], KeyUpdate").Length - 1);
    }

    // A JDK asks for new keys with each record that comes after its limit, the one that ends the session too, unless it has got them by then.
    [Fact]
    public async Task Keys_are_renewed_when_java_says_so_and_data_goes_on_both_ways_to_the_end()
    {
        var messages = new List<string>();
        var options = OurEnds.Client(folder, observer: step => messages.Add($"{step.Message} {(step.Sent ? "sent" : "received")}"));
        await using var session = await OurEnds.ConnectAsync(await servers.PortOfAsync("java", "p256", "--key-limit", "50000"), options);
        for (var part = 0; part < 3; part++)
        {
            var text = new string((char)('a' + part), 100_000);
            await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
            Assert.Equal(text, await OurEnds.ReadAsync(session, text.Length));
        }

        Assert.Equal("", await OurEnds.ExchangeAsync(session, ""));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), session.End);
        Assert.True(messages.Count(message => message == "KeyUpdate received") >= 3, string.Join(", ", messages));
        Assert.Equal(3, messages.Count(message => message == "KeyUpdate sent"));
    }

    private static async Task AssertEchoAsync(SecureSession session, string server, string text)
    {
        var line = $"hello from us, {text}\n";
        var expected = server == "openssl" ? new string([.. line.TrimEnd().Reverse()]) + "\n" : line;

        // gnutls-serv answers a half-closed client with silence.
        var closes = server is not ("openssl" or "gnutls");
        if (closes)
        {
            Assert.Equal(expected, await OurEnds.ExchangeAsync(session, line));
            Assert.Null(session.End?.Error);
            return;
        }

        await session.AsStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(line));
        await session.AsStream().FlushAsync();
        Assert.Equal(expected, await OurEnds.ReadAsync(session, expected.Length));
    }
}
