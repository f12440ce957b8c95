using System.Collections.Immutable;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tests.Resumption;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Violations of the rules for pre-shared keys, and the alert that RFC 9846 requires. Each message is valid otherwise.</summary>
public sealed class ResumptionRefusalTests
{
    private static readonly Dictionary<string, (AlertDescription Alert, Func<ClientHello, ClientHello> Change)> Hellos = new()
    {
        // RFC 9846 section 4.3.11: "If this value is not present or does not validate, the server MUST abort the handshake."
        ["a wrong binder"] = (AlertDescription.DecryptError, hello => WithKeys(hello, keys => keys with { Binders = [Changed(keys.Binders[0])] })),
        ["a binder of another length"] = (AlertDescription.DecryptError, hello => WithKeys(hello, keys => keys with { Binders = [new PskBinderEntry(new byte[48])] })),
        ["a binder over another hello"] = (AlertDescription.DecryptError, hello => hello with { Random = new byte[32] }),
        ["a binder over another age"] = (AlertDescription.DecryptError, hello => WithKeys(hello, keys => keys with { Identities = [keys.Identities[0] with { ObfuscatedTicketAge = 1 }] })),
        ["a key without a binder"] = (AlertDescription.IllegalParameter, hello => WithKeys(hello, keys => keys with { Identities = [keys.Identities[0], keys.Identities[0]] })),
        ["a binder without a key"] = (AlertDescription.IllegalParameter, hello => WithKeys(hello, keys => keys with { Binders = [keys.Binders[0], keys.Binders[0]] })),
        ["an extension after the pre-shared keys"] =
            (AlertDescription.IllegalParameter, hello => With(hello, extensions => extensions.Add(new ClientHelloExtension.Other((ExtensionType)0x0A0A, default)))),
        ["no modes"] = (AlertDescription.MissingExtension, hello => With(hello, extensions => extensions.RemoveAll(extension => extension is ClientHelloExtension.PskKeyExchangeModes))),
        ["no keys"] = (AlertDescription.DecodeError, hello => WithRawKeys(hello, 0, 0, 0, 0)),
        ["a binder of 31 bytes"] = (AlertDescription.DecodeError, hello => WithRawKeys(hello, [0, 7, 0, 1, 5, 0, 0, 0, 0, 0, 32, 31, .. new byte[31]])),
    };

    private static readonly Dictionary<string, (AlertDescription Alert, Func<ScriptedServer, IEnumerable<byte[]>> Messages)> Answers = new()
    {
        // RFC 9846 section 4.3.11: "If these values are not consistent, the client MUST abort the handshake with an "illegal_parameter" alert."
        ["a key that was not offered"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.PreSharedKey(1)])]),
        ["no key share"] = (AlertDescription.IllegalParameter, server => [server.ServerHello(extensions => [extensions[0], new ServerHelloExtension.PreSharedKey(0)])]),
        ["a suite of another hash"] = (AlertDescription.IllegalParameter, server =>
            [server.ServerHello(hello => hello with { CipherSuite = CipherSuite.Aes256GcmSha384 }, extensions => [.. extensions, new ServerHelloExtension.PreSharedKey(0)])]),
        ["a group without a key share of the client"] = (AlertDescription.IllegalParameter, server =>
            [server.ServerHello(extensions => [extensions[0], new ServerHelloExtension.KeyShare(new KeyShareEntry(NamedGroup.X25519, new byte[32])), new ServerHelloExtension.PreSharedKey(0)])]),
        ["a key in a retry request"] = (AlertDescription.IllegalParameter, server =>
            [server.HelloRetryRequest(new HelloRetryRequestExtension.SupportedVersions(ProtocolVersion.Tls13), new HelloRetryRequestExtension.KeyShare(NamedGroup.Secp384r1),
                new HelloRetryRequestExtension.Other(ExtensionType.PreSharedKey, new byte[2]))]),
        ["modes"] = (AlertDescription.IllegalParameter, server =>
            [server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.PreSharedKey(0), new ServerHelloExtension.Other(ExtensionType.PskKeyExchangeModes, new byte[] { 1, 1 })])]),

        // RFC 9846 section 2.2: "As the server is authenticating via a PSK, it does not send a Certificate or a CertificateVerify message."
        ["a certificate"] = (AlertDescription.UnexpectedMessage, server => [Resumed(server), server.EncryptedExtensions(), server.Certificate()]),

        // RFC 9846 section 4.4.2: "Servers which are authenticating with a resumption PSK MUST NOT send the CertificateRequest message in the main handshake".
        ["a certificate request"] = (AlertDescription.UnexpectedMessage, server => [Resumed(server), server.EncryptedExtensions(), server.CertificateRequest()]),
        ["a Finished without the key"] = (AlertDescription.DecryptError, server => [Resumed(server), server.EncryptedExtensions(), server.Send(20, new byte[32])]),
        ["a Finished of another length"] = (AlertDescription.DecodeError, server => [Resumed(server), server.EncryptedExtensions(), server.Send(20, new byte[48])]),
        ["a key share that is not a point"] = (AlertDescription.IllegalParameter, server =>
            [server.ServerHello(extensions => [extensions[0], new ServerHelloExtension.KeyShare(new KeyShareEntry(NamedGroup.Secp256r1, new byte[65])), new ServerHelloExtension.PreSharedKey(0)])]),
    };

    public static IEnumerable<TheoryDataRow<string>> ServerCases => Hellos.Keys.Select(name => new TheoryDataRow<string>(name));

    public static IEnumerable<TheoryDataRow<string>> ClientCases => Answers.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(ServerCases))]
    public void A_server_rejects(string name)
    {
        using var ends = CreateEnds();
        ends.Connect().Dispose();
        using var server = Offer(ends, Hellos[name].Change);
        Assert.Equal(Hellos[name].Alert, server.Error?.Alert);
    }

    [Theory]
    [MemberData(nameof(ClientCases))]
    public void A_client_rejects(string name)
    {
        using var ends = CreateEnds();
        ends.Connect().Dispose();
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(ends.Client)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        Assert.NotNull(server.Offer.PreSharedKeys);
        foreach (var message in Answers[name].Messages(server))
            client.Accept(message);
        Assert.Equal(Answers[name].Alert, client.Error?.Alert);
    }

    [Fact]
    public void A_binder_with_any_wrong_bit_is_rejected()
    {
        using var ends = CreateEnds();
        ends.Server = ends.Server with { Tickets = new TicketKeys(new byte[32]) };
        ends.Connect().Dispose();
        Assert.True(ends.Client.TryTakeSession(out var session));
        using (session)
        {
            for (var bit = 0; bit < 256; bit++)
            {
                using var server = Offer(ends, hello => WithKeys(hello, keys => keys with { Binders = [Changed(keys.Binders[0], bit)] }), session);
                Assert.Equal((SessionErrorCode.BadFinished, AlertDescription.DecryptError), (server.Error!.Code, server.Error.Alert));
            }
        }
    }

    /// <summary>RFC 9846 section 4.3.11: "Any unknown PSKs ... SHOULD simply be ignored", and their binders are not validated.</summary>
    [Theory]
    [InlineData("an unknown ticket", false)]
    [InlineData("an unknown ticket before the known one", true)]
    [InlineData("the known ticket after four unknown ones", false)]
    [InlineData("only the mode psk_ke", false)]
    [InlineData("both modes", true)]
    [InlineData("early data", true)]
    [InlineData("no signature algorithms", true)]
    public void A_server_continues_with(string name, bool isResumed)
    {
        using var ends = CreateEnds();
        ends.Connect().Dispose();
        Assert.True(ends.Client.TryTakeSession(out var session));
        using var _ = session;
        using var secret = new PreSharedSecret(new KeyDerivation(CryptographyProvider.Platform, session.CipherSuite), session.Key);
        using var offer = ClientOffer.Create(ends.Client);
        var unknown = new PskIdentity(new byte[100], 0);
        var known = new PskIdentity(session.Ticket, 0);
        ImmutableArray<PskIdentity> identities = name switch
        {
            "an unknown ticket" => [unknown],
            "an unknown ticket before the known one" => [unknown, known],
            "the known ticket after four unknown ones" => [unknown, unknown, unknown, unknown, known],
            _ => [known],
        };
        var extensions = offer.Extensions.RemoveAll(extension => extension is ClientHelloExtension.SignatureAlgorithms && name == "no signature algorithms");
        if (name is "only the mode psk_ke" or "both modes")
        {
            ImmutableArray<PskKeyExchangeMode> modes = name == "both modes" ? [PskKeyExchangeMode.PskKe, PskKeyExchangeMode.PskDheKe] : [PskKeyExchangeMode.PskKe];
            extensions = extensions.RemoveAll(extension => extension is ClientHelloExtension.PskKeyExchangeModes).Add(new ClientHelloExtension.PskKeyExchangeModes(modes));
        }

        if (name == "early data")
            extensions = extensions.Add(new ClientHelloExtension.EarlyData());

        var hello = WithBinder(offer.Hello, extensions, identities, secret, identities.IndexOf(known));
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start();
        server.Accept(HandshakeWire.Frame(hello));
        Assert.Null(server.Error);
        Assert.True(WireSerializer.TryRead<ServerHello>(server.Sent.Peek().AsSpan(4), out var answer, out var _));
        Assert.True(WireSerializer.TryRead<ServerHelloExtensions>(answer.Extensions.Span, out var answers, out var _));
        var selected = answers.Items.Find<ServerHelloExtension, ServerHelloExtension.PreSharedKey>();
        Assert.Equal(isResumed ? identities.IndexOf(known) : -1, selected?.SelectedIdentity ?? -1);
    }

    /// <summary>RFC 9846 section 9.2: signature_algorithms is required unless a session is resumed.</summary>
    [Fact]
    public void A_full_handshake_after_an_unknown_ticket_requires_signature_algorithms()
    {
        using var ends = CreateEnds();
        using var offer = ClientOffer.Create(ends.Client);
        var keys = new ClientHelloExtension.PreSharedKeys([new PskIdentity(new byte[60], 0)], [new PskBinderEntry(new byte[32])]);
        var hello = With(offer.Hello, extensions => extensions.RemoveAll(extension => extension is ClientHelloExtension.SignatureAlgorithms).Add(keys));
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start();
        server.Accept(HandshakeWire.Frame(hello));
        Assert.Equal(AlertDescription.MissingExtension, server.Error!.Alert);
    }

    /// <summary>RFC 9846 section 4.3.11.2: the binder of the second ClientHello covers the first one and the HelloRetryRequest.</summary>
    [Fact]
    public void A_binder_of_the_second_hello_that_does_not_cover_the_first_is_rejected()
    {
        using var ends = CreateEnds();
        ends.Connect().Dispose();
        ends.Client = ends.Client with { Groups = [NamedGroup.Secp384r1, NamedGroup.Secp256r1] };
        ends.Server = ends.Server with { Groups = [NamedGroup.Secp256r1] };
        Assert.True(ends.Client.TryTakeSession(out var session));
        using var _ = session;
        using var secret = new PreSharedSecret(new KeyDerivation(CryptographyProvider.Platform, session.CipherSuite), session.Key);
        using var offer = ClientOffer.Create(ends.Client);
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        var identity = new PskIdentity(session.Ticket, 0);
        offer.Resume(identity, secret, 32, transcript.View);
        using var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start();
        server.Accept(HandshakeWire.Frame(offer.Hello));
        Assert.Equal("RetryRequested", server.State);

        Assert.Null(offer.Retry(NamedGroup.Secp256r1, null));
        offer.Resume(identity, secret, 32, transcript.View);
        server.Accept(HandshakeWire.Frame(offer.Hello));
        Assert.Equal(AlertDescription.DecryptError, server.Error!.Alert);
    }

    /// <summary>RFC 9846 section 4.7.1: tickets with a lifetime of zero are discarded; 40 tickets in one flight are legal.</summary>
    [Fact]
    public void A_client_accepts_40_tickets_and_stores_a_few_of_them()
    {
        using var ends = CreateEnds();
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(ends.Client)).Start();
        using var server = new ScriptedServer(client.Sent.Dequeue());
        foreach (var message in server.Rest().Prepend(server.ServerHello()))
            client.Accept(message);
        client.Accept(HandshakeWire.Frame(new NewSessionTicket(0, 0, default, new byte[9], [])));
        client.Accept(HandshakeWire.Frame(new NewSessionTicket(60, 0, default, new byte[20_000], [])));
        Assert.False(ends.Client.TryTakeSession(out var _));
        for (byte index = 0; index < 40; index++)
            client.Accept(HandshakeWire.Frame(new NewSessionTicket(60, 0, new[] { index }, new[] { index }, [])));

        Assert.Null(client.Error);
        var tickets = new List<byte>();
        while (ends.Client.TryTakeSession(out var session))
        {
            tickets.Add(session.Ticket.Span[0]);
            session.Dispose();
        }

        Assert.Equal([39, 38, 37, 36, 35, 34, 33, 32], tickets);
    }

    private static ResumptionEnds CreateEnds()
    {
        var ends = new ResumptionEnds();
        ends.Client = ends.Client with { CipherSuites = [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384], Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] };
        return ends;
    }

    private static byte[] Resumed(ScriptedServer server) => server.ServerHello(extensions => [.. extensions, new ServerHelloExtension.PreSharedKey(0)]);

    private static MachineEnd Offer(ResumptionEnds ends, Func<ClientHello, ClientHello> change, ResumableSession? session = null)
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        using var offer = ClientOffer.Create(ends.Client);
        if (session is null)
            Assert.True(ends.Client.TryTakeSession(out session));
        using var secret = new PreSharedSecret(new KeyDerivation(CryptographyProvider.Platform, session.CipherSuite), session.Key);
        offer.Resume(new PskIdentity(session.Ticket, session.ObfuscateAge(ends.Time.GetUtcNow())), secret, 32, transcript.View);
        using (var accepting = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start())
        {
            accepting.Accept(HandshakeWire.Frame(offer.Hello));
            Assert.Null(accepting.Error);
        }

        var server = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateServer(ends.Server)).Start();
        server.Accept(HandshakeWire.Frame(change(offer.Hello)));
        return server;
    }

    private static ClientHello WithBinder(
        ClientHello hello, ImmutableArray<ClientHelloExtension> extensions, ImmutableArray<PskIdentity> identities, PreSharedSecret secret, int index)
    {
        using var transcript = new TranscriptHash(CryptographyProvider.Platform);
        ImmutableArray<PskBinderEntry> binders = [.. identities.Select(_ => new PskBinderEntry(new byte[32]))];
        hello = hello with { Extensions = WireSerializer.ToArray(new ClientHelloExtensions(extensions.Add(new ClientHelloExtension.PreSharedKeys(identities, binders)))) };
        var binder = new byte[32];
        PartialHello.ComputeBinder(secret, transcript.View, hello, 33 * binders.Length, binder);
        if (index >= 0)
            binders = binders.SetItem(index, new PskBinderEntry(binder));
        return hello with { Extensions = WireSerializer.ToArray(new ClientHelloExtensions(extensions.Add(new ClientHelloExtension.PreSharedKeys(identities, binders)))) };
    }

    private static ClientHello With(ClientHello hello, Func<ImmutableArray<ClientHelloExtension>, ImmutableArray<ClientHelloExtension>> change)
    {
        Assert.True(WireSerializer.TryRead<ClientHelloExtensions>(hello.Extensions.Span, out var extensions, out var error), error.ToString());
        return hello with { Extensions = WireSerializer.ToArray(new ClientHelloExtensions(change(extensions.Items))) };
    }

    private static ClientHello WithKeys(ClientHello hello, Func<ClientHelloExtension.PreSharedKeys, ClientHelloExtension.PreSharedKeys> change) =>
        With(hello, extensions => extensions.SetItem(extensions.Length - 1, change((ClientHelloExtension.PreSharedKeys)extensions[^1])));

    private static PskBinderEntry Changed(PskBinderEntry binder, int bit = 255)
    {
        var value = binder.Value.ToArray();
        value[bit / 8] ^= (byte)(1 << (bit % 8));
        return new PskBinderEntry(value);
    }

    // Replaces the last extension by one with other content.
    private static ClientHello WithRawKeys(ClientHello hello, params byte[] content)
    {
        var block = With(hello, extensions => extensions.RemoveAt(extensions.Length - 1)).Extensions.ToArray();
        byte[] longer = [.. block, 0, (byte)ExtensionType.PreSharedKey, (byte)(content.Length >> 8), (byte)content.Length, .. content];
        (longer[0], longer[1]) = ((byte)((longer.Length - 2) >> 8), (byte)(longer.Length - 2));
        return hello with { Extensions = longer };
    }
}
