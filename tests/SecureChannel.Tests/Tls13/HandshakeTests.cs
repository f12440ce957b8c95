using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Tls13;

public sealed class HandshakeTests
{
    private static readonly string[] FullHandshake =
        ["ClientHello", "ServerHello", "EncryptedExtensions", "Certificate", "CertificateVerify", "Finished", "Finished"];

    public static TheoryData<CipherSuite, NamedGroup> Combinations => new MatrixTheoryData<CipherSuite, NamedGroup>(
        CryptographyProvider.Platform.CipherSuites, CryptographyProvider.Platform.Groups);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Both_endpoints_establish_the_same_session_with_every_suite_and_group(CipherSuite suite, NamedGroup group)
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { CipherSuites = [suite], Groups = [group] }).Start().Run();

        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
        Assert.Equal("tls/1.3", pair.Client.Engine.Negotiated!.Handshake);
        Assert.Equal(suite, pair.Client.Engine.Negotiated.CipherSuite);
        Assert.Equal(suite, pair.Server.Engine.Negotiated!.CipherSuite);
        Assert.Equal(Tls13Ends.ServerName, pair.Client.Engine.PeerIdentity?.Name);
        Assert.Equal(Tls13Ends.Identity.Certificate.Thumbprint, pair.Client.Engine.PeerIdentity!.Certificate!.Thumbprint);
        Assert.Equal(FullHandshake, Messages(pair, Role.Client));
        Exchange(pair);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_handshake_completes_for_any_split_of_the_bytes(int chunk)
    {
        using var pair = Tls13Ends.CreatePair().Start().Run(chunk);
        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
        Exchange(pair);
    }

    [Fact]
    public void A_client_with_a_key_share_of_another_group_gets_a_hello_retry_request()
    {
        using var pair = Tls13Ends.CreatePair(
            Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] }, Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }).Start().Run();

        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
        string[] expected = ["ClientHello", "HelloRetryRequest", .. FullHandshake];
        Assert.Equal(expected, Messages(pair, Role.Client));
        Assert.Equal(expected, Messages(pair, Role.Server));
        Exchange(pair);
    }

    [Fact]
    public void No_data_is_sent_before_the_handshake_is_complete()
    {
        using var pair = Tls13Ends.CreatePair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Client, 1));
        pair.Carry(Role.Client);
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Server, 1));
        pair.Carry(Role.Server);

        // The client is established. The server has not received its Finished.
        Assert.True(pair.Client.IsEstablished);
        Assert.Throws<InvalidOperationException>(() => pair.Write(Role.Server, 1));
    }

    [Fact]
    public void Both_endpoints_export_the_same_key()
    {
        using var pair = Tls13Ends.CreatePair().Start().Run();
        var (client, server) = (new byte[40], new byte[40]);
        pair.Client.Engine.ExportKeyingMaterial("test", [1], client);
        pair.Server.Engine.ExportKeyingMaterial("test", [1], server);
        Assert.Equal(client, server);
    }

    [Fact]
    public void Endpoints_without_a_common_group_or_suite_fail_with_handshake_failure()
    {
        using var groups = Tls13Ends.CreatePair(Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1] }, Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] }).Start().Run();
        using var suites = Tls13Ends.CreatePair(
            Tls13Ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256] }, Tls13Ends.Server with { CipherSuites = [CipherSuite.Aes256GcmSha384] }).Start().Run();

        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure), (groups.Server.Error!.Kind, groups.Server.Error.Alert));
        Assert.Contains("secp256r1", groups.Server.Error.Message, StringComparison.Ordinal);
        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure), (suites.Server.Error!.Kind, suites.Server.Error.Alert));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.HandshakeFailure), (suites.Client.Error!.Kind, suites.Client.Error.Alert));
    }

    [Theory]
    [InlineData("a,b", "b,a", "b")]
    [InlineData("a", "", null)]
    [InlineData("", "a", null)]
    public void The_server_selects_the_application_protocol(string client, string server, string? agreed)
    {
        using var pair = Tls13Ends.CreatePair(
            Tls13Ends.Client with { ApplicationProtocols = [.. client.Split(',', StringSplitOptions.RemoveEmptyEntries)], RequireApplicationProtocol = false },
            Tls13Ends.Server with { ApplicationProtocols = [.. server.Split(',', StringSplitOptions.RemoveEmptyEntries)], RequireApplicationProtocol = false }).Start().Run();

        Assert.True(pair.IsEstablished);
        Assert.Equal(agreed, pair.Client.Engine.Negotiated!.ApplicationProtocol);
        Assert.Equal(agreed, pair.Server.Engine.Negotiated!.ApplicationProtocol);
    }

    [Fact]
    public void Endpoints_without_a_common_application_protocol_fail_with_no_application_protocol()
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { ApplicationProtocols = ["bank/1"] }, Tls13Ends.Server with { ApplicationProtocols = ["chat/1"] }).Start().Run();
        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.NoApplicationProtocol), (pair.Server.Error!.Kind, pair.Server.Error.Alert));
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
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { Session = new() { IdleTimeout = Seconds(proposed) } }, Tls13Ends.Server with { Session = new() { IdleTimeout = Seconds(longest) } }).Start().Run();
        Assert.Equal(Seconds(agreed), pair.Client.Engine.Negotiated!.IdleTimeout);
        Assert.Equal(Seconds(agreed), pair.Server.Engine.Negotiated!.IdleTimeout);
    }

    [Fact]
    public void A_server_with_another_name_or_an_unknown_authority_is_rejected()
    {
        using var unknown = DevelopmentAuthority.Create("Another");
        using var wrongName = Tls13Ends.CreatePair(Tls13Ends.Client with { ServerName = "other.example" }).Start().Run();
        using var wrongAuthority = Tls13Ends.CreatePair(Tls13Ends.Client with { Trust = TrustPolicy.FromAuthorities(unknown.Certificate) }).Start().Run();

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.CertificateUnknown), (wrongName.Client.Error!.Kind, wrongName.Client.Error.Alert));
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (wrongAuthority.Client.Error!.Kind, wrongAuthority.Client.Error.Alert));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.UnknownCa), (wrongAuthority.Server.Error!.Kind, wrongAuthority.Server.Error.Alert));
    }

    [Fact]
    public void An_identity_for_key_transport_is_rejected() =>
        Assert.Throws<ArgumentException>(() => Tls13Ends.CreatePair(server: new() { Identity = KeyTransportEnds.Identity }));

    [Fact]
    public void Unsupported_parameters_throw_when_the_handshake_is_created()
    {
        Assert.Throws<ArgumentException>(() => Tls13Ends.CreatePair(Tls13Ends.Client with { Groups = [(NamedGroup)0x0100] }));
        Assert.Throws<ArgumentException>(() => Tls13Ends.CreatePair(server: Tls13Ends.Server with { CipherSuites = [(CipherSuite)0x1304] }));
    }

    private static string[] Messages(EnginePair pair, Role role) => [.. pair.Steps.Where(step => step.Role == role).Select(step => step.Message)];

    private static void Exchange(EnginePair pair)
    {
        pair.Write(Role.Client, 1, 2, 3);
        pair.Write(Role.Server, 4, 5);
        pair.Run();
        Assert.Equal([1, 2, 3], pair.Server.Received);
        Assert.Equal([4, 5], pair.Client.Received);
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
