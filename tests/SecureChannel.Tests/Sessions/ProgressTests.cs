using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>A receive never waits for a send of this endpoint, and a send never waits for a receive.</summary>
public sealed class ProgressTests
{
    private const int Capacity = 16 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_stream_is_read_from_a_peer_that_writes_everything_before_it_reads(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: Capacity);
        var (up, down) = (SecureSessionTests.Pattern(500_000), SecureSessionTests.Pattern(500_001));
        var peer = Task.Run(async () =>
        {
            var stream = pair.Server.AsStream();
            await stream.WriteAsync(down, Cancellation);
            await stream.FlushAsync(Cancellation);
            var received = new byte[up.Length];
            await stream.ReadExactlyAsync(received, Cancellation);
            return received;
        }, Cancellation);
        var near = pair.Client.AsStream();
        var writing = near.WriteAsync(up, Cancellation).AsTask();
        var received = new byte[down.Length];
        await near.ReadExactlyAsync(received, Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);

        Assert.Equal(down, received);
        await writing.WaitAsync(SessionPair.Patience, Cancellation);
        await near.FlushAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(up, await peer.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Messages_are_received_from_a_peer_that_sends_everything_before_it_receives(string security)
    {
        const int count = 40;
        await using var pair = await SessionPair.EstablishAsync(security, capacity: Capacity);
        var piece = new Blob(SecureSessionTests.Pattern(10_000));
        var peer = Task.Run(() => SendAsync(pair.Server, flush: true).ContinueWith(
            _ => ReceiveAllAsync(pair.Server), Cancellation, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap(), Cancellation);
        var sending = SendAsync(pair.Client, flush: false);
        Assert.False(sending.IsCompleted);
        await ReceiveAllAsync(pair.Client).WaitAsync(SessionPair.Patience, Cancellation);

        await sending.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Client.FlushAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await peer.WaitAsync(SessionPair.Patience, Cancellation);

        async Task SendAsync(SecureSession session, bool flush)
        {
            for (var i = 0; i < count; i++)
                await session.SendAsync(piece, Cancellation);
            if (flush)
                await session.FlushAsync(Cancellation);
        }

        static async Task ReceiveAllAsync(SecureSession session)
        {
            for (var i = 0; i < count; i++)
                await SecureSessionTests.ReceiveAsync<Blob>(session);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_received_message_is_returned_at_once_while_a_write_is_blocked(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Server.SendAsync(new Note("first"), Cancellation);
        await pair.Server.SendAsync(new Note("second"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        pair.Transport.Writes = TransportFault.Hangs;
        await pair.Client.SendAsync(new Note("blocked"), Cancellation);
        await pair.Client.SendAsync(new Note("blocked too"), Cancellation);

        Assert.Equal("first", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        Assert.Equal("second", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_send_completes_while_a_receive_waits(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        pair.Transport.Reads = TransportFault.Hangs;
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        for (var i = 0; i < 100; i++)
            await pair.Client.SendAsync(new Note($"{i}"), Cancellation);
        await pair.Client.FlushAsync(Cancellation);

        for (var i = 0; i < 100; i++)
            Assert.Equal($"{i}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        Assert.False(receiving.IsCompleted);
    }
}
