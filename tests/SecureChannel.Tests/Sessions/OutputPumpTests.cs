using System.Buffers.Binary;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The timing and combining of writes.</summary>
public sealed class OutputPumpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Messages_sent_during_a_write_are_combined(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 64 * 1024);
        // The wire holds 64 KiB, so this write waits until the peer reads.
        await pair.Client.SendAsync(new Blob(SecureSessionTests.Pattern(200_000)), Cancellation);
        var writes = 0;
        pair.Connection!.ClientToServer.Change = bytes =>
        {
            writes++;
            return bytes;
        };
        for (var i = 0; i < 500; i++)
            await pair.Client.SendAsync(new Note($"{i}"), Cancellation);
        var flushed = pair.Client.FlushAsync(Cancellation).AsTask();
        Assert.False(flushed.IsCompleted);

        await SecureSessionTests.ReceiveAsync<Blob>(pair.Server);
        for (var i = 0; i < 500; i++)
            Assert.Equal($"{i}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        await flushed.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.InRange(writes, 1, 20);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Messages_sent_in_sequence_share_records(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var writes = 0;
        pair.Connection!.ClientToServer.Change = bytes =>
        {
            Interlocked.Increment(ref writes);
            return bytes;
        };
        for (var i = 0; i < 5000; i++)
            await pair.Client.SendAsync(new Note($"{i}"), Cancellation);
        await pair.Client.FlushAsync(Cancellation);

        // The number of writes depends on the thread pool, but each combines many messages.
        Assert.InRange(writes, 1, 1000);
        for (var i = 0; i < 5000; i++)
            Assert.Equal($"{i}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_message_sent_after_a_flush_is_written_before_the_call_returns(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        for (var i = 0; i < 20; i++)
        {
            var before = pair.Connection!.ClientToServer.Recorded.Length;
            await pair.Client.SendAsync(new Note("at once"), Cancellation);
            Assert.True(pair.Connection!.ClientToServer.Recorded.Length > before);
            await pair.Client.FlushAsync(Cancellation);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Sends_and_flushes_succeed_after_the_peer_closed(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        await pair.Client.SendAsync(new Note("last"), Cancellation);
        Assert.Equal("last", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        var ending = pair.Server.CloseAsync(Cancellation).AsTask();
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        await ending;

        await pair.Client.FlushAsync(Cancellation);
        var written = pair.Connection!.ClientToServer.Recorded.Length;
        await pair.Client.SendAsync(new Note("an answer"), Cancellation);
        await pair.Client.FlushAsync(Cancellation);
        Assert.True(pair.Connection.ClientToServer.Recorded.Length > written);
        await pair.Client.CloseAsync(Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Client.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Pending_messages_are_written_when_the_sender_receives_or_flushes(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        for (var i = 0; i < 20; i++)
        {
            await pair.Client.SendAsync(new Note("first"), Cancellation);
            await pair.Client.SendAsync(new Note("second"), Cancellation);
            using var source = new CancellationTokenSource();
            var waiting = pair.Client.ReceiveAsync(source.Token).AsTask();
            Assert.Equal("first", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
            Assert.Equal("second", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Pending_messages_are_written_without_further_calls_of_the_sender(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        for (var i = 0; i < 20; i++)
        {
            var receiving = pair.Server.ReceiveAsync(Cancellation).AsTask();
            await pair.Client.SendAsync(new Note("first"), Cancellation);
            await pair.Client.SendAsync(new Note("second"), Cancellation);
            await receiving.WaitAsync(SessionPair.Patience, Cancellation);
            Assert.Equal("second", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Pending_messages_are_written_though_the_sender_always_flushed_before(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        for (var burst = 0; burst < 100; burst++)
        {
            for (var i = 0; i < 50; i++)
                await pair.Client.SendAsync(new Note($"{i}"), Cancellation);
            await pair.Client.FlushAsync(Cancellation);
        }
        await pair.Client.SendAsync(new Note("first"), Cancellation);
        await pair.Client.SendAsync(new Note("last"), Cancellation);

        var note = "";
        while (note != "last")
            note = (await SecureSessionTests.ReceiveAsync<Note>(pair.Server).WaitAsync(SessionPair.Patience, Cancellation)).Text;
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_sustained_sender_writes_only_full_records_until_its_timer_expires(string security)
    {
        var time = new ManualTimeProvider();
        var client = SessionPair.ClientOptions(security) with { DelayClock = time };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, client, SessionPair.ServerOptions(security), capacity: 1 << 30);
        var records = new List<int>();
        pair.Connection!.ClientToServer.Change = bytes =>
        {
            // RFC 9846 section 5.2: the length follows the type and the version.
            for (var rest = bytes.AsSpan(); !rest.IsEmpty; rest = rest[(5 + records[^1])..])
                records.Add(BinaryPrimitives.ReadUInt16BigEndian(rest[3..]));
            return bytes;
        };

        // No whole number of messages fills a record. The pace depends on the thread pool until the sender is sustained. One write has at most four full records before it is.
        var sent = 0;
        var full = RecordFormat.MaxContentLength + 1 + AeadAlgorithm.Aes128Gcm.TagLength;
        while (records.Count < 8 || records.TakeLast(8).Any(length => length != full))
        {
            Assert.True(sent < 1_000_000);
            await pair.Client.SendAsync(new Note($"{sent++:D9}"), Cancellation);
        }
        await pair.Client.SendAsync(new Note($"{sent++:D9}"), Cancellation);
        Assert.Equal(full, records[^1]);
        time.Advance(TimeSpan.FromMilliseconds(8));
        Assert.InRange(records[^1], 1, full - 1);

        for (var i = 0; i < sent; i++)
            Assert.Equal($"{i:D9}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server).WaitAsync(SessionPair.Patience, Cancellation)).Text);
    }

    [Fact]
    public void The_flush_delay_grows_to_eight_milliseconds_while_the_sender_flushes()
    {
        var pauses = new List<double>();
        var pause = TimeSpan.FromMilliseconds(1);
        foreach (var hasFlushed in (bool[])[true, true, true, true, true, false, true])
        {
            pause = SendPacing.NextDelay(pause, hasFlushed);
            pauses.Add(pause.TotalMilliseconds);
        }
        Assert.Equal([2, 4, 8, 8, 8, 1, 2], pauses);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_message_that_uses_its_session_during_encoding_throws_and_the_session_continues(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var tricky = new Tricky { Value = 1 };
        tricky.BeforeRead(() => _ = pair.Client.SendAsync(new Note("in between"), Cancellation).AsTask());
        var sending = Task.Run(async () => await pair.Client.SendAsync(tricky, Cancellation), Cancellation);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => sending.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Contains("used the session that is encoding the message", refusal.Message, StringComparison.Ordinal);

        await pair.Client.SendAsync(new Note("after"), Cancellation);
        Assert.Equal("after", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Stream_bytes_are_received_in_order_whether_combined_or_not(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 64 * 1024);
        var sent = SecureSessionTests.Pattern(3_000_000);
        var writing = Task.Run(async () =>
        {
            var stream = pair.Client.AsStream();
            for (var (start, length) = (0, 1); start < sent.Length; start += length, length = 1 + (length * 7 % 70_001))
            {
                length = Math.Min(length, sent.Length - start);
                await stream.WriteAsync(sent.AsMemory(start, length), Cancellation);
            }
            await stream.FlushAsync(Cancellation);
        }, Cancellation);

        var received = new byte[sent.Length];
        await pair.Server.AsStream().ReadExactlyAsync(received, Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await writing;
        Assert.Equal(sent, received);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_read_into_an_empty_buffer_waits_for_data_and_consumes_none(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var (near, far) = (pair.Client.AsStream(), pair.Server.AsStream());
        var waiting = far.ReadAsync(Memory<byte>.Empty, Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);
        await near.WriteAsync(new byte[] { 1, 2, 3 }, Cancellation);
        await near.FlushAsync(Cancellation);

        Assert.Equal(0, await waiting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(0, await far.ReadAsync(Memory<byte>.Empty, Cancellation));
        var received = new byte[3];
        await far.ReadExactlyAsync(received, Cancellation);
        Assert.Equal([1, 2, 3], received);
    }
}

/// <summary>A message whose property runs code during encoding.</summary>
[Message(4711)]
internal sealed partial class Tricky
{
    private Action? _beforeRead;

    public int Value
    {
        get
        {
            _beforeRead?.Invoke();
            return field;
        }
        set;
    }

    public void BeforeRead(Action call) => _beforeRead = call;
}
