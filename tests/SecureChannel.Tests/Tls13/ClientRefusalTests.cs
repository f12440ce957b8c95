using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Violations by a server, and the alert that RFC 9846 requires. Each server is correct otherwise: it holds the keys and signs its messages.</summary>
public sealed class ClientRefusalTests
{
    private static readonly ClientHandshakeParameters Parameters = Tls13Ends.Client with
    {
        Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1],
        CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384],
        ApplicationProtocols = ["bank/1"],
        RequireApplicationProtocol = false,
        Session = new() { IdleTimeout = TimeSpan.FromSeconds(10) },
    };

    private static readonly ServerHelloExtension.SupportedVersions Version = new(ProtocolVersion.Tls13);
    private static readonly HelloRetryRequestExtension.SupportedVersions RetryVersion = new(ProtocolVersion.Tls13);
    private static readonly HelloRetryRequestExtension.KeyShare OtherGroup = new(NamedGroup.Secp384r1);
    private static readonly CertificateRequestExtension.SignatureAlgorithms Schemes = new([SignatureScheme.EcdsaSecp256r1Sha256]);

    private static readonly Dictionary<string, (AlertDescription Alert, Func<ScriptedServer, IEnumerable<byte[]>> Messages)> Cases = new()
    {
        // RFC 8701 section 3.1
        ["a request for a reserved group"] =
            (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(RetryVersion, new HelloRetryRequestExtension.KeyShare(server.Offer.Groups[0]))]),
        ["a selection of a reserved suite"] =
            (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { CipherSuite = server.Offer.Hello.CipherSuites[0] })]),
        ["an answer to a reserved extension"] = (AlertDescription.UnsupportedExtension, server => Until(server,
            server => server.EncryptedExtensions(new EncryptedExtension.Other((ExtensionType)server.Offer.Groups[0], default)))),

        // RFC 9846 section 4.2.3
        ["a legacy version other than 0x0303"] = (AlertDescription.ProtocolVersion, server => [server.ServerHello(hello => hello with { LegacyVersion = ProtocolVersion.Tls13 })]),
        ["a session id that is not the client's"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { LegacySessionIdEcho = new byte[32] })]),
        ["an empty session id where the client sent one"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { LegacySessionIdEcho = default })]),
        ["a suite that was not offered"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { CipherSuite = CipherSuite.ChaCha20Poly1305Sha256 })]),
        ["a suite that nobody knows"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { CipherSuite = (CipherSuite)0x1A1A })]),
        ["compression"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(hello => hello with { LegacyCompressionMethod = 1 })]),
        ["a choice of TLS 1.2"] = (AlertDescription.ProtocolVersion, server => [server.ServerHello(extensions => extensions.Skip(1))]),
        ["a choice of TLS 1.2 without extensions"] = (AlertDescription.ProtocolVersion, server => [server.ServerHello(hello => hello with { Extensions = default })]),
        ["a selection of TLS 1.2 by a server that supports TLS 1.3"] = (AlertDescription.IllegalParameter, server => [Downgraded(server, 1)]),
        ["a selection of TLS 1.1 by a server that supports TLS 1.3"] = (AlertDescription.IllegalParameter, server => [Downgraded(server, 0)]),

        // RFC 9846 section 4.3.1
        ["a version that was not offered"] =
            (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [new ServerHelloExtension.SupportedVersions((ProtocolVersion)0x0305), extensions[1]])]),
        ["a version before TLS 1.3 in supported_versions"] =
            (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [new ServerHelloExtension.SupportedVersions(ProtocolVersion.Tls12), extensions[1]])]),

        // RFC 9846 section 4.3
        ["bytes after an extension's content"] = (AlertDescription.DecodeError, server => [server.ServerHello(hello => hello with { Extensions = WithTrailingByte(hello.Extensions) })]),
        ["bytes after the message"] = (AlertDescription.DecodeError, server => [Longer(server.ServerHello())]),
        ["a message that is cut off"] = (AlertDescription.DecodeError, server => [[2, 0, 0, 3, 3, 3, 0]]),
        ["an extension twice"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [.. extensions, Version])]),
        ["a pre-shared key that was not offered"] =
            (AlertDescription.UnsupportedExtension, server => [server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.PreSharedKey(0)])]),
        ["an unknown extension in a ServerHello"] =
            (AlertDescription.UnsupportedExtension, server => [server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.Other((ExtensionType)0x0A0A, default)])]),
        ["an application protocol in a ServerHello"] = (AlertDescription.IllegalParameter, server =>
            [server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.Other(ExtensionType.ApplicationLayerProtocolNegotiation, default)])]),

        // RFC 9846 sections 4.3.8 and 9.2
        ["no key"] = (AlertDescription.MissingExtension, server => [server.ServerHello(extensions => extensions.Take(1))]),
        ["a key of a group of which none was offered"] =
            (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [extensions[0], Share(NamedGroup.Secp384r1, new byte[97])])]),
        ["a key of a group that was not offered"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [extensions[0], Share(NamedGroup.X25519, new byte[32])])]),
        ["a key that is not a point of the curve"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [extensions[0], Share(NamedGroup.Secp256r1, [4, .. new byte[64]])])]),
        ["a key of a wrong length"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [extensions[0], Share(NamedGroup.Secp256r1, new byte[64])])]),
        ["an empty key"] =
            (AlertDescription.DecodeError, server => [server.ServerHello(hello => hello with { Extensions = Convert.FromHexString("000e" + "002b00020304" + "0033000400170000") })]),

        // RFC 9846 section 4.2.4
        ["a request for nothing"] = (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(RetryVersion)]),
        ["a request without a version"] = (AlertDescription.MissingExtension, server => [server.HelloRetryRequest(OtherGroup, new HelloRetryRequestExtension.Cookie(new byte[9]))]),
        ["a request for a key that was sent"] = (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(RetryVersion, new HelloRetryRequestExtension.KeyShare(NamedGroup.Secp256r1))]),
        ["a request for a key of a group that was not offered"] = (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(RetryVersion, new HelloRetryRequestExtension.KeyShare(NamedGroup.X25519))]),
        ["a request with an extension that was not offered"] =
            (AlertDescription.UnsupportedExtension, server => [server.HelloRetryRequest(RetryVersion, OtherGroup, new HelloRetryRequestExtension.Other((ExtensionType)0x0A0A, default))]),
        ["a request with an extension that has no place there"] =
            (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(RetryVersion, OtherGroup, new HelloRetryRequestExtension.Other(ExtensionType.SupportedGroups, default))]),
        ["a request with a suite that was not offered"] =
            (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(hello => hello with { CipherSuite = CipherSuite.ChaCha20Poly1305Sha256 }, RetryVersion, OtherGroup)]),
        ["a request with another session id"] = (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(hello => hello with { LegacySessionIdEcho = default }, RetryVersion, OtherGroup)]),
        ["a request with a legacy version other than 0x0303"] =
            (AlertDescription.ProtocolVersion, server => [server.HelloRetryRequest(hello => hello with { LegacyVersion = ProtocolVersion.Tls13 }, RetryVersion, OtherGroup)]),
        ["a request with compression"] = (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(hello => hello with { LegacyCompressionMethod = 1 }, RetryVersion, OtherGroup)]),
        ["a request with another version"] =
            (AlertDescription.IllegalParameter, server => [server.HelloRetryRequest(new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls12), OtherGroup)]),
        ["a request with an empty cookie"] =
            (AlertDescription.DecodeError, server => [server.HelloRetryRequest(hello => hello with { Extensions = Convert.FromHexString("000c" + "002b00020304" + "002c00020000") }, RetryVersion)]),

        // RFC 9846 section 4.4.1
        ["an extension in EncryptedExtensions that was not offered"] = (AlertDescription.UnsupportedExtension, server => Until(server, server => server.EncryptedExtensions(new EncryptedExtension.EarlyData()))),
        ["an unknown extension in EncryptedExtensions"] =
            (AlertDescription.UnsupportedExtension, server => Until(server, server => server.EncryptedExtensions(new EncryptedExtension.Other((ExtensionType)0x0A0A, default)))),
        ["a key in EncryptedExtensions"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(new EncryptedExtension.Other(ExtensionType.KeyShare, default)))),
        ["an extension twice in EncryptedExtensions"] =
            (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(new EncryptedExtension.ServerName(), new EncryptedExtension.ServerName()))),
        ["an application protocol that was not offered"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(Protocols("chat/1")))),
        ["two application protocols"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(Protocols("bank/1", "bank/1")))),
        ["an idle timeout of 0"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(new EncryptedExtension.Parameters(Convert.FromHexString("5365637572654368010100000000" + "0000100000"))))),

        // RFC 9846 section 4.4.2
        ["a request for a certificate with a context"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(), server => server.CertificateRequest(new byte[1], Schemes))),
        ["a request for a certificate without signature algorithms"] =
            (AlertDescription.MissingExtension, server => Until(server, server => server.EncryptedExtensions(), server => server.CertificateRequest(default(ReadOnlyMemory<byte>)))),
        ["a request for a certificate with an extension that has no place there"] = (AlertDescription.IllegalParameter, server =>
            Until(server, server => server.EncryptedExtensions(), server => server.CertificateRequest(default, Schemes, new CertificateRequestExtension.Other(ExtensionType.KeyShare, default)))),

        // RFC 9846 section 4.5.1
        ["a certificate with a context"] = (AlertDescription.IllegalParameter, server => Until(server, server => server.EncryptedExtensions(), server => server.Certificate(new byte[1], Entries(server)))),
        ["no certificate"] = (AlertDescription.DecodeError, server => Until(server, server => server.EncryptedExtensions(), server => server.Certificate(default, []))),
        ["an extension of a certificate that was not requested"] = (AlertDescription.UnsupportedExtension, server =>
            Until(server, server => server.EncryptedExtensions(), server => server.Certificate(new CertificateExtension.CertificateTimestamps([new SerializedSct(new byte[4])])))),
        ["an extension of a certificate that has no place there"] = (AlertDescription.IllegalParameter, server =>
            Until(server, server => server.EncryptedExtensions(), server => server.Certificate(new CertificateExtension.Other(ExtensionType.KeyShare, default)))),
        ["bytes that are not a certificate"] =
            (AlertDescription.BadCertificate, server => Until(server, server => server.EncryptedExtensions(), server => server.Certificate(default, [new CertificateEntry(new byte[10], [])]))),

        // RFC 9846 section 4.5.2
        ["a signature by a scheme that was not offered"] = (AlertDescription.IllegalParameter, server => UntilSigned(server, server => server.CertificateVerify(claimed: (SignatureScheme)0x0203))),
        ["a signature by PKCS #1, which is for certificates alone"] =
            (AlertDescription.IllegalParameter, server => UntilSigned(server, server => server.CertificateVerify(claimed: SignatureScheme.RsaPkcs1Sha256))),
        ["a signature by a scheme that does not fit the key"] =
            (AlertDescription.IllegalParameter, server => UntilSigned(server, server => server.CertificateVerify(claimed: SignatureScheme.RsaPssRsaeSha256))),
        ["a signature in the client's context"] = (AlertDescription.DecryptError, server => UntilSigned(server, server => server.CertificateVerify(signer: Role.Client))),
        ["a signature of another handshake"] = (AlertDescription.DecryptError, server => UntilSigned(server, Changed(server => server.CertificateVerify()))),

        // RFC 9846 section 4.5.3
        ["a wrong Finished"] = (AlertDescription.DecryptError, server => UntilFinished(server, Changed(server => server.Finished()))),
        ["a Finished of another hash's length"] = (AlertDescription.DecodeError, server => UntilFinished(server, server => server.Send(20, new byte[48]))),
        ["an empty Finished"] = (AlertDescription.DecodeError, server => UntilFinished(server, server => server.Send(20, []))),

        // RFC 9846 sections 4.7.1 and 4.7.3
        ["a KeyUpdate with an undefined request"] = (AlertDescription.IllegalParameter, server => UntilConnected(server, server => server.Send(24, [2]))),
        ["a KeyUpdate of two bytes"] = (AlertDescription.DecodeError, server => UntilConnected(server, server => server.Send(24, [0, 0]))),
        ["a ticket that is cut off"] = (AlertDescription.DecodeError, server => UntilConnected(server, server => server.Send(4, new byte[9]))),
        ["a ticket with an extension that has no place there"] = (AlertDescription.IllegalParameter, server => UntilConnected(server, server => Ticket(server, new NewSessionTicketExtension.Other(ExtensionType.KeyShare, default)))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_client_rejects(string what)
    {
        var (alert, messages) = Cases[what];
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(Parameters)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        var sent = messages(server).ToList();
        foreach (var message in sent)
        {
            Assert.Null(client.Error);
            client.Accept(message);
        }

        Assert.NotNull(client.Error);
        Assert.Equal(alert, client.Error.Alert);
        Assert.NotEqual(SessionErrorKind.LocalError, client.Error.Kind);
    }

    [Fact]
    public void A_suite_that_changes_after_a_retry_is_an_illegal_parameter()
    {
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(Parameters)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        client.Accept(server.HelloRetryRequest(RetryVersion, OtherGroup));
        server.Receive(client.Sent.Dequeue());
        client.Accept(server.ServerHello(hello => hello with { CipherSuite = CipherSuite.Aes256GcmSha384 }));
        Assert.Equal(AlertDescription.IllegalParameter, client.Error!.Alert);
    }

    [Fact]
    public void A_group_that_changes_after_a_retry_is_an_illegal_parameter()
    {
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(Parameters)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        client.Accept(server.HelloRetryRequest(RetryVersion, OtherGroup));
        server.Receive(client.Sent.Dequeue());
        using var share = CryptographyProvider.Platform.CreateKeyExchange(NamedGroup.Secp256r1);
        client.Accept(server.ServerHello(extensions => [extensions[0], Share(NamedGroup.Secp256r1, share.PublicKey.ToArray())]));
        Assert.Equal(AlertDescription.IllegalParameter, client.Error!.Alert);
    }

    private static IEnumerable<byte[]> Until(ScriptedServer server, params Func<ScriptedServer, byte[]>[] messages)
    {
        yield return server.ServerHello();
        foreach (var message in messages)
            yield return message(server);
    }

    private static IEnumerable<byte[]> UntilSigned(ScriptedServer server, Func<ScriptedServer, byte[]> last) =>
        Until(server, server => server.EncryptedExtensions(), server => server.Certificate(), last);

    private static IEnumerable<byte[]> UntilFinished(ScriptedServer server, Func<ScriptedServer, byte[]> last) =>
        Until(server, server => server.EncryptedExtensions(), server => server.Certificate(), server => server.CertificateVerify(), last);

    private static IEnumerable<byte[]> UntilConnected(ScriptedServer server, Func<ScriptedServer, byte[]> last) =>
        Until(server, server => server.EncryptedExtensions(), server => server.Certificate(), server => server.CertificateVerify(), server => server.Finished(), last);

    private static Func<ScriptedServer, byte[]> Changed(Func<ScriptedServer, byte[]> message) => server =>
    {
        var bytes = message(server);
        bytes[^1] ^= 1;
        return bytes;
    };

    private static byte[] Ticket(ScriptedServer server, params ImmutableArray<NewSessionTicketExtension> extensions) =>
        server.Send(4, WireSerializer.ToArray(new NewSessionTicket(60, 1, new byte[1], new byte[8], extensions)));

    private static byte[] Downgraded(ScriptedServer server, byte last) =>
        server.ServerHello(hello => hello with { Random = (byte[])[.. hello.Random.ToArray()[..24], .. "DOWNGRD"u8, last] }, extensions => extensions.Skip(1));

    private static ReadOnlyMemory<byte> WithTrailingByte(ReadOnlyMemory<byte> extensions)
    {
        // supported_versions is the first extension: 002b 0002 0304.
        var bytes = extensions.ToArray();
        return (byte[])[bytes[0], (byte)(bytes[1] + 1), .. bytes[2..5], 3, .. bytes[6..8], 0, .. bytes[8..]];
    }

    private static byte[] Longer(byte[] message) => [.. message[..3], (byte)(message[3] + 1), .. message[4..], 0];

    private static ServerHelloExtension.KeyShare Share(NamedGroup group, byte[] key) => new(new KeyShareEntry(group, key));

    private static EncryptedExtension.ApplicationProtocol Protocols(params IEnumerable<string> names) => new(SecureChannel.Handshakes.ProtocolNames.Of(names).Wire);

    private static ImmutableArray<CertificateEntry> Entries(ScriptedServer server) => [.. server.Identity.Chain.Select(der => new CertificateEntry(der, []))];
}
