using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SessionOptionsTests
{
    [Fact]
    public void An_invalid_option_throws_when_the_session_is_created()
    {
        var trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate);
        ClientOptions[] wrong =
        [
            new() { Trust = trust },
            new() { Trust = trust, ServerName = "" },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.Zero },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.FromDays(25) },
            new() { Trust = trust, ServerName = "a", HandshakeTimeout = TimeSpan.FromSeconds(-1) },
            new() { Trust = trust, ServerName = "a", ConnectTimeout = TimeSpan.Zero },
            new() { Trust = trust, ServerName = "a", MaxMessageSize = 0 },
            new() { Trust = trust, ServerName = "a", ApplicationProtocols = [""] },
            new() { Trust = trust, ServerName = "a", CipherSuites = [(CipherSuite)0x1304] },
            new() { Trust = trust, ServerName = "a", Groups = [NamedGroup.X25519] },
            new() { Trust = trust, ServerName = "a", SignatureSchemes = [SignatureScheme.RsaPkcs1Sha256] },
            new() { Trust = trust, ServerName = "a", ApplicationProtocols = [new string('a', 256)] },
        ];
        foreach (var options in wrong)
            Assert.ThrowsAny<ArgumentException>(() => SecureSession.Create(Stream.Null, options));
    }

    [Fact]
    public void An_invalid_limit_of_a_listener_throws_and_names_the_option()
    {
        var valid = SessionPair.ServerOptions(SessionSecurity.Tls13.Name);
        foreach (var (option, options) in ((string, ServerOptions)[])
            [
                (nameof(ServerOptions.MaxSessions), valid with { MaxSessions = 0 }),
                (nameof(ServerOptions.MaxPendingHandshakes), valid with { MaxPendingHandshakes = 0 }),
                (nameof(ServerOptions.MaxHandshakesPerAddress), valid with { MaxHandshakesPerAddress = 0 }),
                (nameof(ServerOptions.DrainTimeout), valid with { DrainTimeout = TimeSpan.Zero }),
                (nameof(ServerOptions.FirstByteTimeout), valid with { FirstByteTimeout = TimeSpan.Zero }),
            ])
            Assert.Equal(option, Assert.Throws<ArgumentOutOfRangeException>(() => SecureListener.Start(0, options)).ParamName);
    }

    [Fact]
    public void Options_are_equal_only_if_they_are_the_same_instance()
    {
        var trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate);
        var client = new ClientOptions { Trust = trust };
        var server = new ServerOptions { Identity = SessionPair.IdentityFor(SessionSecurity.Tls13) };

        Assert.NotEqual(client, client with { });
        Assert.NotEqual(server, server with { });
        Assert.NotEqual<SecureSessionOptions>(client, client with { });
        Assert.Equal(client, client);
        Assert.Equal(server, server);
        Assert.NotEqual(client.GetHashCode(), (client with { }).GetHashCode());
    }

    [Fact]
    public void A_copy_of_options_has_every_other_value()
    {
        var trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate);
        var client = new ClientOptions { Trust = trust, ServerName = "a", Groups = [NamedGroup.Secp384r1] };

        var copy = client with { ServerName = "b", MaxMessageSize = 5 };

        Assert.Equal(("b", 5), (copy.ServerName, copy.MaxMessageSize));
        Assert.Same(client.Trust, copy.Trust);
        Assert.Equal([NamedGroup.Secp384r1], copy.Groups);
        Assert.Equal(("a", 1 << 20), (client.ServerName, client.MaxMessageSize));
    }

    [Fact]
    public void Lists_are_copied_when_they_are_set()
    {
        List<string> protocols = ["bank/1"];
        List<CipherSuite> suites = [CipherSuite.Aes128GcmSha256];
        List<NamedGroup> groups = [NamedGroup.Secp256r1];
        List<SignatureScheme> schemes = [SignatureScheme.EcdsaSecp256r1Sha256];
        var options = new ClientOptions
        {
            Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
            ApplicationProtocols = protocols,
            CipherSuites = suites,
            Groups = groups,
            SignatureSchemes = schemes,
        };

        protocols.Clear();
        suites.Clear();
        groups.Clear();
        schemes.Clear();

        Assert.Equal(["bank/1"], options.ApplicationProtocols);
        Assert.Equal([CipherSuite.Aes128GcmSha256], options.CipherSuites);
        Assert.Equal([NamedGroup.Secp256r1], options.Groups);
        Assert.Equal([SignatureScheme.EcdsaSecp256r1Sha256], options.SignatureSchemes);
        Assert.IsNotType<List<string>>(options.ApplicationProtocols);
    }

    [Fact]
    public void ToString_prints_no_values()
    {
        Assert.Equal("ClientOptions",
            new ClientOptions { Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate), ServerName = "secret" }.ToString());
        Assert.Equal("ServerOptions", new ServerOptions { Identity = SessionPair.IdentityFor(SessionSecurity.Tls13) }.ToString());
    }

    [Fact]
    public async Task The_key_logs_of_both_endpoints_contain_the_same_five_secrets()
    {
        List<string> client = [], server = [];
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream,
            new() { Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate), ServerName = SessionPair.ServerName, KeyLog = client.Add },
            new() { Identity = SessionPair.IdentityFor(SessionSecurity.Tls13), KeyLog = server.Add });

        // RFC 9850 section 2: the label, the client's random value and the secret, in hexadecimal.
        Assert.Equal(client.Order(StringComparer.Ordinal), server.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "EXPORTER_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"],
            client.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(client, line => Assert.Matches("^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$", line));
        Assert.Single(client.Select(line => line.Split(' ')[1]).Distinct());
        Assert.Equal(5, client.Select(line => line.Split(' ')[2]).Distinct().Count());
    }

    [Fact]
    public async Task Negotiation_selects_the_best_common_suite_group_and_signature_scheme()
    {
        using var identity = SessionPair.Authority.IssueServer(SessionPair.ServerName, CertificatePurpose.TlsServer);
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream,
            new()
            {
                Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
                ServerName = SessionPair.ServerName,
                CipherSuites = [CipherSuite.ChaCha20Poly1305Sha256, CipherSuite.Aes256GcmSha384],
                Groups = [NamedGroup.Secp384r1, NamedGroup.Secp256r1],
                SignatureSchemes = [SignatureScheme.RsaPssRsaeSha256, SignatureScheme.EcdsaSecp256r1Sha256],
            },
            new() { Identity = identity, CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384] });
        Assert.All([pair.Client.Negotiated!, pair.Server.Negotiated!], negotiated =>
            Assert.Equal((CipherSuite.Aes256GcmSha384, NamedGroup.Secp384r1, SignatureScheme.EcdsaSecp256r1Sha256), (negotiated.CipherSuite, negotiated.Group, negotiated.SignatureScheme)));
    }

    [Fact]
    public async Task A_server_without_a_common_signature_scheme_fails_the_handshake_at_both_endpoints()
    {
        await using var pair = await SessionPair.CreateAsync(
            TransportKind.Stream,
            new()
            {
                Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
                ServerName = SessionPair.ServerName,
                SignatureSchemes = [SignatureScheme.RsaPssRsaeSha256],
            },
            new() { Identity = SessionPair.IdentityFor(SessionSecurity.Tls13) });
        var (client, server) = (pair.Client.HandshakeAsync(TestContext.Current.CancellationToken),
            pair.Server.HandshakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.HandshakeFailure), Of(await Assert.ThrowsAsync<SessionException>(() => client)));
        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure), Of(await Assert.ThrowsAsync<SessionException>(() => server)));

        static (SessionErrorKind, AlertDescription) Of(SessionException exception) => (exception.Error.Kind, exception.Error.Alert);
    }
}
