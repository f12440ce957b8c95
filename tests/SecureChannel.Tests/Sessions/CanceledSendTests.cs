using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Sends that are canceled while they wait: nothing of them is sent, and nothing else waits for them.</summary>
public sealed class CanceledSendTests
{
    private const int Capacity = 4096;
    private const int Rounds = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_send_that_is_canceled_while_the_transport_accepts_data_sends_all_or_nothing(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var stream = pair.Client.AsStream();
        var receiving = CountAsync(pair.Server.AsStream());
        var (sent, canceled) = (0L, 0);
        for (var round = 0; round < Rounds; round++)
        {
            using var source = new CancellationTokenSource();
            await stream.WriteAsync(new byte[40_000], Cancellation);
            await stream.WriteAsync(new byte[20_000], Cancellation);
            var writing = stream.WriteAsync(new byte[100_000], source.Token).AsTask();
            Thread.SpinWait(round * 50);
            await source.CancelAsync();
            try
            {
                await writing.WaitAsync(SessionPair.Patience, Cancellation);
                sent += 160_000;
            }
            catch (OperationCanceledException)
            {
                sent += 60_000;
                canceled++;
            }
        }

        await pair.Client.CloseAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(sent, await receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.InRange(canceled, 1, Rounds);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_flush_completes_although_the_send_before_it_is_canceled(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, capacity: Capacity);
        var stream = pair.Client.AsStream();
        await stream.WriteAsync(new byte[40_000], Cancellation);
        using var source = new CancellationTokenSource();
        var writing = stream.WriteAsync(new byte[100_000], source.Token).AsTask();
        var flushing = stream.FlushAsync(Cancellation);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.False(flushing.IsCompleted);

        await pair.Server.AsStream().ReadExactlyAsync(new byte[40_000], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await flushing.WaitAsync(SessionPair.Patience, Cancellation);
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        var buffer = new byte[16_384];
        var total = 0L;
        for (int count; (count = await stream.ReadAsync(buffer, Cancellation)) > 0;)
            total += count;
        return total;
    }
}
