using System.Buffers;
using System.Text;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>Channels over byte streams, with the default framing and a custom one.</summary>
public sealed class StreamChannelTests
{
    // The size of the rest (7 bytes, little-endian), the code 'r', sensor 7, and the digits of -12.5.
    private static readonly byte[] ReadingPacket = [7, 0, (byte)'r', 7, .. "-12.5"u8];

    private readonly DuplexConnection _connection = DuplexConnection.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_protocol_runs_over_a_custom_framing_with_a_hand_coded_message()
    {
        await using var client = Open(_connection.Client);
        await using var server = Open(_connection.Server, role: Role.Server);
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
    public async Task A_malformed_hand_coded_message_fails_the_session()
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
    public async Task Messages_are_received_wherever_the_stream_splits_them(bool ownFraming)
    {
        var stream = ownFraming ? (byte[])[.. ReadingPacket, 2, 0, (byte)'r', 1, .. ReadingPacket]
            : Default(new Reading(7, -12.5m), new Reading(1, 0), new Reading(7, -12.5m));
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
    public async Task Messages_received_byte_by_byte_are_intact()
    {
        await using var client = Open(_connection.Client);
        var receiving = ReceiveAllAsync(client);
        foreach (var part in Enumerable.Repeat(ReadingPacket, 500).SelectMany(packet => packet).Chunk(1))
            await _connection.ServerToClient.InjectAsync(part);
        _connection.ServerToClient.Cut();

        var received = await receiving;

        Assert.Equal(500, received.Count);
        Assert.All(received, body => Assert.Equal("7-12.5", (char)('0' + body[0]) + Encoding.ASCII.GetString(body.AsSpan(1))));
        Assert.Null(client.End);
    }

    [Fact]
    public async Task A_stream_that_ends_within_a_message_is_truncated()
    {
        for (var size = 1; size < ReadingPacket.Length; size++)
        {
            var connection = DuplexConnection.Create();
            await using var client = Open(connection.Client);
            await connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(..size));
            connection.ServerToClient.Cut();

            var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

            Assert.Equal((SessionErrorKind.Truncated, "The stream ended in the middle of a message."), (failure.Error.Kind, failure.Error.Message));
            Assert.Same(failure.Error, (await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop))).Error);
        }
    }

    [Fact]
    public async Task A_message_above_the_limit_is_rejected_before_its_body_is_received()
    {
        await using var client = Open(_connection.Client, maxMessageSize: 5);
        await _connection.ServerToClient.InjectAsync(ReadingPacket.AsMemory(..2));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

        Assert.Equal((SessionErrorKind.MalformedMessage, "a packet of 7 bytes"), (failure.Error.Kind, failure.Error.Message));
        await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop));
    }

    [Fact]
    public async Task The_default_framing_rejects_a_message_above_the_limit()
    {
        await using var client = Open(_connection.Client, StreamFraming.Default, maxMessageSize: 100);
        await _connection.ServerToClient.InjectAsync(new byte[] { 1, 0x40, 101 });

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop));

        Assert.Equal((SessionErrorKind.MalformedMessage, "A message of 101 bytes (code 1) was received; 'MaxMessageSize' is 100 bytes."),
            (failure.Error.Kind, failure.Error.Message));
    }

    [Theory]
    [InlineData(0, "The framing 'WrongFraming' consumed 0 of 9 bytes.")]
    [InlineData(-1, "The framing 'WrongFraming' consumed -1 of 9 bytes.")]
    [InlineData(10, "The framing 'WrongFraming' consumed 10 of 9 bytes.")]
    [InlineData(int.MaxValue, "The framing 'WrongFraming' consumed 2147483647 of 9 bytes.")]
    [InlineData(null, "The framing 'WrongFraming' threw InvalidDataException (beyond the packet).")]
    public async Task A_framing_that_violates_its_contract_fails_the_channel_with_a_local_error(int? consumed, string reason)
    {
        await using var client = Open(_connection.Client, new WrongFraming(consumed));
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(ReadingPacket);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await polled.ReceiveAsync());

        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError, reason), (failure.Error.Kind, failure.Error.Alert, failure.Error.Message));
        Assert.Same(failure.Error, client.End!.Error);
    }

    [Fact]
    public async Task A_send_canceled_before_any_byte_is_sent_leaves_the_token_valid()
    {
        await using var client = Open(_connection.Client);
        var idle = MeterClient.Begin(client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await idle.SendAsync(new Poll(1), new CancellationToken(canceled: true)));
        Assert.Empty(_connection.ClientToServer.Recorded);
        await idle.SendAsync(new Quit());

        Assert.Equal([1, 0, (byte)'q'], _connection.ClientToServer.Recorded);
    }

    [Fact]
    public async Task A_message_outside_its_bounds_throws_before_any_byte_is_sent_and_leaves_the_token_valid()
    {
        await using var server = Open(_connection.Server, role: Role.Server);
        await _connection.ClientToServer.InjectAsync(new byte[] { 2, 0, (byte)'p', 7 });
        var polled = Assert.IsType<MeterServer.Idle.Poll>(await MeterServer.Begin(server).ReceiveAsync()).Next;

        await Assert.ThrowsAsync<ArgumentException>(async () => await polled.SendAsync(new Reading(7, 12345678901234m)));
        Assert.Empty(_connection.ServerToClient.Recorded);
        _ = await polled.SendAsync(new Reading(7, -12.5m));

        Assert.Equal(ReadingPacket, _connection.ServerToClient.Recorded);
    }

    [Fact]
    public async Task A_canceled_receive_leaves_the_token_valid_and_retains_received_bytes()
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
    public async Task A_close_flushes_and_ends_the_stream_and_the_peer_can_still_send()
    {
        var client = Open(_connection.Client);
        await using var server = Open(_connection.Server, role: Role.Server);
        await client.SendAsync(new Quit(), Stop);
        await client.CloseAsync(Stop);
        await client.CloseAsync(Stop);

        Assert.Equal('q', (await server.ReceiveAsync(Stop))!.Value.Code);
        Assert.Null(await server.ReceiveAsync(Stop));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), client.End);
        Assert.Null(server.End);
        await server.FlushAsync(Stop);
        await server.CloseAsync(Stop);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await server.Completion);
        Assert.Null(await server.ReceiveAsync(Stop));
        foreach (var operation in new Func<Task>[] { async () => await client.ReceiveAsync(Stop), async () => await client.SendAsync(new Quit(), Stop), async () => await client.FlushAsync(Stop) })
        {
            var failure = await Assert.ThrowsAsync<SessionException>(operation);
            Assert.Equal((SessionErrorKind.Closed, SessionErrorCode.ClosedLocally), (failure.Error.Kind, failure.Error.Code));
            Assert.Same(client.End, failure.End);
        }

        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.SendAsync(new Quit(), Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.ReceiveAsync(Stop));
    }

    [Fact]
    public async Task The_end_of_the_peers_stream_ends_the_channel_after_its_last_message()
    {
        await using var client = Open(_connection.Client);
        var polled = await MeterClient.Begin(client).SendAsync(new Poll(7));
        await _connection.ServerToClient.InjectAsync(ReadingPacket);
        _connection.ServerToClient.Cut();

        var (reading, idle) = await polled.ReceiveAsync();
        Assert.Equal(7, reading.Sensor);
        var next = await idle.SendAsync(new Poll(8));
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await next.ReceiveAsync());

        Assert.Contains("The peer closed the session in state 'Polled' of meter/1", failure.Error.Message);
        Assert.Equal(SessionErrorCode.ClosedEarly, failure.Error.Code);
        Assert.Null(client.End);
    }

    [Fact]
    public async Task An_aborted_channel_fails_every_later_operation_with_its_error()
    {
        await using var client = Open(_connection.Client);
        var error = new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage, "not now");
        await client.AbortAsync(error);
        Assert.Same(error, (await Assert.ThrowsAsync<SessionException>(async () => await client.CloseAsync(Stop))).Error);

        Assert.Same(error, (await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Stop))).Error);
        Assert.Same(error, (await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop))).Error);
        Assert.Equal((SessionEndReason.Failed, error), (client.End!.Reason, client.End.Error));
    }

    [Fact]
    public async Task A_second_concurrent_receive_throws()
    {
        await using var client = Open(_connection.Client);
        var first = client.ReceiveAsync(Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.ReceiveAsync(Stop));

        await _connection.ServerToClient.InjectAsync(ReadingPacket);
        Assert.NotNull(await first);
    }

    [Fact]
    public async Task A_failed_stream_fails_the_channel_and_names_the_operation()
    {
        await using var client = Open(_connection.Client);
        _connection.ClientToServer.Change = _ => throw new IOException("no route");

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.SendAsync(new Quit(), Stop));

        Assert.Equal(
            (SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed, "The stream failed while writing: no route"),
            (failure.Error.Kind, failure.Error.Code, failure.Error.Message));
        Assert.IsType<IOException>(failure.InnerException);
    }

    private static StreamChannel Open(DuplexStream stream, StreamFraming? framing = null, int maxMessageSize = 1000, Role role = Role.Client) =>
        new(stream, role, framing ?? new LittleEndianFraming(), MeterClient.Name, maxMessageSize);

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

    /// <summary>A framing that reports a wrong packet size, or throws.</summary>
    private sealed class WrongFraming(int? size) : LittleEndianFraming
    {
        public override FrameStatus TryRead(Memory<byte> input, int maxMessageSize, out int consumed, out ReceivedMessage message, out string? error)
        {
            var status = base.TryRead(input, maxMessageSize, out consumed, out message, out error);
            if (status == FrameStatus.Complete)
                consumed = size ?? throw new InvalidDataException("beyond the packet");
            return status;
        }
    }
}
