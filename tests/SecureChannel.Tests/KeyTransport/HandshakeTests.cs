using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.KeyTransport;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public void Both_endpoints_establish_the_same_session_for_any_split_of_the_bytes(int chunk)
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run(chunk);

        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
        Assert.Equal("key-transport/1", pair.Client.Engine.Negotiated!.Handshake);
        Assert.Equal(CipherSuite.Aes128GcmSha256, pair.Client.Engine.Negotiated.CipherSuite);
        Assert.Equal(KeyTransportEnds.ServerName, pair.Client.Engine.PeerIdentity?.Name);
        Assert.Equal(KeyTransportEnds.Identity.Certificate.Thumbprint, pair.Client.Engine.PeerIdentity!.Certificate!.Thumbprint);
        Assert.Null(pair.Server.Engine.PeerIdentity);

        pair.Write(Role.Client, 1, 2, 3);
        pair.Write(Role.Server, 4, 5);
        pair.Run(chunk);
        Assert.Equal([1, 2, 3], pair.Server.Received);
        Assert.Equal([4, 5], pair.Client.Received);
    }

    [Fact]
    public void Each_endpoint_reports_its_transitions_in_order()
    {
        using var pair = KeyTransportEnds.CreatePair().Start().Run();

        string[] names = ["ClientRequest", "ServerCertificate", "ClientKey", "ClientFinished", "ServerAcknowledge"];
        string[] states = ["Requested", "Delivering", "Confirming", "Acknowledging", "Secured"];
        foreach (var role in Enum.GetValues<Role>())
        {
            var steps = pair.Steps.Where(step => step.Role == role).ToArray();
            Assert.Equal(names, steps.Select(step => step.Message));
            Assert.Equal(states, steps.Select(step => step.State));
            Assert.All(steps, step => Assert.Equal(step.Message.StartsWith(role.ToString(), StringComparison.Ordinal), step.Sent));
        }
    }

    [Fact]
    public void Both_endpoints_export_the_same_key_only_after_the_handshake()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Engine.ExportKeyingMaterial("test", [], new byte[16]));
        pair.Run();

        var (client, server, other) = (new byte[40], new byte[40], new byte[40]);
        pair.Client.Engine.ExportKeyingMaterial("test", [1], client);
        pair.Server.Engine.ExportKeyingMaterial("test", [1], server);
        pair.Server.Engine.ExportKeyingMaterial("test", [2], other);
        Assert.Equal(client, server);
        Assert.NotEqual(client, other);
    }

    [Fact]
    public void No_data_is_sent_before_the_handshake_is_complete()
    {
        using var pair = KeyTransportEnds.CreatePair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Client, 1));
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Server, 1));
        pair.Carry(Role.Client);
        pair.Carry(Role.Server);
        pair.Carry(Role.Client);

        // The server has accepted step 6 and is established. The client has not received step 7.
        Assert.True(pair.Server.IsEstablished);
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Client, 1));
    }

    [Fact]
    public void The_server_selects_the_first_suite_of_the_client_that_its_provider_supports()
    {
        using var pair = KeyTransportEnds.CreatePair(server: KeyTransportEnds.Server with { Cryptography = new LimitedProvider(AeadAlgorithm.Aes256Gcm) }).Start().Run();
        Assert.Equal(CipherSuite.Aes256GcmSha384, pair.Client.Engine.Negotiated!.CipherSuite);

        pair.Write(Role.Client, 1);
        pair.Run();
        Assert.Equal([1], pair.Server.Received);
    }

    [Fact]
    public void Endpoints_without_a_common_suite_fail_with_a_reason()
    {
        using var pair = KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { Cryptography = new LimitedProvider(AeadAlgorithm.Aes128Gcm) },
            KeyTransportEnds.Server with { Cryptography = new LimitedProvider(AeadAlgorithm.Aes256Gcm) }).Start().Run();

        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
        Assert.Contains("TLS_AES_128_GCM_SHA256", pair.Server.Error.Message, StringComparison.Ordinal);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.HandshakeFailure), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Theory]
    [InlineData("a,b", "b,a", "b")]
    [InlineData("a", "", null)]
    [InlineData("", "a", null)]
    [InlineData("", "", null)]
    public void The_server_selects_the_application_protocol(string client, string server, string? agreed)
    {
        using var pair = KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { ApplicationProtocols = [.. client.Split(',', StringSplitOptions.RemoveEmptyEntries)], RequireApplicationProtocol = false },
            KeyTransportEnds.Server with { ApplicationProtocols = [.. server.Split(',', StringSplitOptions.RemoveEmptyEntries)], RequireApplicationProtocol = false }).Start().Run();

        Assert.True(pair.IsEstablished);
        Assert.Equal(agreed, pair.Client.Engine.Negotiated!.ApplicationProtocol);
        Assert.Equal(agreed, pair.Server.Engine.Negotiated!.ApplicationProtocol);
    }

    [Fact]
    public void Endpoints_without_a_common_application_protocol_fail_and_the_error_names_both_lists()
    {
        using var pair = KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { ApplicationProtocols = ["bank/1", "evil\nline"] },
            KeyTransportEnds.Server with { ApplicationProtocols = ["chat/1"] }).Start().Run();

        Assert.Equal(AlertDescription.NoApplicationProtocol, pair.Server.Error!.Alert);
        Assert.Contains("'bank/1', 'evil\\u{A}line'", pair.Server.Error.Message, StringComparison.Ordinal);
        Assert.Contains("chat/1", pair.Server.Error.Message, StringComparison.Ordinal);
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.NoApplicationProtocol), (pair.Client.Error!.Kind, pair.Client.Error.Alert));
    }

    [Theory]
    [InlineData(30, 20, 20)]
    [InlineData(20, 30, 20)]
    [InlineData(20, null, 20)]
    [InlineData(null, 20, 20)]
    [InlineData(null, null, null)]
    public void The_idle_timeout_is_the_smaller_of_the_two_values(int? proposed, int? longest, int? agreed)
    {
        using var pair = KeyTransportEnds.CreatePair(
            KeyTransportEnds.Client with { Session = new() { IdleTimeout = Seconds(proposed) } },
            KeyTransportEnds.Server with { Session = new() { IdleTimeout = Seconds(longest) } }).Start().Run();

        Assert.Equal(Seconds(agreed), pair.Client.Engine.Negotiated!.IdleTimeout);
        Assert.Equal(Seconds(agreed), pair.Server.Engine.Negotiated!.IdleTimeout);
    }

    [Fact]
    public void A_server_with_another_name_or_an_unknown_authority_is_rejected_before_the_key_is_sent()
    {
        using var unknown = DevelopmentAuthority.Create("Another");
        using var wrongName = KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { ServerName = "other.example" }).Start().Run();
        using var wrongAuthority = KeyTransportEnds.CreatePair(KeyTransportEnds.Client with { Trust = TrustPolicy.FromAuthorities(unknown.Certificate) }).Start().Run();

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.CertificateUnknown), (wrongName.Client.Error!.Kind, wrongName.Client.Error.Alert));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (wrongAuthority.Client.Error!.Kind, wrongAuthority.Client.Error.Alert));
        Assert.All([wrongName, wrongAuthority], pair => Assert.DoesNotContain(pair.Steps, step => step.Message == "ClientKey"));
    }

    [Fact]
    public void An_identity_for_tls_is_rejected()
    {
        using var identity = KeyTransportEnds.Authority.IssueServer(KeyTransportEnds.ServerName, CertificatePurpose.TlsServer);
        Assert.Throws<ArgumentException>(() => KeyTransportEnds.CreatePair(server: new() { Identity = identity }));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
