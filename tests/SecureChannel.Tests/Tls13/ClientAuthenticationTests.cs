using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Clients with and without a certificate at a server that requests one: RFC 9846 sections 4.4.2 and 4.5.</summary>
public sealed class ClientAuthenticationTests
{
    private static readonly byte[] Context = [1];

    private static readonly Dictionary<string, (SessionErrorCode Code, AlertDescription Alert, Func<ScriptedClient, byte[][]> Messages)> Cases = new()
    {
        // RFC 9846 section 4.5.1: "the value of certificate_request_context in that message"
        ["a certificate with a context"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
            client => [client.Certificate(Context, [new CertificateEntry(client.Identity.Chain[0], [])])]),
        ["an empty certificate with a context"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter, client => [client.Certificate(Context, [])]),

        // RFC 9846 section 4.5.1: extensions "MUST correspond to extensions in the CertificateRequest message"
        ["a status that was not requested"] = (SessionErrorCode.IllegalParameter, AlertDescription.UnsupportedExtension,
            client => [client.Certificate(new CertificateExtension.Status(new OcspResponse(new byte[1])))]),
        ["an unknown extension"] = (SessionErrorCode.IllegalParameter, AlertDescription.UnsupportedExtension,
            client => [client.Certificate(new CertificateExtension.Other((ExtensionType)0x0A0A, default))]),
        ["an extension that is not allowed in a certificate"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
            client => [client.Certificate(new CertificateExtension.Other(ExtensionType.KeyShare, default))]),
        ["an extension twice"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
            client => [client.Certificate(new CertificateExtension.Other((ExtensionType)0x0A0A, default), new CertificateExtension.Other((ExtensionType)0x0A0A, default))]),

        // RFC 9846 section 6.2: "bad_certificate: A certificate was corrupt"
        ["a certificate that is not DER"] = (SessionErrorCode.CertificateRejected, AlertDescription.BadCertificate,
            client => [client.Certificate(default, [new CertificateEntry(new byte[100], [])])]),
        ["a malformed message"] = (SessionErrorCode.Malformed, AlertDescription.DecodeError, _ => [[11, 0, 0, 2, 0, 0]]),

        // RFC 9846 section 4.5.2: "MUST be one of those present in the supported_signature_algorithms field" of the request
        ["a signature with a scheme that was not requested"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
            client => [client.Certificate(), client.CertificateVerify(claimed: SignatureScheme.RsaPkcs1Sha256)]),
        ["a signature with a scheme of another key"] = (SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter,
            client => [client.Certificate(), client.CertificateVerify(claimed: SignatureScheme.RsaPssRsaeSha256)]),

        // RFC 9846 section 4.5.2: "If the verification fails, the receiver MUST terminate the handshake with a "decrypt_error" alert."
        ["a signature over the context of a server"] = (SessionErrorCode.BadSignature, AlertDescription.DecryptError,
            client => [client.Certificate(), client.CertificateVerify(signer: Role.Server)]),
        ["a signature that was changed"] = (SessionErrorCode.BadSignature, AlertDescription.DecryptError, client => [client.Certificate(), Changed(client.CertificateVerify())]),
        ["an empty signature"] = (SessionErrorCode.BadSignature, AlertDescription.DecryptError, client => [client.Certificate(), [15, 0, 0, 4, 4, 3, 0, 0]]),
        ["a Finished that does not include the certificate"] = (SessionErrorCode.BadFinished, AlertDescription.DecryptError, client =>
        {
            var finished = client.Finished();
            return [client.Certificate(), client.CertificateVerify(), finished];
        }),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_server_rejects(string violation)
    {
        var (code, alert, messages) = Cases[violation];
        using var client = new ScriptedClient();
        using var server = Reach(Tls13Ends.ServerOfClients, client);
        foreach (var message in messages(client))
            server.Accept(message);

        Assert.Equal((code, alert), (server.Error?.Code, server.Error?.Alert));
        Assert.Null(server.Machine.Negotiated);
    }

    // RFC 9846 section 4.4.2: "The "signature_algorithms" extension MUST be specified", and the context is empty.
    [Fact]
    public void A_certificate_request_has_an_empty_context_and_names_schemes_and_authorities()
    {
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.ServerOfClients)).Start();
        server.Accept(client.Hello());
        var sent = server.Sent.ToArray();
        var request = sent[2];

        Assert.Equal([2, 8, 13, 11, 15, 20], sent.Select(message => message[0]));
        Assert.True(WireSerializer.TryRead<CertificateRequest>(request.AsSpan(4), out var read, out _));
        Assert.True(read.Context.IsEmpty);
        Assert.Equal(
            [typeof(CertificateRequestExtension.SignatureAlgorithms), typeof(CertificateRequestExtension.SignatureAlgorithmsCert), typeof(CertificateRequestExtension.CertificateAuthorities)],
            read.Extensions.Select(extension => extension.GetType()));
        Assert.Equal(CryptographyProvider.Platform.SignatureSchemes, Find<CertificateRequestExtension.SignatureAlgorithms>(read).Schemes);
        var name = Assert.Single(Find<CertificateRequestExtension.CertificateAuthorities>(read).Authorities);
        Assert.Equal(Tls13Ends.Authority.Certificate.SubjectName.RawData, name.Der.ToArray());
    }

    // The names would cost each client more than a certificate that is refused.
    [Fact]
    public void A_server_with_many_authorities_names_none()
    {
        var authorities = Enumerable.Range(0, 50).Select(index => DevelopmentAuthority.Create($"Authority {index} {new string('x', 60)}")).ToList();
        var parameters = Tls13Ends.ServerOfClients with { ClientTrust = TrustPolicy.FromAuthorities(authorities.Select(authority => authority.Certificate)) };
        authorities.ForEach(authority => authority.Dispose());
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(parameters)).Start();
        server.Accept(client.Hello());

        Assert.True(WireSerializer.TryRead<CertificateRequest>(server.Sent.ElementAt(2).AsSpan(4), out var read, out _));
        Assert.DoesNotContain(read.Extensions, extension => extension is CertificateRequestExtension.CertificateAuthorities);
    }

    [Fact]
    public void A_server_without_client_authentication_requests_no_certificate()
    {
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server)).Start();
        server.Accept(client.Hello());
        Assert.DoesNotContain(server.Sent, message => message[0] == 13);
    }

    // RFC 9846 section 4.5.1.3: "abort the handshake with a "certificate_required" alert"
    [Fact]
    public void A_client_without_a_certificate_is_refused_with_certificate_required()
    {
        using var client = new ScriptedClient();
        using var server = Reach(Tls13Ends.ServerOfClients, client);
        server.Accept(client.Certificate(default, []));

        Assert.Equal(
            (SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired), (server.Error!.Kind, server.Error.Code, server.Error.Alert));
        Assert.Equal("The client sent no certificate, but the server requires one. Set 'Identity' in the options of the client.", server.Error.Message);
    }

    [Fact]
    public void A_client_without_a_certificate_is_accepted_without_an_identity_if_the_server_only_requests_one()
    {
        using var client = new ScriptedClient();
        using var server = Reach(Tls13Ends.ServerOfClients with { ClientAuthentication = ClientAuthenticationMode.Request }, client);
        server.Accept(client.Certificate(default, []));
        server.Accept(client.Finished());

        Assert.Null(server.Error);
        Assert.Equal("Connected", server.State);
        Assert.Null(server.Machine.PeerIdentity);
        Assert.False(server.Machine.Negotiated!.IsClientAuthenticated);
    }

    [Theory]
    [InlineData(ClientAuthenticationMode.Request)]
    [InlineData(ClientAuthenticationMode.Require)]
    public void A_client_with_a_certificate_is_identified(ClientAuthenticationMode mode)
    {
        using var client = new ScriptedClient();
        using var server = Reach(Tls13Ends.ServerOfClients with { ClientAuthentication = mode }, client);
        server.Accept(client.Certificate());
        Assert.Null(server.Machine.PeerIdentity);
        server.Accept(client.CertificateVerify());
        server.Accept(client.Finished());

        Assert.Null(server.Error);
        Assert.Equal(Tls13Ends.ClientIdentity.Certificate.RawData, server.Machine.PeerIdentity!.Certificate!.RawData);
        Assert.True(server.Machine.Negotiated!.IsClientAuthenticated);
    }

    [Theory]
    [InlineData("expired", SessionErrorCode.CertificateRejected, AlertDescription.CertificateExpired)]
    [InlineData("of an unknown authority", SessionErrorCode.CertificateRejected, AlertDescription.UnknownCa)]
    [InlineData("of a server", SessionErrorCode.CertificateRejected, AlertDescription.UnsupportedCertificate)]
    [InlineData("rejected by a verifier", SessionErrorCode.CertificateRejected, AlertDescription.CertificateUnknown)]
    public void A_certificate_that_the_policy_does_not_trust_is_refused_in_every_mode(string fault, SessionErrorCode code, AlertDescription alert)
    {
        using var other = DevelopmentAuthority.Create("Other authority");
        using var stranger = other.IssueClient("stranger");
        var parameters = fault switch
        {
            "expired" => Tls13Ends.ServerOfClients with { TimeProvider = new ManualTimeProvider(DateTimeOffset.UtcNow.AddYears(1)) },
            "rejected by a verifier" => Tls13Ends.ServerOfClients with { ClientTrust = TrustPolicy.FromVerifier(new RejectingVerifier()) },
            _ => Tls13Ends.ServerOfClients,
        };
        foreach (var mode in new[] { ClientAuthenticationMode.Request, ClientAuthenticationMode.Require })
        {
            using var client = new ScriptedClient { Identity = fault switch { "of an unknown authority" => stranger, "of a server" => Tls13Ends.Identity, _ => Tls13Ends.ClientIdentity } };
            using var server = Reach(parameters with { ClientAuthentication = mode }, client);
            server.Accept(client.Certificate());

            Assert.Equal((SessionErrorKind.UntrustedPeer, code, alert), (server.Error!.Kind, server.Error.Code, server.Error.Alert));
            Assert.NotNull(server.Error.Certificate);
        }
    }

    // RFC 9846 section 4.3.4: the authorities "SHOULD be used by the receiving endpoint to guide certificate selection".
    [Fact]
    public void A_selector_of_a_server_sees_the_authorities_that_the_client_names()
    {
        IdentityRequest? seen = null;
        using var selector = IdentitySelector.Create((request, _) =>
        {
            seen = request;
            return new(Tls13Ends.Identity);
        });
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { Identity = selector })).Start();
        var authorities = new ClientHelloExtension.CertificateAuthorities(
            [new SecureChannel.Tls13.DistinguishedName(new byte[] { 0x30, 0x7F }), new SecureChannel.Tls13.DistinguishedName(Tls13Ends.Authority.Certificate.SubjectName.RawData)]);
        server.Accept(client.Hello(extensions => extensions.Insert(0, authorities)));

        Assert.Null(server.Error);
        Assert.Equal(["CN=Test authority"], seen!.Authorities.Select(authority => authority.Name));
    }

    [Theory]
    [InlineData(ClientAuthenticationMode.None, true, "ClientAuthentication")]
    [InlineData(ClientAuthenticationMode.Request, false, "ClientTrust")]
    [InlineData(ClientAuthenticationMode.Require, false, "ClientTrust")]
    [InlineData((ClientAuthenticationMode)7, true, "ClientAuthentication")]
    public void Contradictory_parameters_are_refused(ClientAuthenticationMode mode, bool hasTrust, string option)
    {
        var parameters = Tls13Ends.Server with { ClientAuthentication = mode, ClientTrust = hasTrust ? Tls13Ends.Client.Trust : null };
        var failure = Assert.Throws<ArgumentException>(() => SessionSecurity.Tls13.Handshake!.CreateServer(parameters));
        Assert.Equal(option, failure.ParamName);
        Assert.Contains($"'{option}'", failure.Message, StringComparison.Ordinal);
    }

    private static MachineEnd Reach(ServerHandshakeParameters parameters, ScriptedClient client)
    {
        var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(parameters)).Start();
        server.Accept(client.Hello());
        while (server.Sent.TryDequeue(out var message))
            client.Receive(message);
        Assert.Equal("ClientAuthenticating", server.State);
        return server;
    }

    private static byte[] Changed(byte[] message)
    {
        message[^1] ^= 1;
        return message;
    }

    private static TExtension Find<TExtension>(CertificateRequest request)
        where TExtension : CertificateRequestExtension => request.Extensions.OfType<TExtension>().Single();

    private sealed class RejectingVerifier : CertificateVerifier
    {
        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken) =>
            new(request.Reject(CertificateErrorKind.Rejected, $"Clients are not welcome: {request.Purpose}, {request.Name ?? "no name"}."));
    }
}
