using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>Textbook races that the rules find when they are compiled: where the rules are off, the run time refuses what crosses.</summary>
public sealed class RaceTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public RaceTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_both_close_at_once_each_refuses_the_others_close()
    {
        var client = await BothCloseClient.Begin(_client).SendAsync(new Close());
        var server = await BothCloseServer.Begin(_server).SendAsync(new Close());

        await AssertRefusedAsync(async () => await client.ReceiveAsync(), "ClientCloses", "CloseAccepted");
        Assert.Equal(SessionErrorKind.AlertReceived, (await Assert.ThrowsAsync<SessionException>(async () => await server.ReceiveAsync())).Error.Kind);
    }

    [Fact]
    public async Task A_result_that_crosses_a_cancel_is_refused()
    {
        var client = await CancelCrossesResultClient.Begin(_client).SendAsync(new Cancel());
        await CancelCrossesResultServer.Begin(_server).SendAsync(new Result());

        await AssertRefusedAsync(async () => await client.ReceiveAsync(), "Cancelling", "Cancelled");
    }

    [Fact]
    public async Task An_event_that_crosses_a_subscription_is_refused()
    {
        var client = await SubscribeCrossesEventClient.Begin(_client).SendAsync(new Subscribe());
        await SubscribeCrossesEventServer.Begin(_server).SendAsync(new Event());

        await AssertRefusedAsync(async () => await client.ReceiveAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task What_may_be_sent_at_any_time_in_one_state_is_refused_in_another()
    {
        var client = await AnytimeCrossesSubscribeClient.Begin(_client).SendAsync(new Subscribe());
        await AnytimeCrossesSubscribeServer.Begin(_server).SendAsync(new Event());

        await AssertRefusedAsync(async () => await client.ReceiveAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task In_lanes_what_crosses_is_refused_too()
    {
        var (sending, receiving) = SubscribeCrossesEventClient.Begin(_client).Split();
        await sending.SendAsync(new Subscribe());
        await SubscribeCrossesEventServer.Begin(_server).SendAsync(new Event());

        await AssertRefusedAsync(async () => await receiving.GetAsyncEnumerator(Stop).MoveNextAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task In_lanes_what_is_sent_after_a_crossing_arrival_is_refused_here_before_a_byte_moves()
    {
        var (sending, receiving) = CancelCrossesResultClient.Begin(_client).Split();
        await CancelCrossesResultServer.Begin(_server).SendAsync(new Result());
        Assert.True(await receiving.GetAsyncEnumerator(Stop).MoveNextAsync());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await sending.SendAsync(new Cancel()));

        Assert.Equal("race-of-a-cancel/1, client: sending Cancel is not possible any more: by what the peer sent meanwhile, the protocol has ended in End.", refused.Message);
        await _client.CloseAsync(Stop);
        Assert.Null(await _server.ReceiveAsync(Stop));
    }

    private static async Task AssertRefusedAsync(Func<Task> receive, string state, string expected)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(receive);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (failure.Error.Kind, failure.Error.Alert));
        Assert.Contains($"arrived in {state} of ", failure.Error.Message);
        Assert.EndsWith($"where only {expected} may", failure.Error.Message);
    }
}
