using System.Buffers.Binary;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tests.Sessions;

namespace SecureChannel.Tests.Engine;

/// <summary>The memory of handshakes that a peer does not continue, for the largest messages of the least efficient content.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class HandshakeMemoryTests
{
    private const int Count = 40;
    private const int Fixed = 16 * 1024;
    private const int PerByte = 4;

    /// <summary>Gets the content of a hello, and the progress after which the client stops.</summary>
    public static TheoryData<string, string> Stalls
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] contents = ["protocols", "extensions", "authorities", "responders", "names", "keys", "suites", "groups"];
            foreach (var content in contents)
            {
                data.Add(content, "incomplete");
                data.Add(content, "signing");
                data.Add(content, "answered");
                data.Add(content, "retried");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Stalls))]
    public void A_stalled_client_costs_at_most_16_KiB_and_4_bytes_for_each_byte_that_it_sent(string content, string progress)
    {
        var hello = CreateHello(content, isRetry: progress == "retried");
        Assert.InRange(hello.Length, 15_000, 4 + ChannelEngine.DefaultMaxClientHelloLength);
        var sent = progress == "incomplete" ? hello[..^1] : hello;
        AssertRetained(sent.Length, () =>
        {
            var end = new EngineEnd(new ChannelEngine(
                SessionSecurity.Tls13.Handshake!.CreateServer(Tls13Ends.Server), SessionSecurity.Tls13.Handshake!.Records, EnginePair.HandshakeTimeout));
            end.Engine.Start(default, end.Output);
            Receive(end.Engine, SessionSecurity.Tls13.Handshake!.Records, sent, end.Output);
            Assert.Equal(progress == "signing" || progress == "answered", end.Engine.Pending is not null);
            if (progress == "answered")
                end.Deliver([], default);
            Assert.Null(end.Error);
            Assert.Equal(progress != "incomplete", end.TakeOutput().Length > 0);
            return end.Engine;
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stalled_client_of_key_transport_costs_no_more(bool isComplete)
    {
        byte[] names = [.. Enumerable.Range(0, 8_000).SelectMany(n => new byte[] { 1, (byte)('a' + (n % 26)) }), 6, .. "bank/1"u8];
        byte[] body =
        [
            2, 0, 1, .. new byte[32], 2, 0x13, 0x01, 2, 0, 1, 12, .. "bank.example"u8, (byte)(names.Length >> 8), (byte)names.Length, .. names, 0, 0,
        ];
        byte[] request = [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        var sent = isComplete ? request : request[..^1];
        var server = KeyTransportEnds.Server with { ApplicationProtocols = ["bank/1"] };
        AssertRetained(sent.Length, () =>
        {
            var end = new EngineEnd(new ChannelEngine(
                SessionSecurity.KeyTransport.Handshake!.CreateServer(server), SessionSecurity.KeyTransport.Handshake!.Records, EnginePair.HandshakeTimeout));
            end.Engine.Start(default, end.Output);
            Receive(end.Engine, SessionSecurity.KeyTransport.Handshake!.Records, sent, end.Output);
            Assert.Null(end.Error);
            Assert.Equal(isComplete, end.TakeOutput().Length > 0);
            return end.Engine;
        });
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("KeyTransport")]
    public void A_message_above_the_limit_is_refused_at_its_header(string security)
    {
        var protocol = security == "Tls13" ? SessionSecurity.Tls13.Handshake! : SessionSecurity.KeyTransport.Handshake!;
        foreach (var (limit, length, isRefused) in new[] { (0, (1 << 14) + 1, true), (0, 1 << 14, false), (1000, 1001, true), (1000, 1000, false) })
        {
            HandshakeMachine machine = security == "Tls13" ? protocol.CreateServer(Tls13Ends.Server) : protocol.CreateServer(KeyTransportEnds.Server);
            using var end = new EngineEnd(limit == 0
                ? new ChannelEngine(machine, protocol.Records, EnginePair.HandshakeTimeout)
                : new ChannelEngine(machine, protocol.Records, EnginePair.HandshakeTimeout, maxClientHelloLength: limit));
            end.Engine.Start(default, end.Output);
            end.Deliver(HandshakeWire.Record(protocol.Records, protocol.Records.Handshake, 1, 0, (byte)(length >> 8), (byte)length), default);
            (SessionErrorKind?, SessionErrorCode?, AlertDescription?) expected =
                isRefused ? (SessionErrorKind.MalformedMessage, SessionErrorCode.MessageTooLarge, AlertDescription.GeneralError) : (null, null, null);
            Assert.Equal(expected, (end.Error?.Kind, end.Error?.Code, end.Error?.Alert));
            Assert.Equal(isRefused, end.Error?.Message.Contains("'MaxClientHelloSize'", StringComparison.Ordinal) == true);
        }
    }

    [Theory]
    [InlineData("tls/1.3", 1000, false)]
    [InlineData("tls/1.3", 1001, true)]
    [InlineData("key-transport/1", 1000, false)]
    [InlineData("key-transport/1", 1001, true)]
    public async Task A_server_session_applies_MaxClientHelloSize(string security, int length, bool isRefused)
    {
        var options = SessionPair.ServerOptions(security) with { MaxClientHelloSize = 1000 };
        var records = options.Security.Handshake!.Records;
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, SessionPair.ClientOptions(security), options);
        await pair.Connection!.ClientToServer.InjectAsync(HandshakeWire.Record(records, records.Handshake, 1, 0, (byte)(length >> 8), (byte)length));
        pair.Connection.ClientToServer.Cut();

        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.HandshakeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(isRefused ? SessionErrorCode.MessageTooLarge : SessionErrorCode.Truncated, failure.Error.Code);
    }

    [Fact]
    public void A_client_and_protected_messages_have_the_limit_of_handshake_messages()
    {
        var protocol = SessionSecurity.Tls13.Handshake!;
        foreach (var length in new[] { 1 << 16, (1 << 16) + 1 })
        {
            using var client = new EngineEnd(new ChannelEngine(protocol.CreateClient(Tls13Ends.Client), protocol.Records, EnginePair.HandshakeTimeout, maxClientHelloLength: 1000));
            client.Engine.Start(default, client.Output);
            client.Deliver(HandshakeWire.Record(protocol.Records, protocol.Records.Handshake, 2, (byte)(length >> 16), (byte)(length >> 8), (byte)length), default);
            Assert.Equal(length > 1 << 16, client.Error?.Message.Contains("'MaxHandshakeMessageSize'", StringComparison.Ordinal) == true);

            using var pair = Tls13Ends.CreatePair().Start().Run();
            Assert.True(pair.IsEstablished);
            HandshakeWire.WriterOf(pair.Client).Write(protocol.Records.Handshake, [24, (byte)(length >> 16), (byte)(length >> 8), (byte)length], pair.Client.Output);
            pair.Run();
            Assert.Equal(length > 1 << 16 ? SessionErrorCode.MessageTooLarge : null, pair.Server.Error?.Code);
        }
    }

    private static void AssertRetained(int sent, Func<ChannelEngine> create)
    {
        // Fills the pool and the caches of the process.
        for (var n = 0; n < 3; n++)
            create().Dispose();

        // Arrays that other tests returned to the pool would hide the memory of these engines.
        var rented = new List<byte[]>();
        for (var size = 1 << 12; size <= 1 << 17; size *= 2)
        {
            for (var n = 0; n < 300; n++)
                rented.Add(System.Buffers.ArrayPool<byte>.Shared.Rent(size));
        }

        // The process frees and allocates other memory too, so the median of several measurements counts.
        var engines = new List<ChannelEngine>(5 * Count);
        // Negative values are those of other tests, which released much memory in the meantime.
        var median = 0L;
        for (var attempt = 0; median <= 0 && attempt < 5; attempt++)
            median = Enumerable.Range(0, 5).Select(_ => MeasureRetained(create, engines)).Order().ElementAt(2);
        foreach (var engine in engines)
            engine.Dispose();
        GC.KeepAlive(rented);
        Assert.InRange(median, 1, Fixed + (PerByte * sent));
    }

    private static long MeasureRetained(Func<ChannelEngine> create, List<ChannelEngine> engines)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var n = 0; n < Count; n++)
            engines.Add(create());
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
    }

    private static void Receive(ChannelEngine engine, RecordFormat format, byte[] message, System.Buffers.IBufferWriter<byte> output)
    {
        foreach (var fragment in message.Chunk(RecordFormat.MaxContentLength))
        {
            var record = HandshakeWire.Record(format, format.Handshake, fragment);
            Assert.Equal(record.Length, engine.Read(record, default, output).Consumed);
        }
    }

    // A hello of nearly 16 KiB. Its extensions before the last are those of a usual client.
    private static byte[] CreateHello(string content, bool isRetry)
    {
        using var client = Tls13Ends.CreatePair().Start();
        var hello = HandshakeWire.Messages(client.Client.TakeOutput()).Single();
        const int FixedLength = 4 + 2 + 32 + 1 + 32;
        var suitesLength = BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(FixedLength));
        var suites = hello.AsSpan(FixedLength + 2, suitesLength).ToArray();
        var extensions = WithoutFirst(hello[(FixedLength + 2 + suitesLength + 2 + 2)..]);
        if (isRetry)
            extensions = WithoutKeyShare(extensions);
        const int Room = 15_000;
        byte[] added = content switch
        {
            "protocols" => Extension(16, Vector(Repeat(Room / 2, n => [1, (byte)n]))),
            "extensions" => Repeat(Room / 4, n => [(byte)(0x10 + (n >> 8)), (byte)n, 0, 0]),
            "authorities" => Extension(47, Vector(Repeat(Room / 3, n => [0, 1, (byte)n]))),
            "responders" => Extension(5, [1, .. Vector(Repeat(Room / 3, n => [0, 1, (byte)n])), 0, 0]),
            "names" => Extension(0, Vector(Repeat(Room / 4, n => [7, 0, 1, (byte)n]))),
            "suites" => [],
            "groups" => [],
            "keys" =>
            [
                .. Extension(45, [1, 1]),
                .. Extension(41, [.. Vector(Repeat(Room / 40, n => [0, 1, (byte)n, 0, 0, 0, 0])), .. Vector(Repeat(Room / 40, _ => [32, .. new byte[32]]))]),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(content)),
        };
        if (content == "suites")
            suites = [.. suites, .. Repeat(Room / 2, n => [(byte)(0x40 + (n >> 8)), (byte)n])];
        if (content == "groups")
            extensions = ReplaceGroups(extensions, Room);
        if (content == "names")
            extensions = Without(extensions, 0);
        extensions = [.. extensions, .. added];
        byte[] body = [.. hello.AsSpan(4, 2 + 32 + 1 + 32), .. Vector(suites), 1, 0, .. Vector(extensions)];
        return [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    // The first extension is empty and has a reserved type (RFC 8701), which must not occur twice.
    private static byte[] WithoutFirst(byte[] extensions) => extensions[4..];

    private static byte[] WithoutKeyShare(byte[] extensions) => [.. Without(extensions, 51), .. Extension(51, [0, 0])];

    private static byte[] ReplaceGroups(byte[] extensions, int room)
    {
        // The client's own groups come first, so that its key share is in order.
        var groups = Content(extensions, 10)[2..];
        return [.. Without(extensions, 10), .. Extension(10, Vector([.. groups, .. Repeat(room / 2, n => [(byte)(0x40 + (n >> 8)), (byte)n])]))];
    }

    private static byte[] Without(byte[] extensions, int type)
    {
        List<byte> kept = [];
        for (var at = 0; at < extensions.Length;)
        {
            var length = 4 + BinaryPrimitives.ReadUInt16BigEndian(extensions.AsSpan(at + 2));
            if (BinaryPrimitives.ReadUInt16BigEndian(extensions.AsSpan(at)) != type)
                kept.AddRange(extensions.AsSpan(at, length));
            at += length;
        }

        return [.. kept];
    }

    private static byte[] Content(byte[] extensions, int type)
    {
        for (var at = 0; ;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(extensions.AsSpan(at + 2));
            if (BinaryPrimitives.ReadUInt16BigEndian(extensions.AsSpan(at)) == type)
                return extensions[(at + 4)..(at + 4 + length)];
            at += 4 + length;
        }
    }

    private static byte[] Repeat(int count, Func<int, byte[]> element) => [.. Enumerable.Range(0, count).SelectMany(element)];

    private static byte[] Vector(byte[] content) => [(byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Extension(int type, byte[] content) => [(byte)(type >> 8), (byte)type, .. Vector(content)];
}
