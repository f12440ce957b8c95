using System.Reflection;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Messages;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>
/// The handshakes of RFC 8448 (tests/Vectors/tls13_rfc8448*.json), byte by byte in both roles: section 3 (full handshake), 5 (HelloRetryRequest with a cookie)
/// and 7 (middlebox compatibility). Random values, key pairs and the signature are the recorded ones. The certificate has expired, has an RSA key of 1024 bits
/// and no name. These tests accept it.
/// </summary>
public sealed class TraceTests
{
    public static TheoryData<string> Traces => ["tls13_rfc8448.json", "tls13_rfc8448_retry.json", "tls13_rfc8448_compatible.json"];

    [Theory]
    [MemberData(nameof(Traces))]
    public void The_client_sends_the_bytes_of_the_trace(string file)
    {
        var trace = new Trace(file);
        var log = new List<string>();
        using var engine = new EngineEnd(new ChannelEngine(CreateClient(trace, log.Add), SessionSecurity.Tls13.Handshake!.Records, EnginePair.HandshakeTimeout));
        engine.Engine.Start(default, engine.Output);
        Play(trace, engine, "client", "server", Accept);

        Assert.Null(engine.Error);
        Assert.Equal(CipherSuite.Aes128GcmSha256, engine.Engine.Negotiated!.CipherSuite);
        AssertLog(trace, log);
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void The_server_sends_the_bytes_of_the_trace(string file)
    {
        var trace = new Trace(file);
        var log = new List<string>();
        using var engine = new EngineEnd(new ChannelEngine(CreateServer(trace, log.Add), SessionSecurity.Tls13.Handshake!.Records, EnginePair.HandshakeTimeout));
        engine.Engine.Start(default, engine.Output);
        Play(trace, engine, "server", "client", operation => operation.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());

        Assert.Null(engine.Error);
        AssertLog(trace, log);
    }

    // Delivers the records of the peer in the order of the trace and compares the records that this endpoint sends. Tickets are not supported.
    private static void Play(Trace trace, EngineEnd end, string self, string peer, Action<PendingOperation> run)
    {
        var sent = new List<byte>();
        sent.AddRange(end.TakeOutput());
        var expected = new List<byte>();
        foreach (var (by, type, record) in trace.Sequence)
        {
            if (self == "server" && by == self && type == "handshake" && end.IsEstablished)
                return;
            if (by == self)
                expected.AddRange(record);
            if (by == self && type == "application_data")
                end.Engine.Write(trace.Payload(by, type), default, end.Output);
            if (by == self && type == "alert")
                end.Engine.Close(default, end.Output);
            if (by == peer && end.Engine.Status != EngineStatus.Closed)
                Deliver(end, record, run);
            sent.AddRange(end.TakeOutput());
            var length = Math.Min(sent.Count, expected.Count);
            Assert.Equal(Convert.ToHexString([.. expected.Take(length)]), Convert.ToHexString([.. sent.Take(length)]));
        }

        Assert.Equal(expected.Count, sent.Count);
    }

    private static void Deliver(EngineEnd end, byte[] record, Action<PendingOperation> run)
    {
        var result = end.Engine.Read(record.ToArray(), default, end.Output);
        Assert.Null(end.Error);
        Assert.Equal(record.Length, result.Consumed);
        while (end.Engine.Pending is { } operation)
        {
            run(operation);
            end.Engine.Resume(default, end.Output);
        }
    }

    private static Tls13Client CreateClient(Trace trace, Action<string> log)
    {
        var hellos = trace.Messages("client", "ClientHello");
        var first = new RecordedKeyShare(
            NamedGroup.X25519, trace.Value("client", "create an ephemeral x25519 key pair", "public key"), hellos.Length == 1 ? trace.Agreed : []);
        var offer = hellos.Length == 1
            ? new RecordedOffer(trace.Message<ClientHello>("client", "ClientHello"), first)
            : new RecordedOffer(
                trace.Message<ClientHello>("client", "ClientHello"),
                first,
                trace.Message<ClientHello>("client", "ClientHello", 1),
                new RecordedKeyShare(NamedGroup.Secp256r1, trace.Value("client", "create an ephemeral P-256 key pair", "public key"), trace.Agreed));
        return new Tls13Client(Tls13Ends.Client with { KeyLog = log }, offer);
    }

    private static Tls13Server CreateServer(Trace trace, Action<string> log)
    {
        var hellos = trace.Messages("server", "ServerHello");
        var group = hellos.Length == 1 ? NamedGroup.X25519 : NamedGroup.Secp256r1;
        var publicKey = trace.Value("server", $"create an ephemeral {(hellos.Length == 1 ? "x25519" : "P-256")} key pair", "public key");
        var cookie = hellos.Length == 1 ? null : CookieOf(trace.Message<ServerHello>("server", "ServerHello"));
        var (scheme, signature) = trace.Signature;
        var parameters = new ServerHandshakeParameters
        {
            Cryptography = new RecordedProvider([trace.Message<ServerHello>("server", "ServerHello", hellos.Length - 1).Random.ToArray()], _ => new RecordedKeyShare(group, publicKey, trace.Agreed)),
            Identity = new CertificateIdentity(Tls13Ends.Identity.Certificate, new RecordedSigner(scheme, signature)),
            Groups = [group],
            KeyLog = log,
        };
        var answer = new RecordedAnswer(trace.Message<EncryptedExtensions>("server", "EncryptedExtensions"), trace.Message<Certificate>("server", "Certificate"), cookie);
        return new Tls13Server(parameters, answer);
    }

    private static ReadOnlyMemory<byte>? CookieOf(ServerHello retry)
    {
        Assert.True(WireSerializer.TryRead<HelloRetryRequestExtensions>(retry.Extensions.Span, out var extensions, out _));
        return extensions.Items.Find<HelloRetryRequestExtension, HelloRetryRequestExtension.Cookie>()!.Value;
    }

    // The policy of this test accepts any certificate chain.
    private static void Accept(PendingOperation operation)
    {
        var validation = Assert.IsType<CertificateVerificationOperation>(operation);
        var presented = (IReadOnlyList<ReadOnlyMemory<byte>>)typeof(CertificateVerificationOperation)
            .GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Single(field => field.FieldType == typeof(IReadOnlyList<ReadOnlyMemory<byte>>)).GetValue(validation)!;
        Assert.True(CertificateParser.TryParse(presented[0], out var certificate, out _));
        var key = ChainCacheKey.Of(presented, CertificatePurpose.TlsServer, CryptographyProvider.Platform);
        var leaf = new CheckedLeaf(certificate, [], key, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        var chain = new VerifiedIdentity(leaf, "server", new ChainCache());
        typeof(CertificateVerificationOperation).GetProperty(nameof(CertificateVerificationOperation.Identity))!.SetValue(validation, chain);
    }

    private static void AssertLog(Trace trace, List<string> log)
    {
        var random = Convert.ToHexStringLower(trace.Message<ClientHello>("client", "ClientHello").Random.Span);
        string[] expected =
        [
            $"CLIENT_HANDSHAKE_TRAFFIC_SECRET {random} {Convert.ToHexStringLower(trace.Secret("c hs traffic"))}",
            $"SERVER_HANDSHAKE_TRAFFIC_SECRET {random} {Convert.ToHexStringLower(trace.Secret("s hs traffic"))}",
            $"CLIENT_TRAFFIC_SECRET_0 {random} {Convert.ToHexStringLower(trace.Secret("c ap traffic"))}",
            $"SERVER_TRAFFIC_SECRET_0 {random} {Convert.ToHexStringLower(trace.Secret("s ap traffic"))}",
            $"EXPORTER_SECRET {random} {Convert.ToHexStringLower(trace.Secret("exp master"))}",
        ];
        Assert.Equal(expected, log);
    }
}
