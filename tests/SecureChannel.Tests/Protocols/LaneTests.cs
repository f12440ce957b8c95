using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class LaneTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public LaneTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [ChatClient.Name], ServerProtocols = [ChatServer.Name] });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_roles_send_and_receive_concurrently_until_both_have_left()
    {
        var (ann, bob) = await MeetAsync();
        var hearing = ListenAsync(ann, 50, "ann");
        var listening = ListenAsync(bob, 70, "bob");

        Assert.Equal(70, (await hearing).Count);
        Assert.Equal(50, (await listening).Count);

        async Task<List<string>> ListenAsync(object talking, int words, string name)
        {
            var heard = new List<string>();
            if (talking is ChatClient.Talking client)
            {
                var (sending, receiving) = client.Split();
                var saying = SayAsync();
                await foreach (var arrived in receiving)
                {
                    if (arrived is ChatClient.Talking.Incoming.Say(var say))
                        heard.Add(say.Text);
                }

                // The lane ends with the peer's Leave, because both have left then.
                Assert.IsType<ChatClient.ClientLeft.SendLane.Rejoined.Closed>((await saying).Join(receiving));

                async Task<ChatClient.ClientLeft.SendLane> SayAsync()
                {
                    for (var word = 0; word < words; word++)
                    {
                        await Task.Yield();
                        await sending.SendAsync(new Say($"{name} {word}"));
                    }

                    return await sending.SendAsync(new Leave());
                }
            }
            else
            {
                var (sending, receiving) = ((ChatServer.Talking)talking).Split();
                var saying = SayAsync();
                await foreach (var arrived in receiving)
                {
                    if (arrived is ChatServer.Talking.Incoming.Say(var say))
                        heard.Add(say.Text);
                }

                Assert.IsType<ChatServer.ServerLeft.SendLane.Rejoined.Closed>((await saying).Join(receiving));

                async Task<ChatServer.ServerLeft.SendLane> SayAsync()
                {
                    for (var word = 0; word < words; word++)
                    {
                        await Task.Yield();
                        await sending.SendAsync(new Say($"{name} {word}"));
                    }

                    return await sending.SendAsync(new Leave());
                }
            }

            return heard;
        }
    }

    [Fact]
    public async Task Joined_lanes_return_the_state_that_the_messages_of_both_roles_led_to()
    {
        var (ann, bob) = await MeetAsync();
        var (sending, receiving) = ann.Split();
        await sending.SendAsync(new Say("hello"));

        var (_, stillTalking) = Assert.IsType<ChatServer.Talking.Say>(await bob.ReceiveAsync());
        await stillTalking.SendAsync(new Leave());
        await foreach (var arrived in receiving)
            Assert.IsType<ChatClient.Talking.Incoming.Leave>(arrived);

        var alone = Assert.IsType<ChatClient.Talking.SendLane.Rejoined.ServerLeft>(sending.Join(receiving)).Next;
        await alone.SendAsync(new Say("one more"));
        await alone.SendAsync(new Leave());
    }

    [Fact]
    public async Task A_receiving_lane_can_be_enumerated_again_without_loss()
    {
        var (ann, bob) = await MeetAsync();
        var (sending, receiving) = ann.Split();
        foreach (var word in new[] { "one", "two", "three" })
            await bob.SendAsync(new Say(word));

        var heard = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await foreach (var arrived in receiving)
            {
                heard.Add(Assert.IsType<ChatClient.Talking.Incoming.Say>(arrived).Message.Text);
                break;
            }
        }

        Assert.Equal(["one", "two", "three"], heard);
        Assert.IsType<ChatClient.Talking.SendLane.Rejoined.Talking>(sending.Join(receiving));
    }

    [Fact]
    public async Task A_canceled_wait_of_a_receiving_lane_loses_no_message()
    {
        var (ann, bob) = await MeetAsync();
        var (_, receiving) = ann.Split();
        using var cancellation = new CancellationTokenSource();
        var waiting = Task.Run(async () => await receiving.GetAsyncEnumerator(cancellation.Token).MoveNextAsync(), Stop);
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(cancelled.CancellationToken == cancellation.Token || cancelled is TaskCanceledException);

        await bob.SendAsync(new Say("still here"));

        var enumerator = receiving.GetAsyncEnumerator(Stop);
        Assert.True(await enumerator.MoveNextAsync());
        Assert.Equal("still here", Assert.IsType<ChatClient.Talking.Incoming.Say>(enumerator.Current).Message.Text);
    }

    [Fact]
    public async Task A_canceled_send_leaves_the_lane_valid_and_sends_nothing()
    {
        var (ann, bob) = await MeetAsync();
        var (sending, receiving) = ann.Split();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sending.SendAsync(new Leave(), new CancellationToken(canceled: true)));

        await sending.SendAsync(new Say("not yet"));
        Assert.IsType<ChatServer.Talking.Say>(await bob.ReceiveAsync());
        Assert.IsType<ChatClient.Talking.SendLane.Rejoined.Talking>(sending.Join(receiving));
    }

    [Fact]
    public async Task A_misused_lane_throws_with_the_reason()
    {
        var (ann, _) = await MeetAsync();
        var (sending, receiving) = ann.Split();

        Assert.Contains("this 'Talking' token, which was already used", (await RefusedAsync(() => ann.SendAsync(new Say("no")))).Message);
        var left = await sending.SendAsync(new Leave());
        Assert.Equal(
            "chat/1, client: sending Say is not possible with this 'Talking' lane, which was already used: the protocol is in state 'ClientLeft', "
            + "in which this endpoint receives Say or Leave. Use the lane that the last send returned.",
            (await RefusedAsync(() => sending.SendAsync(new Say("no")))).Message);

        await using (var enumerator = receiving.GetAsyncEnumerator(Stop))
        {
            var waiting = enumerator.MoveNextAsync();
            Assert.Contains("another receive of the lane is in progress", (await RefusedAsync(async () => await enumerator.MoveNextAsync())).Message);
            Assert.Contains("a receive of the receiving lane is in progress", Assert.Throws<InvalidOperationException>(() => left.Join(receiving)).Message);
            await _server.SendAsync(new Say("hello"), Stop);
            Assert.True(await waiting);
        }

        left.Join(receiving);
        Assert.Contains("the lanes are joined", Assert.Throws<InvalidOperationException>(() => left.Join(receiving)).Message);
        Assert.Contains("the lanes are joined", (await RefusedAsync(async () => await receiving.GetAsyncEnumerator(Stop).MoveNextAsync())).Message);
        Assert.Contains("a default lane", (await RefusedAsync(() => default(ChatClient.Talking.SendLane).SendAsync(new Say("no")))).Message);
    }

    [Fact]
    public async Task Lanes_of_different_runs_cannot_be_joined()
    {
        var (ann, _) = await MeetAsync();
        var (sending, _) = ann.Split();
        var (other, _) = InMemoryChannel.CreatePair();
        var (_, receiving) = (await ChatClient.Begin(other).SendAsync(new Join("eve"))).Split();

        Assert.Contains("from different splits", Assert.Throws<InvalidOperationException>(() => sending.Join(receiving)).Message);
    }

    [Fact]
    public async Task A_lane_ends_with_the_last_legal_message()
    {
        var (ann, _) = await MeetAsync();
        var (sending, receiving) = ann.Split();
        await _server.SendAsync(new Leave(), Stop);
        await _server.SendAsync(new Say("after the end"), Stop);

        var heard = 0;
        await foreach (var _ in receiving)
            heard++;

        // The lane ends with the last legal message. The next receive gets the message after it.
        Assert.Equal(1, heard);
        var alone = Assert.IsType<ChatClient.Talking.SendLane.Rejoined.ServerLeft>(sending.Join(receiving)).Next;
        await alone.SendAsync(new Leave());
    }

    [Fact]
    public async Task A_message_that_no_state_of_the_lane_receives_fails_the_session()
    {
        var (_, bob) = await MeetAsync();
        var (_, receiving) = bob.Split();
        await _client.SendAsync(new Join("who?"), Stop);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving.GetAsyncEnumerator(Stop).MoveNextAsync());

        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.UnexpectedMessage), (failure.Error.Kind, failure.Error.Alert));
        Assert.Contains("was received in state 'Talking' of chat/1; expected Say or Leave.", failure.Error.Message);
    }

    [Fact]
    public async Task A_peer_that_closes_while_a_lane_receives_violates_the_protocol()
    {
        var (ann, _) = await MeetAsync();
        var (_, receiving) = ann.Split();
        await _server.CloseAsync(Stop);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving.GetAsyncEnumerator(Stop).MoveNextAsync());

        Assert.Equal("The peer closed the session in state 'Talking' of chat/1; expected Say or Leave.", failure.Error.Message);
    }

    private static async Task<InvalidOperationException> RefusedAsync(Func<ValueTask> operation) =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await operation());

    private async Task<(ChatClient.Talking Ann, ChatServer.Talking Bob)> MeetAsync()
    {
        var ann = await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        var (_, bob) = await ChatServer.Begin(_server).ReceiveAsync();
        return (ann, bob);
    }
}
