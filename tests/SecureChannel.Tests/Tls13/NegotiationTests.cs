using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The server's selection (RFC 9846 section 4.2.1): its order of preference counts.</summary>
public sealed class NegotiationTests
{
    private const SignatureScheme Ecdsa = SignatureScheme.EcdsaSecp256r1Sha256;

    [Theory]
    [InlineData(CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384)]
    [InlineData(CipherSuite.Aes256GcmSha384, CipherSuite.Aes128GcmSha256)]
    public void The_suite_is_the_first_of_the_server_that_the_client_offers(CipherSuite first, CipherSuite second)
    {
        var server = Tls13Ends.Server with { CipherSuites = [CipherSuite.ChaCha20Poly1305Sha256, first, second] };
        using var pair = Tls13Ends.CreatePair(Tls13Ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384] }, server).Start().Run();
        Assert.Equal(first, pair.Client.Engine.Negotiated!.CipherSuite);
    }

    [Theory]
    [InlineData(NamedGroup.Secp384r1, NamedGroup.Secp521r1)]
    [InlineData(NamedGroup.Secp521r1, NamedGroup.Secp256r1)]
    public void The_group_is_the_first_of_the_server_with_a_key_share(NamedGroup first, NamedGroup second)
    {
        var client = Tls13Ends.Client with { InitialKeyShares = Tls13Ends.Client.Groups };
        using var pair = Tls13Ends.CreatePair(client, Tls13Ends.Server with { Groups = [first, second] }).Start().Run();
        Assert.Equal(((NamedGroup?)first, false), (pair.Client.Engine.Negotiated!.Group, pair.Client.Engine.Negotiated.IsRetried));
        Assert.Equal(((NamedGroup?)first, false), (pair.Server.Engine.Negotiated!.Group, pair.Server.Engine.Negotiated.IsRetried));
    }

    [Fact]
    public void Both_endpoints_report_a_retry()
    {
        using var pair = Tls13Ends.CreatePair(server: Tls13Ends.Server with { Groups = [NamedGroup.Secp521r1] }).Start().Run();
        Assert.Equal(((NamedGroup?)NamedGroup.Secp521r1, true), (pair.Client.Engine.Negotiated!.Group, pair.Client.Engine.Negotiated.IsRetried));
        Assert.Equal(((NamedGroup?)NamedGroup.Secp521r1, true), (pair.Server.Engine.Negotiated!.Group, pair.Server.Engine.Negotiated.IsRetried));
    }

    /// <summary>RFC 9846 section 4.3.3: RSASSA-PKCS1-v1_5 is not defined for handshake signatures.</summary>
    [Fact]
    public void A_scheme_that_is_only_for_certificates_never_signs_a_handshake()
    {
        using var identity = new CertificateIdentity(Tls13Ends.Identity.Certificate, new ListingSigner([SignatureScheme.RsaPkcs1Sha256, Ecdsa]));
        var client = Tls13Ends.Client with { SignatureSchemes = [SignatureScheme.RsaPkcs1Sha256, Ecdsa] };
        using var pair = Tls13Ends.CreatePair(client, Tls13Ends.Server with { Identity = identity }).Start().Run();
        Assert.Equal(Ecdsa, pair.Client.Engine.Negotiated!.SignatureScheme);

        using var other = Tls13Ends.CreatePair(client with { SignatureSchemes = [SignatureScheme.RsaPkcs1Sha256] }, Tls13Ends.Server with { Identity = identity }).Start().Run();
        Assert.Equal(SessionErrorCode.NoCommonSignatureScheme, other.Server.Error!.Code);
    }

    [Fact]
    public void The_schemes_of_a_server_limit_its_key()
    {
        using var pair = Tls13Ends.CreatePair(server: Tls13Ends.Server with { SignatureSchemes = [SignatureScheme.Ed25519, Ecdsa] }).Start().Run();
        Assert.Equal(Ecdsa, pair.Client.Engine.Negotiated!.SignatureScheme);

        using var other = Tls13Ends.CreatePair(server: Tls13Ends.Server with { SignatureSchemes = [SignatureScheme.Ed25519] }).Start().Run();
        Assert.Equal(SessionErrorCode.NoCommonSignatureScheme, other.Server.Error!.Code);
    }

    /// <summary>RFC 6066 section 8 defines only the type for OCSP.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void A_request_for_an_unknown_type_of_status_is_ignored(byte type)
    {
        using var client = new ScriptedClient();
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server)).Start();
        server.Accept(client.Hello(extensions => [.. extensions, new ClientHelloExtension.StatusRequest(new byte[] { type, 9, 9 })]));
        Assert.Null(server.Error);
    }

    [Fact]
    public void A_server_ignores_protocol_names_that_are_not_UTF_8()
    {
        // RFC 7301 section 3.1: "opaque ProtocolName<1..2^8-1>".
        using var client = new ScriptedClient(Tls13Ends.Client with { ApplicationProtocols = ["bank/1"] });
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { ApplicationProtocols = ["bank/1"] })).Start();
        byte[] names = [3, 0xFF, 0xFE, 0x80, 6, .. "bank/1"u8, 2, 0x1A, 0x1A];
        server.Accept(client.Hello(extensions => extensions.Select(extension =>
            extension is ClientHelloExtension.ApplicationProtocols ? new ClientHelloExtension.ApplicationProtocols(names) : extension)));
        Assert.Null(server.Error);
    }

    /// <summary>The key of the test identity, with a list of schemes that the test chooses.</summary>
    private sealed class ListingSigner(ImmutableArray<SignatureScheme> schemes) : Signer
    {
        public override ImmutableArray<SignatureScheme> Schemes => schemes;

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            Assert.True(Tls13Ends.Identity.TryGetSigner(CryptographyProvider.Platform, out var signer, out _));
            return signer.SignAsync(scheme, content, cancellationToken);
        }
    }
}
