using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>Races that the analyzers report at compile time. With the analyzers disabled, the runtime rejects the crossing messages.</summary>
public sealed class RaceTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public RaceTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_both_close_at_the_same_time_each_rejects_the_close_of_the_other()
    {
        var client = await BothCloseClient.Begin(_client).SendAsync(new Close());
        var server = await BothCloseServer.Begin(_server).SendAsync(new Close());

        await AssertRejectedAsync(async () => await client.ReceiveAsync(), "ClientCloses", "CloseAccepted");
        await AssertRejectedAsync(async () => await server.ReceiveAsync(), "ServerCloses", "CloseAccepted");
    }

    [Fact]
    public async Task A_result_that_crosses_a_cancel_is_rejected()
    {
        var client = await CancelCrossesResultClient.Begin(_client).SendAsync(new Cancel());
        await CancelCrossesResultServer.Begin(_server).SendAsync(new Result());

        await AssertRejectedAsync(async () => await client.ReceiveAsync(), "Cancelling", "Cancelled");
    }

    [Fact]
    public async Task An_event_that_crosses_a_subscription_is_rejected()
    {
        var client = await SubscribeCrossesEventClient.Begin(_client).SendAsync(new Subscribe());
        await SubscribeCrossesEventServer.Begin(_server).SendAsync(new Event());

        await AssertRejectedAsync(async () => await client.ReceiveAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task A_message_allowed_at_any_time_in_one_state_is_rejected_in_another()
    {
        var client = await AnytimeCrossesSubscribeClient.Begin(_client).SendAsync(new Subscribe());
        await AnytimeCrossesSubscribeServer.Begin(_server).SendAsync(new Event());

        await AssertRejectedAsync(async () => await client.ReceiveAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task A_crossing_message_is_rejected_in_a_receiving_lane()
    {
        var (sending, receiving) = SubscribeCrossesEventClient.Begin(_client).Split();
        await sending.SendAsync(new Subscribe());
        await SubscribeCrossesEventServer.Begin(_server).SendAsync(new Event());

        await AssertRejectedAsync(async () => await receiving.GetAsyncEnumerator(Stop).MoveNextAsync(), "Subscribing", "Subscribed");
    }

    [Fact]
    public async Task A_send_after_a_crossing_message_throws_before_any_byte_is_sent()
    {
        var (sending, receiving) = CancelCrossesResultClient.Begin(_client).Split();
        await CancelCrossesResultServer.Begin(_server).SendAsync(new Result());
        Assert.True(await receiving.GetAsyncEnumerator(Stop).MoveNextAsync());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await sending.SendAsync(new Cancel()));

        Assert.Equal(
            "race-of-a-cancel/1, client: sending Cancel is no longer possible: after the peer's last message, the protocol ended in state 'End'.",
            refused.Message);
        await _client.CloseAsync(Stop);
        Assert.Null(await _server.ReceiveAsync(Stop));
    }

    private static async Task AssertRejectedAsync(Func<Task> receive, string state, string expected)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(receive);
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (failure.Error.Kind, failure.Error.Alert));
        Assert.Contains($"was received in state '{state}' of ", failure.Error.Message);
        Assert.EndsWith($"; expected {expected}.", failure.Error.Message);
    }
}
