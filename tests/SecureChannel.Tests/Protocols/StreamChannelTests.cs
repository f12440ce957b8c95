using System.Buffers;
using System.Text;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>A channel over a stream of bytes, in our framing and in one of another's design.</summary>
public sealed class StreamChannelTests
{
    // Sensor 7 reads -12.5: 7 bytes follow, little-endian; the code 'r'; the sensor; the digits.
    private static readonly byte[] ReadingPacket = [7, 0, (byte)'r', 7, .. "-12.5"u8];

    private readonly DuplexConnection _connection = DuplexConnection.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_protocol_runs_in_packets_of_another_s_design_with_a_message_coded_by_hand()
    {
        await using var client = Open(_connection.Client);
        await using var server = Open(_connection.Server);
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        var asked = Assert.IsType<MeterServer.Idle.Poll>(await MeterServer.Begin(server).ReceiveAsync());
        _ = await asked.Next.SendAsync(new Reading(asked.Message.Sensor, -12.5m));
        var (reading, idle) = await polled.ReceiveAsync();
        await idle.SendAsync(new Quit());

        Assert.Equal(new Reading(7, -12.5m), reading);
        Assert.Equal([2, 0, (byte)'p', 7, 1, 0, (byte)'q'], _connection.ClientToServer.Recorded);
        Assert.Equal(ReadingPacket, _connection.ServerToClient.Recorded);
    }

    [Fact]
    public async Task A_message_coded_by_hand_that_cannot_be_read_ends_the_session()
    {
        await using var client = Open(_connection.Client);
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(new byte[] { 5, 0, (byte)'r', 7, (byte)'1', (byte)'x', (byte)'2' });

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await polled.ReceiveAsync());

        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (failure.Error.Kind, failure.Error.Alert));
        Assert.Contains("Value", failure.Error.Message);
        Assert.Equal(SessionEndReason.Failed, client.End!.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_arrive_wherever_the_stream_splits_them(bool ownFraming)
    {
        var stream = ownFraming ? (byte[])[.. ReadingPacket, 2, 0, (byte)'r', 1, .. ReadingPacket] : Default(new Reading(7, -12.5m), new Reading(1, 0), new Reading(7, -12.5m));
        for (var split = 0; split <= stream.Length; split++)
        {
            var connection = DuplexConnection.Create();
            await using var client = Open(connection.Client, ownFraming ? null : StreamFraming.Default);
            var receiving = ReceiveAllAsync(client);
            await connection.ServerToClient.InjectAsync(stream.AsMemory(..split));
            await connection.ServerToClient.InjectAsync(stream.AsMemory(split..));
            connection.ServerToClient.Cut();
            Assert.Equal(3, (await receiving).Count);
        }
    }

    [Fact]
    public async Task Messages_arrive_byte_by_byte_and_keep_their_content()
    {
        await using var client = Open(_connection.Client);
        var receiving = ReceiveAllAsync(client);
        foreach (var part in Enumerable.Repeat(ReadingPacket, 500).SelectMany(packet => packet).Chunk(1))
            await _connection.ServerToClient.InjectAsync(part);
        _connection.ServerToClient.Cut();

        var received = await receiving;

        Assert.Equal(500, received.Count);
        Assert.All(received, body => Assert.Equal("7-12.5", (char)('0' + body[0]) + Encoding.ASCII.GetString(body.AsSpan(1))));
        Assert.Equal(SessionEndReason.ClosedByPeer, client.End!.Reason);
    }

    [Fact]
    public async Task A_stream_that_ends_in_the_middle_of_a_message_was_cut()
    {
        for (var size = 1; size < ReadingPacket.Length; size++)
        {
            var connection = DuplexConnection.Create();
            await using var client = Open(connection.Client);
            await connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(..size));
            connection.ServerToClient.Cut();

            var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

            Assert.Equal((SessionErrorKind.Truncated, "the stream ended in the middle of a message"), (failure.Error.Kind, failure.Error.Message));
            Assert.Same(failure.Error, (await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop))).Error);
        }
    }

    [Fact]
    public async Task A_message_beyond_the_bound_is_refused_before_its_body_arrives()
    {
        await using var client = Open(_connection.Client, maxMessageSize: 5);
        await _connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(..2));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

        Assert.Equal((SessionErrorKind.MalformedMessage, "a packet of 7 bytes"), (failure.Error.Kind, failure.Error.Message));
        await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop));
    }

    [Fact]
    public async Task The_library_s_framing_refuses_a_message_beyond_the_bound()
    {
        await using var client = Open(_connection.Client, StreamFraming.Default, maxMessageSize: 100);
        await _connection.ServerToClient.InjectAsync(new byte[] { 1, 0x40, 101 });

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

        Assert.Equal((SessionErrorKind.MalformedMessage, "a message of 101 bytes (code 1) arrived; the limit is 100"), (failure.Error.Kind, failure.Error.Message));
    }

    [Theory]
    [InlineData(0, "the framing LyingFraming takes 0 of 9 bytes for a packet")]
    [InlineData(-1, "the framing LyingFraming takes -1 of 9 bytes for a packet")]
    [InlineData(10, "the framing LyingFraming takes 10 of 9 bytes for a packet")]
    [InlineData(int.MaxValue, "the framing LyingFraming takes 2147483647 of 9 bytes for a packet")]
    [InlineData(null, "the framing LyingFraming threw InvalidDataException: beyond the packet")]
    public async Task A_framing_that_breaks_its_contract_ends_the_channel_by_this_end_s_fault(int? consumed, string reason)
    {
        await using var client = Open(_connection.Client, new LyingFraming(consumed));
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(ReadingPacket);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await polled.ReceiveAsync());

        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError, reason), (failure.Error.Kind, failure.Error.Alert, failure.Error.Message));
        Assert.Same(failure.Error, client.End!.Error);
    }

    [Fact]
    public async Task A_send_cancelled_before_a_byte_moved_gives_the_token_back()
    {
        await using var client = Open(_connection.Client);
        var idle = MeterClient.Begin(client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await idle.SendAsync(new Poll(1), new CancellationToken(canceled: true)));
        Assert.Empty(_connection.ClientToServer.Recorded);
        await idle.SendAsync(new Quit());

        Assert.Equal([1, 0, (byte)'q'], _connection.ClientToServer.Recorded);
    }

    [Fact]
    public async Task A_message_outside_its_bound_is_refused_before_a_byte_moves_and_gives_the_token_back()
    {
        await using var server = Open(_connection.Server);
        await _connection.ClientToServer.InjectAsync(new byte[] { 2, 0, (byte)'p', 7 });
        var polled = Assert.IsType<MeterServer.Idle.Poll>(await MeterServer.Begin(server).ReceiveAsync()).Next;

        await Assert.ThrowsAsync<ArgumentException>(async () => await polled.SendAsync(new Reading(7, 12345678901234m)));
        Assert.Empty(_connection.ServerToClient.Recorded);
        _ = await polled.SendAsync(new Reading(7, -12.5m));

        Assert.Equal(ReadingPacket, _connection.ServerToClient.Recorded);
    }

    [Fact]
    public async Task A_cancelled_receive_gives_the_token_back_and_keeps_what_had_arrived()
    {
        await using var client = Open(_connection.Client);
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(..4));
        using var cancellation = new CancellationTokenSource();
        var receiving = polled.ReceiveAsync(cancellation.Token);
        Assert.False(receiving.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiving);

        await _connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(4..));

        Assert.Equal(new Reading(7, -12.5m), (await polled.ReceiveAsync()).Message);
    }

    [Fact]
    public async Task Closing_ends_the_stream_after_what_was_sent_and_nothing_can_be_sent_any_more()
    {
        var client = Open(_connection.Client);
        await using var server = Open(_connection.Server);
        await client.SendAsync(new Quit(), Stop);
        await client.CloseAsync(Stop);
        await client.CloseAsync(Stop);
        await client.DisposeAsync();

        Assert.Equal('q', (await server.ReceiveAsync(Stop))!.Value.Code);
        Assert.Null(await server.ReceiveAsync(Stop));
        Assert.Equal((SessionEndReason.ClosedLocally, SessionEndReason.ClosedByPeer), (client.End!.Reason, server.End!.Reason));
        Assert.Null(await client.ReceiveAsync(Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SendAsync(new Quit(), Stop));
        var refused = await Assert.ThrowsAsync<SessionException>(async () => await server.SendAsync(new Quit(), Stop));
        Assert.Equal("the peer has closed the channel", refused.Error.Message);
    }

    [Fact]
    public async Task A_peer_that_ends_its_direction_ends_the_channel_after_what_it_sent()
    {
        await using var client = Open(_connection.Client);
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(ReadingPacket);
        _connection.ServerToClient.Cut();

        var (reading, idle) = await polled.ReceiveAsync();
        Assert.Equal(7, reading.Sensor);
        var next = await idle.SendAsync(new Poll(8));
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await next.ReceiveAsync());

        Assert.Contains("the peer closed the session in Polled of meter/1", failure.Error.Message);
        Assert.Equal(SessionEndReason.ClosedByPeer, client.End!.Reason);
    }

    [Fact]
    public async Task An_aborted_channel_fails_with_its_error_on_every_later_use()
    {
        await using var client = Open(_connection.Client);
        var error = new SessionError(SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage, "not now");
        await client.AbortAsync(error);
        await client.CloseAsync(Stop);

        Assert.Same(error, (await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop))).Error);
        Assert.Same(error, (await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop))).Error);
        Assert.Equal((SessionEndReason.Failed, error), (client.End!.Reason, client.End.Error));
    }

    [Fact]
    public async Task A_second_receive_at_once_is_refused()
    {
        await using var client = Open(_connection.Client);
        var first = client.ReceiveAsync(Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.ReceiveAsync(Stop));

        await _connection.ServerToClient.InjectAsync(ReadingPacket);
        Assert.NotNull(await first);
    }

    [Fact]
    public async Task A_stream_that_breaks_fails_the_channel_and_says_while_what()
    {
        await using var client = Open(_connection.Client);
        _connection.ClientToServer.Change = _ => throw new IOException("no route");

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop));

        Assert.Equal((SessionErrorKind.Truncated, "the stream failed while writing: no route"), (failure.Error.Kind, failure.Error.Message));
    }

    private static StreamChannel Open(DuplexStream stream, StreamFraming? framing = null, int maxMessageSize = 1000) =>
        new(stream, framing ?? new LittleEndianFraming(), MeterClient.Name, maxMessageSize);

    private static async Task<List<byte[]>> ReceiveAllAsync(StreamChannel channel)
    {
        var bodies = new List<byte[]>();
        while (await channel.ReceiveAsync(Stop) is { } message)
            bodies.Add(message.Body.ToArray());
        return bodies;
    }

    private static byte[] Default(params Reading[] readings)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var reading in readings)
            MessageFraming.Write(output, reading);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Says of a packet that it takes so many bytes, or throws.</summary>
    private sealed class LyingFraming(int? lie) : LittleEndianFraming
    {
        public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
        {
            var status = base.TryRead(input, maxMessageSize, out consumed, out message, out error);
            if (status == FrameStatus.Complete)
                consumed = lie ?? throw new InvalidDataException("beyond the packet");
            return status;
        }
    }
}
