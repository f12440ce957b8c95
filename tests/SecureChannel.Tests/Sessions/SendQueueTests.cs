namespace SecureChannel.Tests.Sessions;

/// <summary>How messages are gathered while a write is in flight.</summary>
public sealed class SendQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Messages_sent_while_a_write_is_in_flight_leave_as_one(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 64 * 1024);
        // The wire holds 64 KiB: this write stays in flight until the peer reads.
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
}
