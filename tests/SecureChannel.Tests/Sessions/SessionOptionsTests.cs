using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SessionOptionsTests
{
    [Fact]
    public void An_option_outside_its_range_is_refused_when_the_session_is_made()
    {
        var trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate);
        ClientOptions[] wrong =
        [
            new() { Trust = trust },
            new() { Trust = trust, ServerName = "" },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.Zero },
            new() { Trust = trust, ServerName = "a", IdleTimeout = TimeSpan.FromDays(25) },
            new() { Trust = trust, ServerName = "a", HandshakeTimeout = TimeSpan.FromSeconds(-1) },
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
    public async Task Both_ends_key_logs_tell_the_same_five_secrets_of_a_session()
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
    public async Task Suite_group_and_signature_are_the_best_that_the_options_of_both_ends_have()
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
    public async Task A_server_whose_key_signs_by_none_of_the_clients_schemes_fails_the_handshake_for_both()
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
        var (client, server) = (pair.Client.HandshakeAsync(TestContext.Current.CancellationToken), pair.Server.HandshakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.HandshakeFailure), Of(await Assert.ThrowsAsync<SessionException>(() => client)));
        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure), Of(await Assert.ThrowsAsync<SessionException>(() => server)));

        static (SessionErrorKind, AlertDescription) Of(SessionException exception) => (exception.Error.Kind, exception.Error.Alert);
    }
}
