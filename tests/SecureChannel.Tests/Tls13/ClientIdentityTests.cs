using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;
using CertificateRequest = SecureChannel.Tls13.CertificateRequest;

namespace SecureChannel.Tests.Tls13;

/// <summary>The identity of a client whose server requests a certificate: RFC 9846 sections 4.4.2, 4.5.1 and 4.5.1.2.</summary>
public sealed class ClientIdentityTests
{
    private static readonly CertificateRequestExtension Schemes = new CertificateRequestExtension.SignatureAlgorithms([SignatureScheme.EcdsaSecp256r1Sha256]);

    private static readonly string[] WithCertificate =
    [
        "ClientHello", "ServerHello", "EncryptedExtensions", "CertificateRequest", "Certificate", "CertificateVerify", "Finished",
        "Certificate", "CertificateVerify", "Finished",
    ];

    [Fact]
    public void Both_endpoints_prove_their_identities()
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.ClientWithIdentity, Tls13Ends.ServerOfClients).Start().Run();

        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
        Assert.Equal(WithCertificate, pair.Steps.Where(step => step.Role == Role.Client).Select(step => step.Message));
        Assert.Equal(Tls13Ends.ClientIdentity.Certificate.Thumbprint, pair.Server.Engine.PeerIdentity!.Certificate!.Thumbprint);
        Assert.Equal((true, true), (pair.Client.Engine.Negotiated!.IsClientAuthenticated, pair.Server.Engine.Negotiated!.IsClientAuthenticated));
        pair.Write(Role.Client, 1, 2);
        pair.Write(Role.Server, 3);
        pair.Run();
        Assert.Equal([1, 2], pair.Server.Received);
        Assert.Equal([3], pair.Client.Received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_handshake_completes_for_any_split_of_the_bytes(int chunk)
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.ClientWithIdentity, Tls13Ends.ServerOfClients).Start().Run(chunk);
        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
    }

    [Fact]
    public void Both_endpoints_export_the_same_key()
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.ClientWithIdentity, Tls13Ends.ServerOfClients).Start().Run();
        var (client, server) = (new byte[40], new byte[40]);
        pair.Client.Engine.ExportKeyingMaterial("test", [1], client);
        pair.Server.Engine.ExportKeyingMaterial("test", [1], server);
        Assert.Equal(client, server);
    }

    [Fact]
    public void A_client_sends_its_intermediate_certificates()
    {
        using var intermediate = Tls13Ends.Authority.IssueAuthority("Devices");
        using var identity = intermediate.IssueClient("device-8");
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { Identity = identity }, Tls13Ends.ServerOfClients).Start().Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Engine.End} {pair.Server.Engine.End}");
    }

    // RFC 9846 section 4.5.1: "The client MUST send a Certificate message if and only if the server has requested" it.
    [Fact]
    public void A_client_sends_no_certificate_without_a_request()
    {
        using var pair = Tls13Ends.CreatePair(Tls13Ends.ClientWithIdentity).Start().Run();
        Assert.True(pair.IsEstablished);
        Assert.DoesNotContain(pair.Steps, step => step is { Role: Role.Client, Sent: true, Message: "Certificate" });
        Assert.False(pair.Client.Engine.Negotiated!.IsClientAuthenticated);
    }

    // RFC 9846 section 4.5.1: without a suitable certificate, "the client MUST send a Certificate message containing no certificates".
    [Theory]
    [InlineData("no scheme in common")]
    [InlineData("another authority")]
    [InlineData("a selector that selects none")]
    [InlineData("a malformed name of an authority")]
    public void A_client_without_a_suitable_identity_sends_an_empty_certificate(string reason)
    {
        using var other = DevelopmentAuthority.Create("Other authority");
        using var none = IdentitySelector.Create((_, _) => new((IdentitySource?)null));
        CertificateRequestExtension[] request = reason switch
        {
            "no scheme in common" => [new CertificateRequestExtension.SignatureAlgorithms([SignatureScheme.RsaPssRsaeSha256, (SignatureScheme)0x0A0A])],
            "another authority" => [Schemes, Authorities(other.Certificate.SubjectName.RawData)],
            "a malformed name of an authority" => [Schemes, Authorities([0x30, 0x7F])],
            _ => [Schemes],
        };
        var sent = Answer(Tls13Ends.Client with { Identity = reason == "a selector that selects none" ? none : Tls13Ends.ClientIdentity }, request);

        Assert.Equal([11, 20], sent.Select(message => message[0]));
        Assert.Equal([11, 0, 0, 4, 0, 0, 0, 0], sent[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_presents_its_identity_if_one_of_the_authorities_issued_it(bool isIntermediate)
    {
        using var intermediate = Tls13Ends.Authority.IssueAuthority("Devices");
        using var identity = intermediate.IssueClient("device-8");
        var issuer = isIntermediate ? intermediate.Certificate : Tls13Ends.Authority.Certificate;
        var sent = Answer(Tls13Ends.Client with { Identity = identity }, Schemes, Authorities([0x30, 0], issuer.SubjectName.RawData));

        Assert.Equal([11, 15, 20], sent.Select(message => message[0]));
        Assert.True(WireSerializer.TryRead<Certificate>(sent[0].AsSpan(4), out var certificate, out _));
        Assert.Equal(identity.Chain.Select(der => der.ToArray()), certificate.Entries.Select(entry => entry.Data.ToArray()));
    }

    // RFC 9846 section 4.3.5: "the client MUST ignore and skip any unrecognized certificate extension OIDs". This client recognizes none.
    [Fact]
    public void Filters_of_object_identifiers_are_ignored()
    {
        var filters = new CertificateRequestExtension.OidFilters([new OidFilter(new byte[] { 6, 3, 85, 29, 37 }, new byte[] { 0x30, 0 })]);
        var sent = Answer(Tls13Ends.ClientWithIdentity, Schemes, filters);
        Assert.Equal([11, 15, 20], sent.Select(message => message[0]));
    }

    // RFC 9846 section 4.5.2: the algorithm "MUST be one of those present in the supported_signature_algorithms field" of the request.
    // RFC 9846 section 4.3.3: RSASSA-PKCS1-v1_5 is "not defined for use in signed TLS handshake messages".
    [Fact]
    public void A_client_signs_with_the_first_scheme_of_its_key_that_the_server_requested()
    {
        using var certificate = (TestCertificate.Tls() with { Key = TestCertificates.Rsa2048, Purposes = [CertificatePurposes.TlsClientOid] }).SelfSigned();
        using var signer = new RecordingSigner();
        using var identity = new CertificateIdentity(certificate, signer);
        var sent = Answer(Tls13Ends.Client with { Identity = identity }, new CertificateRequestExtension.SignatureAlgorithms(
            [SignatureScheme.RsaPkcs1Sha256, SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512]));

        Assert.Equal(SignatureScheme.RsaPssRsaeSha512, signer.Used);
        Assert.Equal([0x08, 0x06], sent.Single(message => message[0] == 15)[4..6]);
    }

    [Fact]
    public void A_selector_sees_the_request_of_the_server_and_the_offer_of_the_client()
    {
        IdentityRequest? seen = null;
        using var selector = IdentitySelector.Create(async (request, _) =>
        {
            seen = request;
            await Task.Yield();
            return Tls13Ends.ClientIdentity;
        });
        var name = new X500DistinguishedName("CN=Unknown authority");
        var sent = Answer(Tls13Ends.Client with { Identity = selector, ApplicationProtocols = ["bank/1"], RequireApplicationProtocol = false }, Schemes, Authorities(name.RawData));

        // The selector knows the authorities, so they do not limit its choice.
        Assert.Equal([11, 15, 20], sent.Select(message => message[0]));
        Assert.Equal(CertificatePurpose.TlsClient, seen!.Purpose);
        Assert.Equal([SignatureScheme.EcdsaSecp256r1Sha256], seen.SignatureSchemes);
        Assert.Equal(["CN=Unknown authority"], seen.Authorities.Select(authority => authority.Name));
        Assert.Equal(Tls13Ends.ServerName, seen.ClientHello!.ServerName);
        Assert.Equal(["bank/1"], seen.ClientHello.ApplicationProtocols!);
    }

    [Fact]
    public void A_selected_identity_that_cannot_authenticate_clients_fails_the_handshake()
    {
        using var selector = IdentitySelector.Create((_, _) => new(Tls13Ends.Identity));
        using var client = Connect(Tls13Ends.Client with { Identity = selector }, [Schemes], null);
        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError), (client.Error!.Kind, client.Error.Code, client.Error.Alert));
        Assert.Contains(CertificatePurposes.TlsClientOid, client.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_runs_only_after_the_server_has_proven_its_identity()
    {
        var isAsked = false;
        using var selector = IdentitySelector.Create((_, _) =>
        {
            isAsked = true;
            return new(Tls13Ends.ClientIdentity);
        });
        using var client = Connect(Tls13Ends.Client with { Identity = selector }, [Schemes], finished =>
        {
            finished[^1] ^= 1;
            return finished;
        });
        Assert.Equal(AlertDescription.DecryptError, client.Error!.Alert);
        Assert.False(isAsked);
    }

    [Fact]
    public void An_identity_that_cannot_authenticate_clients_is_refused_when_the_client_is_created()
    {
        var failure = Assert.Throws<ArgumentException>(() => SessionSecurity.Tls13.Handshake!.CreateClient(Tls13Ends.Client with { Identity = Tls13Ends.Identity }));
        Assert.Contains("The identity cannot be used for the handshake 'tls/1.3'.", failure.Message, StringComparison.Ordinal);
        Assert.IsType<CertificateException>(failure.InnerException);
    }

    // RFC 9846 section 4.7.2: a client that did not offer post_handshake_auth "MUST send an "unexpected_message" fatal alert".
    [Fact]
    public void A_request_after_the_handshake_is_an_unexpected_message()
    {
        using var client = Connect(Tls13Ends.ClientWithIdentity, null, null);
        client.Accept(HandshakeWire.Frame(new CertificateRequest(new byte[] { 1 }, [Schemes])));
        Assert.Equal((SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage), (client.Error!.Code, client.Error.Alert));
    }

    private static CertificateRequestExtension.CertificateAuthorities Authorities(params IEnumerable<byte[]> names) =>
        new([.. names.Select(name => new SecureChannel.Tls13.DistinguishedName(name))]);

    private static byte[][] Answer(ClientHandshakeParameters parameters, params CertificateRequestExtension[] request)
    {
        using var client = Connect(parameters, request, null);
        Assert.Null(client.Error);
        Assert.Equal("Connected", client.State);
        return [.. client.Sent];
    }

    private static MachineEnd Connect(ClientHandshakeParameters parameters, CertificateRequestExtension[]? request, Func<byte[], byte[]>? changeFinished)
    {
        var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(parameters)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        client.Accept(server.ServerHello());
        client.Accept(server.EncryptedExtensions());
        if (request is not null)
            client.Accept(server.CertificateRequest(default, request));
        client.Accept(server.Certificate());
        client.Accept(server.CertificateVerify());
        var finished = server.Finished();
        client.Accept(changeFinished?.Invoke(finished) ?? finished);
        return client;
    }

    private sealed class RecordingSigner : Signer
    {
        public SignatureScheme Used { get; private set; }

        public override ImmutableArray<SignatureScheme> Schemes { get; } =
            [SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha512, SignatureScheme.RsaPssRsaeSha384];

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            Used = scheme;
            return new(new byte[256]);
        }
    }
}
