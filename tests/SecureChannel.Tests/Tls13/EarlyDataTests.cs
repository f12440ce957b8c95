using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>Early data of a client with a ticket of another server: RFC 9846 section 4.3.10, the first two cases.</summary>
public sealed class EarlyDataTests
{
    private static readonly RecordFormat Format = SessionSecurity.Tls13.Handshake!.Records;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void A_server_discards_early_data(bool isRetried, bool hasPreSharedKey)
    {
        using var server = CreateServer(isRetried);
        using var client = new ScriptedClient(Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        Deliver(server, hasPreSharedKey ? HelloWithEarlyData(client) : client.Hello(extensions => [.. extensions, new ClientHelloExtension.EarlyData()]));
        var messages = server.TakeOutput();
        Deliver(server, 0, EarlyData(100), EarlyData(16_000));
        Assert.Null(server.Error);

        if (isRetried)
        {
            client.Receive(HandshakeWire.Messages(messages.AsSpan(0, EndOfRecord(messages)))[0]);
            Deliver(server, client.Hello());
            messages = server.TakeOutput();
        }

        using var reader = new RecordReader(Format);
        using var writer = new RecordWriter(Format);
        client.Receive(HandshakeWire.Messages(messages.AsSpan(0, EndOfRecord(messages)))[0]);
        client.ReceiveProtected(messages[(EndOfRecord(messages) + (isRetried ? 0 : 6))..], reader, writer);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        writer.Write(Format.Handshake, client.Finished(), output);
        server.Deliver(output.WrittenSpan, default);
        Assert.True(server.IsEstablished, $"{server.Engine.End}");
    }

    [Fact]
    public void A_server_discards_early_data_only_up_to_its_limit()
    {
        using var server = CreateServer(false);
        using var client = new ScriptedClient();
        Deliver(server, HelloWithEarlyData(client));
        Deliver(server, 0, EarlyData(16_000), EarlyData(16_000), EarlyData(16_000));
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (server.Error!.Kind, server.Error.Alert));
    }

    [Fact]
    public void The_second_hello_ends_early_data()
    {
        using var server = CreateServer(true);
        using var client = new ScriptedClient(Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        Deliver(server, HelloWithEarlyData(client));
        var messages = server.TakeOutput();
        Deliver(server, 0, EarlyData(100));
        client.Receive(HandshakeWire.Messages(messages.AsSpan(0, EndOfRecord(messages)))[0]);
        Deliver(server, client.Hello());
        Assert.Null(server.Error);
        Deliver(server, 0, EarlyData(100));
        Assert.Equal((SessionErrorCode.BadRecord, AlertDescription.BadRecordMac), (server.Error!.Code, server.Error.Alert));
    }

    [Fact]
    public void Early_data_within_the_second_hello_is_unexpected()
    {
        // RFC 9846 section 5.1: "there MUST NOT be any other records between them".
        using var server = CreateServer(true);
        using var client = new ScriptedClient(Tls13Ends.Client with { Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1] });
        Deliver(server, HelloWithEarlyData(client));
        var messages = server.TakeOutput();
        client.Receive(HandshakeWire.Messages(messages.AsSpan(0, EndOfRecord(messages)))[0]);
        Deliver(server, client.Hello()[..50]);
        Deliver(server, 0, EarlyData(100));
        Assert.Equal(AlertDescription.UnexpectedMessage, server.Error!.Alert);
    }

    [Fact]
    public void Early_data_without_announcement_is_a_bad_record_mac()
    {
        using var server = CreateServer(false);
        using var client = new ScriptedClient();
        Deliver(server, client.Hello());
        Deliver(server, 0, EarlyData(100));
        Assert.Equal(AlertDescription.BadRecordMac, server.Error!.Alert);
    }

    private static EngineEnd CreateServer(bool isRetried)
    {
        var parameters = isRetried ? Tls13Ends.Server with { Groups = [NamedGroup.Secp384r1] } : Tls13Ends.Server;
        var server = new EngineEnd(new ChannelEngine(SessionSecurity.Tls13.Handshake!.CreateServer(parameters), Format, EnginePair.HandshakeTimeout));
        server.Engine.Start(default, server.Output);
        return server;
    }

    private static byte[] HelloWithEarlyData(ScriptedClient client) => client.Hello(extensions =>
    [
        .. extensions,
        new ClientHelloExtension.PskKeyExchangeModes([PskKeyExchangeMode.PskDheKe]),
        new ClientHelloExtension.EarlyData(),
        new ClientHelloExtension.PreSharedKeys([new PskIdentity(new byte[8], 1)], [new PskBinderEntry(new byte[32])]),
    ]);

    private static void Deliver(EngineEnd server, byte[] message) => server.Deliver(HandshakeWire.Record(Format, Format.Handshake, message), default);

    private static void Deliver(EngineEnd server, int at, params byte[][] records)
    {
        foreach (var record in records)
            server.Deliver(record, TimeSpan.FromSeconds(at));
    }

    private static byte[] EarlyData(int length) => HandshakeWire.Record(Format, Format.ApplicationData, new byte[length]);

    private static int EndOfRecord(byte[] bytes) => 5 + (bytes[3] << 8) + bytes[4];
}
