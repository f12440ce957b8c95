using System.Buffers;
using SecureChannel.Messages;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

[Message(1)]
internal sealed partial record Place(string Street, [property: Since(2)] string? Floor = null);

[Message(2)]
internal sealed partial record Order(Place From, List<Place> To, [property: Since(2)] int Weight = 7, [property: Since(3)] bool IsUrgent = true);

[Message(3)]
internal sealed partial record Receipt(byte Number, [property: Remainder] ReadOnlyMemory<byte> More);

/// <summary>A protocol that orders a courier.</summary>
[Protocol("courier/1")]
internal enum Courier
{
    [Client<Order>(Taking)]
    Start,

    [Server<Receipt>(Taken)]
    [Server<Place>(Taken)]
    Taking,

    [Final]
    Taken,
}

/// <summary>The second version of the protocol, with the same messages and more fields.</summary>
[Protocol("courier/2")]
internal enum Courier2
{
    [Client<Order>(Taking)]
    Start,

    [Server<Receipt>(Taken)]
    [Server<Place>(Taken)]
    Taking,

    [Final]
    Taken,
}

/// <summary>Messages are encoded with exactly the fields of the negotiated version.</summary>
public sealed class MessageVersionTests
{
    private static readonly Order Sent = new(new Place("A", "1"), [new Place("B", "2"), new Place("C")], 40, false);

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Version_1_exchanges_the_fields_of_version_1(string security)
    {
        await using var pair = await EstablishAsync(security, [CourierClient.Name], [CourierServer.Name, Courier2Server.Name]);
        Assert.Equal((1, 1), (pair.Client.ProtocolVersion, pair.Server.ProtocolVersion));

        var ordered = await CourierClient.Begin(pair.Client).SendAsync(Sent);
        var (order, taking) = await CourierServer.Begin(pair.Server).ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience);
        Assert.Equal("A - 7 True: B - C -", Describe(order));

        await taking.SendAsync(new Place("D", "9"));
        var reply = Assert.IsType<CourierClient.Taking.Place>(await ordered.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal(new Place("D"), reply.Message);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Version_2_exchanges_the_fields_of_version_2_including_nested_messages(string security)
    {
        await using var pair = await EstablishAsync(security, [CourierClient.Name, Courier2Client.Name], [CourierServer.Name, Courier2Server.Name]);
        Assert.Equal((2, 2), (pair.Client.ProtocolVersion, pair.Server.ProtocolVersion));

        var ordered = await Courier2Client.Begin(pair.Client).SendAsync(Sent);
        var (order, taking) = await Courier2Server.Begin(pair.Server).ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience);
        Assert.Equal("A 1 40 True: B 2 C -", Describe(order));

        await taking.SendAsync(new Receipt(5, new byte[] { 1, 2, 3 }));
        var reply = Assert.IsType<Courier2Client.Taking.Receipt>(await ordered.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal([1, 2, 3], reply.Message.More.ToArray());
    }

    [Fact]
    public async Task Without_a_negotiated_protocol_the_begun_protocol_defines_the_version()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        Assert.Equal(int.MaxValue, client.ProtocolVersion);

        await CourierClient.Begin(client).SendAsync(Sent);
        Assert.Equal(1, client.ProtocolVersion);

        var received = await server.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(WireSerializer.ToArray(Sent, 1), received!.Value.Body.ToArray());
    }

    [Fact]
    public async Task Fields_of_a_later_version_are_rejected_in_an_earlier_version()
    {
        var (client, server) = InMemoryChannel.CreatePair(
            new InMemoryChannelOptions { ClientProtocols = [CourierServer.Name], ServerProtocols = [CourierServer.Name] });
        var frame = new ArrayBufferWriter<byte>();
        MessageFraming.Write(frame, Sent, 2);
        client.SendBytes(frame.WrittenSpan);

        var refused = await Assert.ThrowsAsync<SessionException>(() => CourierServer.Begin(server).ReceiveAsync().AsTask());
        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (refused.Error.Kind, refused.Error.Alert));
    }

    [Fact]
    public async Task A_stream_channel_with_the_default_framing_uses_the_version()
    {
        using var bytes = new MemoryStream();
        await using (var channel = new StreamChannel(bytes, Role.Client, applicationProtocol: "courier/2"))
            await channel.SendAsync(Sent);
        Assert.Equal(WireSerializer.ToArray(Sent, 2), bytes.ToArray()[2..]);
    }

    [Theory]
    [InlineData("courier/0", 1)]
    [InlineData("courier/12", 12)]
    [InlineData("http/1.1", int.MaxValue)]
    [InlineData("h2", int.MaxValue)]
    public async Task The_version_follows_the_last_slash_of_the_name(string name, int version)
    {
        await using var channel = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientProtocols = [name], ServerProtocols = [name] }).Client;
        Assert.Equal(version, channel.ProtocolVersion);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Writing_to_a_span_or_buffer_equals_writing_to_an_array(int version)
    {
        var expected = WireSerializer.ToArray(Sent, version);
        Span<byte> span = stackalloc byte[64];
        Assert.Equal(expected, span[..WireSerializer.Write(span, Sent, version)]);
        var buffer = new ArrayBufferWriter<byte>();
        WireSerializer.Write(buffer, Sent, version);
        Assert.Equal(expected, buffer.WrittenSpan);
        Assert.Throws<ArgumentException>(() => WireSerializer.Write(new byte[expected.Length - 1], Sent, version));
        Assert.Throws<ArgumentOutOfRangeException>(() => WireSerializer.Write(new byte[64], Sent, 0));
    }

    private static string Describe(Order order) =>
        $"{Describe(order.From)} {order.Weight} {order.IsUrgent}: {string.Join(" ", order.To.Select(Describe))}";

    private static string Describe(Place place) => $"{place.Street} {place.Floor ?? "-"}";

    private static Task<SessionPair> EstablishAsync(string security, string[] client, string[] server) =>
        SessionPair.EstablishAsync(TransportKind.Stream, VersionTests.With(SessionPair.ClientOptions(security), client),
            VersionTests.With(SessionPair.ServerOptions(security), server));
}
