using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class TokenMisuseTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public TokenMisuseTests() => (_client, _server) = InMemoryChannel.CreatePair();

    [Fact]
    public async Task A_used_token_throws_with_protocol_state_message_and_remedy()
    {
        var start = BankClient.Begin(_client);
        await start.SendAsync(new Login("ann", "secret"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await start.SendAsync(new Login("ann", "secret")));

        Assert.Equal(
            "bank/1, client: sending Login is not possible with this 'Start' token, which was already used: the protocol is in state 'Authenticating', "
            + "in which this endpoint receives LoginAccepted or LoginRejected. Use the token that the last operation returned.",
            refused.Message);
    }

    [Fact]
    public async Task A_default_token_throws_and_names_the_source_of_a_valid_token()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await default(BankClient.Ready).SendAsync(new Goodbye()));

        Assert.Equal(
            "bank/1, client: sending Goodbye is not possible with a default 'Ready' token, which has no channel. "
            + "Use the token that 'Begin' or the operation before 'Ready' returned.",
            refused.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await default(BankClient.Answering).ReceiveAsync());
    }

    [Fact]
    public async Task A_token_with_an_operation_in_progress_throws_and_the_operation_continues()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        var receiving = authenticating.ReceiveAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await authenticating.ReceiveAsync());

        Assert.Equal(
            "bank/1, client: receiving is not possible in state 'Authenticating' while another operation of the same token is in progress. "
            + "Await that operation first.",
            refused.Message);
        await _server.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
        Assert.IsType<BankClient.Authenticating.LoginAccepted>(await receiving);
    }

    [Fact]
    public async Task A_token_used_after_the_end_throws_because_the_protocol_ended()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        await _server.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
        var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync());
        await ready.SendAsync(new Goodbye());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await ready.SendAsync(new BalanceQuery(1)));

        Assert.Contains("the protocol ended in state 'Closed'", refused.Message);
    }

    [Fact]
    public async Task A_token_of_an_earlier_visit_to_the_same_state_throws()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        await _server.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
        var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync());
        var asking = ready.SendAsync(new BalanceQuery(1));
        await _server.SendAsync(new Balance(1, BankService.Now), TestContext.Current.CancellationToken);
        var (_, later) = await asking.ReceiveAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ready.SendAsync(new Goodbye()));

        await later.SendAsync(new Goodbye());
    }

    [Fact]
    public void Exactly_one_of_many_threads_succeeds_with_one_token()
    {
        for (var round = 0; round < 100; round++)
        {
            var start = BankClient.Begin(InMemoryChannel.CreatePair().Client);
            var succeeded = 0;
            Parallel.For(0, 8, _ =>
            {
                try
                {
                    Assert.True(start.SendAsync(new Login("ann", "secret")).AsTask().IsCompletedSuccessfully);
                    Interlocked.Increment(ref succeeded);
                }
                catch (InvalidOperationException)
                {
                }
            });

            Assert.Equal(1, succeeded);
        }
    }

    [Fact]
    public void A_channel_carries_only_one_run()
    {
        BankClient.Begin(_client);

        var refused = Assert.Throws<InvalidOperationException>(() => ChatClient.Begin(_client));

        Assert.Equal(
            "chat/1, client: a protocol already began on this channel, and a channel carries only one run. Use the token that 'Begin' returned.",
            refused.Message);
    }

    [Fact]
    public void A_protocol_cannot_begin_on_a_channel_that_negotiated_another()
    {
        var (client, _) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientProtocols = ["chat/1"], ServerProtocols = ["chat/1"] });

        var refused = Assert.Throws<InvalidOperationException>(() => BankClient.Begin(client));

        Assert.Equal("bank/1, client: this channel negotiated chat/1, so bank/1 cannot begin on it.", refused.Message);
        ChatClient.Begin(client);
    }

    [Fact]
    public async Task A_field_outside_its_bounds_throws_before_any_byte_is_sent_and_leaves_the_token_valid()
    {
        var start = BankClient.Begin(_client);

        await Assert.ThrowsAsync<ArgumentException>(async () => await start.SendAsync(new Login("", "secret")));

        await start.SendAsync(new Login("ann", "secret"));
        var (login, _) = await BankServer.Begin(_server).ReceiveAsync();
        Assert.Equal("ann", login.User);
    }
}
