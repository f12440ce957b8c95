using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Violations by a client, and the alert that RFC 9846 requires.</summary>
public sealed class ServerRefusalTests
{
    private static readonly ClientHandshakeParameters Parameters = Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1], Session = new() { IdleTimeout = TimeSpan.FromSeconds(10) } };

    private static readonly ClientHelloExtension.PreSharedKeys PreSharedKeys =
        new([new PskIdentity(new byte[8], 1)], [new PskBinderEntry(new byte[32])]);

    private static readonly ClientHelloExtension.PskKeyExchangeModes Modes = new([PskKeyExchangeMode.PskDheKe]);

    private static readonly Dictionary<string, (AlertDescription Alert, Func<ScriptedClient, byte[]> Hello)> Cases = new()
    {
        // RFC 9846 section 4.2.2 and appendix E.2
        ["a hello of TLS 1.2 without extensions"] = (AlertDescription.ProtocolVersion, client => client.Hello(hello => hello with { Extensions = default })),
        ["a hello with an empty block of extensions"] = (AlertDescription.ProtocolVersion, client => client.Hello(hello => hello with { Extensions = new byte[2] })),
        ["a hello without supported_versions"] = (AlertDescription.ProtocolVersion, client => client.Hello(extensions => Without<ClientHelloExtension.SupportedVersions>(extensions))),
        ["versions without TLS 1.3"] = (AlertDescription.ProtocolVersion, client => client.Hello(extensions => extensions.Select(extension =>
            extension is ClientHelloExtension.SupportedVersions ? new ClientHelloExtension.SupportedVersions([ProtocolVersion.Tls12, (ProtocolVersion)0x7F1C]) : extension))),
        ["a legacy version of TLS 1.3"] = (AlertDescription.ProtocolVersion, client => client.Hello(hello => hello with { LegacyVersion = ProtocolVersion.Tls13 })),
        ["a legacy version of SSL 3"] = (AlertDescription.ProtocolVersion, client => client.Hello(hello => hello with { LegacyVersion = (ProtocolVersion)0x0300 })),
        ["compression"] = (AlertDescription.IllegalParameter, client => client.Hello(hello => hello with { LegacyCompressionMethods = new byte[] { 0, 1 } })),
        ["another compression than none"] = (AlertDescription.IllegalParameter, client => client.Hello(hello => hello with { LegacyCompressionMethods = new byte[] { 1 } })),
        ["bytes after the extensions"] = (AlertDescription.DecodeError, client => client.Hello(hello => hello with { Extensions = (byte[])[.. hello.Extensions.Span, 0] })),
        ["bytes after an extension's content"] = (AlertDescription.DecodeError, client => client.Hello(hello => hello with { Extensions = Longer(hello.Extensions) })),
        ["a message that is cut off"] = (AlertDescription.DecodeError, _ => [1, 0, 0, 3, 3, 3, 0]),

        // RFC 9846 section 4.3
        ["an extension twice"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => [.. extensions, new ClientHelloExtension.Parameters(default)])),
        ["an unknown extension twice"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions =>
            [.. extensions, new ClientHelloExtension.Other((ExtensionType)0x0A0A, default), new ClientHelloExtension.Other((ExtensionType)0x0A0A, default)])),
        ["an extension that has no place there"] =
            (AlertDescription.IllegalParameter, client => client.Hello(extensions => [.. extensions, new ClientHelloExtension.Other(ExtensionType.OidFilters, default)])),

        // RFC 6066 section 8
        ["a malformed request for an OCSP response"] =
            (AlertDescription.DecodeError, client => client.Hello(extensions => [.. extensions, new ClientHelloExtension.StatusRequest(new byte[] { 1, 0, 0 })])),

        // RFC 9846 sections 4.3.9 to 4.3.11
        ["a pre-shared key extension that is not the last"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => [PreSharedKeys, Modes, .. extensions])),
        ["a pre-shared key without modes"] = (AlertDescription.MissingExtension, client => client.Hello(extensions => [.. extensions, PreSharedKeys])),

        // RFC 9846 section 9.2
        ["no signature algorithms"] = (AlertDescription.MissingExtension, client => client.Hello(extensions => Without<ClientHelloExtension.SignatureAlgorithms>(extensions))),
        ["no groups"] = (AlertDescription.MissingExtension, client => client.Hello(extensions => Without<ClientHelloExtension.SupportedGroups>(extensions))),
        ["no keys"] = (AlertDescription.MissingExtension, client => client.Hello(extensions => Without<ClientHelloExtension.KeyShares>(extensions))),

        // RFC 9846 sections 4.2.1 and 4.3.8
        ["no suite in common"] = (AlertDescription.HandshakeFailure, client => client.Hello(hello => hello with { CipherSuites = [(CipherSuite)0x0A0A, (CipherSuite)0xC02B] })),
        ["no group in common"] = (AlertDescription.HandshakeFailure, client => client.Hello(extensions => Shares(extensions, [(NamedGroup)0x0A0A]))),
        ["no signature in common"] = (AlertDescription.HandshakeFailure, client => client.Hello(extensions => extensions.Select(extension =>
            extension is ClientHelloExtension.SignatureAlgorithms ? new ClientHelloExtension.SignatureAlgorithms([SignatureScheme.Ed25519]) : extension))),
        ["a key of a group that is not offered"] =
            (AlertDescription.IllegalParameter, client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp256r1], Entry(NamedGroup.X25519, 32)))),
        ["two keys of one group"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions =>
            Shares(extensions, [NamedGroup.Secp256r1], Entry(NamedGroup.Secp256r1, 65), Entry(NamedGroup.Secp256r1, 65)))),
        ["keys in another order than their groups"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions =>
            Shares(extensions, [NamedGroup.Secp256r1, NamedGroup.Secp384r1], Entry(NamedGroup.Secp384r1, 97), Entry(NamedGroup.Secp256r1, 65)))),
        ["a key that is not a point of the curve"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp256r1], Entry(NamedGroup.Secp256r1, 65)))),
        ["a key of a wrong length"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp256r1], Entry(NamedGroup.Secp256r1, 33)))),

        // RFC 6066 section 3, and the idle timeout
        ["two names of hosts"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => extensions.Select(extension =>
            extension is ClientHelloExtension.ServerNames names ? new ClientHelloExtension.ServerNames([.. names.Names, .. names.Names]) : extension))),
        ["an idle timeout of 0"] = (AlertDescription.IllegalParameter, client => client.Hello(extensions => extensions.Select(extension =>
            extension is ClientHelloExtension.Parameters ? new ClientHelloExtension.Parameters(Convert.FromHexString("53656375726543680101000000000000100000")) : extension))),
    };

    private static readonly Dictionary<string, Func<ScriptedClient, byte[]>> SecondHellos = new()
    {
        ["another random value"] = client => client.Hello(hello => hello with { Random = new byte[32] }),
        ["another session id"] = client => client.Hello(hello => hello with { LegacySessionId = new byte[32] }),
        ["other suites"] = client => client.Hello(hello => hello with { CipherSuites = [.. hello.CipherSuites.Take(1)] }),
        ["other groups"] = client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp384r1], Entry(NamedGroup.Secp384r1, 97))),
        ["a key of another group than was requested"] = client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp256r1, NamedGroup.Secp384r1], Entry(NamedGroup.Secp256r1, 65))),
        ["no key"] = client => client.Hello(extensions => Shares(extensions, [NamedGroup.Secp256r1, NamedGroup.Secp384r1])),
        ["two keys"] = client => client.Hello(extensions =>
            Shares(extensions, [NamedGroup.Secp256r1, NamedGroup.Secp384r1], Entry(NamedGroup.Secp256r1, 65), Entry(NamedGroup.Secp384r1, 97))),
        ["early data"] = client => client.Hello(extensions => [.. extensions, Modes, new ClientHelloExtension.EarlyData(), PreSharedKeys]),
        ["a cookie that was not sent"] = client => client.Hello(extensions => [.. extensions, new ClientHelloExtension.Cookie(new byte[4])]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<string> SecondNames => [.. SecondHellos.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_server_rejects(string what)
    {
        var (alert, hello) = Cases[what];
        using var client = new ScriptedClient(Parameters);
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server)).Start();
        server.Accept(hello(client));
        Assert.NotNull(server.Error);
        Assert.Equal(alert, server.Error.Alert);
        Assert.NotEqual(SessionErrorKind.LocalError, server.Error.Kind);
        Assert.Empty(server.Sent);
    }

    [Theory]
    [MemberData(nameof(SecondNames))]
    public void A_server_rejects_a_second_hello_with(string what)
    {
        using var client = new ScriptedClient(Parameters);
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] })).Start();
        server.Accept(client.Hello());
        client.Receive(server.Sent.Dequeue());
        server.Accept(SecondHellos[what](client));
        Assert.Equal(AlertDescription.IllegalParameter, server.Error!.Alert);
        Assert.Empty(server.Sent);
    }

    [Fact]
    public void An_invalid_finished_value_of_a_client_is_a_decrypt_error_and_one_of_another_length_a_decode_error()
    {
        foreach (var (change, alert) in new (Func<byte[], byte[]>, AlertDescription)[] { (WithLastBitChanged, AlertDescription.DecryptError), (_ => [20, 0, 0, 48, .. new byte[48]], AlertDescription.DecodeError) })
        {
            using var client = new ScriptedClient(Tls13Ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256] });
            using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server)).Start();
            server.Accept(client.Hello());
            while (server.Sent.TryDequeue(out var message))
                client.Receive(message);
            server.Accept(change(client.Finished()));
            Assert.Equal(alert, server.Error!.Alert);
        }
    }

    [Fact]
    public void A_server_ignores_unknown_values()
    {
        // RFC 8701: reserved values that are never defined, in every list.
        using var client = new ScriptedClient(Tls13Ends.Client with { ApplicationProtocols = ["bank/1"] });
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server with { ApplicationProtocols = ["bank/1"] })).Start();
        server.Accept(client.Hello(
            hello => hello with { CipherSuites = [(CipherSuite)0x0A0A, .. hello.CipherSuites] },
            extensions =>
            [
                new ClientHelloExtension.Other((ExtensionType)0x1A1A, default),
                .. extensions.Where(extension => extension is not ClientHelloExtension.Other).Select(extension => extension switch
                {
                    ClientHelloExtension.SupportedVersions versions => new ClientHelloExtension.SupportedVersions([(ProtocolVersion)0x2A2A, .. versions.Versions]),
                    ClientHelloExtension.SupportedGroups groups => new ClientHelloExtension.SupportedGroups([(NamedGroup)0x3A3A, .. groups.Groups]),
                    ClientHelloExtension.SignatureAlgorithms schemes => new ClientHelloExtension.SignatureAlgorithms([(SignatureScheme)0x4A4A, .. schemes.Schemes]),
                    ClientHelloExtension.ApplicationProtocols names => new ClientHelloExtension.ApplicationProtocols((byte[])[2, 0x8A, 0x8A, .. names.Names.Span]),
                    ClientHelloExtension.KeyShares shares => new ClientHelloExtension.KeyShares([new KeyShareEntry((NamedGroup)0x3A3A, new byte[1]), .. shares.Entries]),
                    _ => extension,
                }),
                Modes,
                new ClientHelloExtension.Other((ExtensionType)0xFAFA, new byte[1]),
                PreSharedKeys,
            ]));
        Assert.Null(server.Error);
        while (server.Sent.TryDequeue(out var message))
            client.Receive(message);
        server.Accept(client.Finished());
        Assert.Equal("Connected", server.State);
        Assert.Equal("bank/1", server.Machine.Negotiated!.ApplicationProtocol);
    }

    [Fact]
    public void A_server_uses_the_middlebox_compatibility_mode_only_if_the_client_does()
    {
        foreach (var isCompatible in new[] { true, false })
        {
            using var client = new ScriptedClient();
            using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server)).Start();
            server.Accept(client.Hello(hello => isCompatible ? hello : hello with { LegacySessionId = default }));
            Assert.Null(server.Error);
            var answer = server.Sent.Dequeue();
            Assert.Equal(isCompatible ? 32 : 0, answer[4 + 2 + 32]);
            string[] compatible = isCompatible ? ["change_cipher_spec"] : [];
            Assert.Equal(["ServerHello", .. compatible, "write keys", "read keys", "EncryptedExtensions", "Certificate", "CertificateVerify", "Finished", "write keys"], server.Events);
        }
    }

    private static byte[] WithLastBitChanged(byte[] message)
    {
        message[^1] ^= 1;
        return message;
    }

    private static IEnumerable<ClientHelloExtension> Without<TExtension>(ImmutableArray<ClientHelloExtension> extensions) => extensions.Where(extension => extension is not TExtension);

    private static IEnumerable<ClientHelloExtension> Shares(ImmutableArray<ClientHelloExtension> extensions, ImmutableArray<NamedGroup> groups, params ImmutableArray<KeyShareEntry> shares) =>
        extensions.Select(extension => extension switch
        {
            ClientHelloExtension.SupportedGroups => new ClientHelloExtension.SupportedGroups(groups),
            ClientHelloExtension.KeyShares => new ClientHelloExtension.KeyShares(shares),
            _ => extension,
        });

    private static KeyShareEntry Entry(NamedGroup group, int length) => new(group, (byte[])[4, .. new byte[length - 1]]);

    private static ReadOnlyMemory<byte> Longer(ReadOnlyMemory<byte> extensions)
    {
        // supported_versions is the first extension, with a list of one version: 002b 0003 02 0304.
        var bytes = extensions.ToArray();
        return (byte[])[bytes[0], (byte)(bytes[1] + 1), .. bytes[2..5], 4, .. bytes[6..9], 0, .. bytes[9..]];
    }
}
