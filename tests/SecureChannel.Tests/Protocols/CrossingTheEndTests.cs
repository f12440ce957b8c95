using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>Messages that are allowed at any time, by a state or by the enum, and that cross the end of the protocol. They are dropped.</summary>
public sealed class CrossingTheEndTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public CrossingTheEndTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_a_state_allows_at_any_time_is_dropped_after_the_end()
    {
        var watching = await FeedClient.Begin(_client).SendAsync(new Watch());
        var (_, telling) = await FeedServer.Begin(_server).ReceiveAsync();
        await watching.SendAsync(new Unwatch());
        await telling.SendAsync(new Tick(1));

        await telling.ReceiveAsync();

        await AssertOpenAsync();
    }

    [Fact]
    public async Task A_message_that_the_enum_allows_at_any_time_is_dropped_after_the_end()
    {
        var watching = await FeedOfAnyStateClient.Begin(_client).SendAsync(new Watch());
        var reply = await FeedOfAnyStateServer.Begin(_server).ReceiveAsync();
        await watching.SendAsync(new Unwatch());
        await reply.Next.SendAsync(new Tick(1));

        await reply.Next.ReceiveAsync();

        await AssertOpenAsync();
    }

    [Fact]
    public async Task A_lane_drops_such_a_message_when_the_peer_has_ended_the_protocol()
    {
        var watching = await FeedClient.Begin(_client).SendAsync(new Watch());
        var (_, telling) = await FeedServer.Begin(_server).ReceiveAsync();
        var (sending, receiving) = telling.Split();
        await watching.SendAsync(new Unwatch());
        await using var arrived = receiving.GetAsyncEnumerator(Stop);
        Assert.True(await arrived.MoveNextAsync());

        await sending.SendAsync(new Tick(1), Stop);

        Assert.False(await arrived.MoveNextAsync());
        Assert.IsType<FeedServer.Watching.SendLane.Rejoined.Left>(sending.Join(receiving));
        await _server.CloseAsync(Stop);
        Assert.Null(await _client.ReceiveAsync(Stop));
    }

    [Fact]
    public async Task A_receiving_lane_ends_instead_of_returning_such_a_message()
    {
        var (sending, receiving) = (await FeedClient.Begin(_client).SendAsync(new Watch())).Split();
        var (_, telling) = await FeedServer.Begin(_server).ReceiveAsync();
        await telling.SendAsync(new Tick(1));
        await using var arrived = receiving.GetAsyncEnumerator(Stop);
        Assert.True(await arrived.MoveNextAsync());
        Assert.Equal(new Tick(1), arrived.Current);
        var ending = await sending.SendAsync(new Unwatch());
        await telling.SendAsync(new Tick(2));

        Assert.False(await arrived.MoveNextAsync());

        Assert.IsType<FeedClient.Left>(ending.Join(receiving));
        await AssertOpenAsync();
    }

    [Fact]
    public async Task A_waiting_lane_drops_messages_that_are_received_after_the_end_was_sent()
    {
        var (sending, receiving) = (await FeedClient.Begin(_client).SendAsync(new Watch())).Split();
        var (_, telling) = await FeedServer.Begin(_server).ReceiveAsync();
        await using var arrived = receiving.GetAsyncEnumerator(Stop);
        var waiting = arrived.MoveNextAsync().AsTask();
        var ending = sending.SendAsync(new Unwatch(), Stop);
        await telling.SendAsync(new Tick(1));
        await telling.SendAsync(new Tick(2));

        var lane = await ending;

        Assert.False(await waiting);
        Assert.IsType<FeedClient.Left>(lane.Join(receiving));
        await AssertOpenAsync();
    }

    [Fact]
    public async Task Messages_received_while_the_end_is_sent_are_not_lost_when_the_send_is_canceled()
    {
        await using var near = new BlockedChannel(_client);
        var (sending, receiving) = (await FeedClient.Begin(near).SendAsync(new Watch())).Split();
        await using var arrived = receiving.GetAsyncEnumerator(Stop);
        var waiting = arrived.MoveNextAsync().AsTask();
        using var cancel = new CancellationTokenSource();
        near.Block();
        var ending = sending.SendAsync(new Unwatch(), cancel.Token).AsTask();
        await _server.SendAsync(new Tick(1), Stop);
        Assert.True(await waiting);
        Assert.Equal(new Tick(1), arrived.Current);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
        near.Unblock();
        await _server.SendAsync(new Tick(2), Stop);
        Assert.True(await arrived.MoveNextAsync());
        Assert.Equal(new Tick(2), arrived.Current);
        await sending.SendAsync(new Unwatch(), Stop);
        Assert.False(await arrived.MoveNextAsync());
    }

    [Fact]
    public async Task A_peer_may_close_while_the_end_is_being_sent()
    {
        await using var near = new BlockedChannel(_client);
        var (sending, receiving) = (await FeedClient.Begin(near).SendAsync(new Watch())).Split();
        await using var arrived = receiving.GetAsyncEnumerator(Stop);
        var waiting = arrived.MoveNextAsync().AsTask();
        near.Block();
        var ending = sending.SendAsync(new Unwatch(), Stop).AsTask();

        await _server.CloseAsync(Stop);

        Assert.False(await waiting);
        near.Unblock();
        await ending;
    }

    [Fact]
    public async Task A_handler_that_pushes_endlessly_reaches_the_end()
    {
        var serving = new TickingService().RunAsync(_server, Stop);
        var watching = await FeedClient.Begin(_client).SendAsync(new Watch());
        for (var number = 0; number < 3; number++)
            (_, watching) = await watching.ReceiveAsync();

        await watching.SendAsync(new Unwatch());

        await serving;
        await AssertOpenAsync();
    }

    private async Task AssertOpenAsync()
    {
        Assert.Null(_server.End);
        await _client.CloseAsync(Stop);
        Assert.Equal(SessionEndReason.ClosedLocally, _client.End?.Reason);
    }

    private sealed class TickingService : FeedServer.Handler
    {
        protected override ValueTask<FeedServer.Watching.Answer> OnWatchAsync(Watch watch, FeedServer.Watching state) => new(state);

        protected override async IAsyncEnumerable<FeedServer.Watching.Answer> PushInWatchingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            for (var number = 1; !left.IsCancellationRequested; number++)
            {
                await Task.Yield();
                yield return new Tick(number);
            }
        }

        protected override ValueTask OnUnwatchAsync(Unwatch unwatch, FeedServer.Left state) => ValueTask.CompletedTask;
    }
}
