using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class TokenMisuseTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public TokenMisuseTests() => (_client, _server) = InMemoryChannel.CreatePair();

    [Fact]
    public async Task A_used_token_says_protocol_state_message_and_what_instead()
    {
        var start = BankClient.Begin(_client);
        await start.SendAsync(new Login("ann", "secret"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await start.SendAsync(new Login("ann", "secret")));

        Assert.Equal(
            "bank/1, client: sending Login is not possible with this Start, which has been used: the protocol is in Authenticating, where this end receives "
            + "LoginAccepted or LoginRejected. Use the token that the last operation returned.",
            refused.Message);
    }

    [Fact]
    public async Task A_default_token_says_where_to_take_one()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await default(BankClient.Ready).SendAsync(new Goodbye()));

        Assert.Equal(
            "bank/1, client: sending Goodbye is not possible with a default Ready, which belongs to no run. Take the token from Begin or from the operation that "
            + "leads to Ready.",
            refused.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await default(BankClient.Answering).ReceiveAsync());
    }

    [Fact]
    public async Task A_token_used_while_its_operation_is_under_way_says_so_and_the_operation_goes_on()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        var receiving = authenticating.ReceiveAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await authenticating.ReceiveAsync());

        Assert.Equal("bank/1, client: receiving is not possible in Authenticating while another operation of the same token is under way. Await it first.", refused.Message);
        await _server.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
        Assert.IsType<BankClient.Authenticating.LoginAccepted>(await receiving);
    }

    [Fact]
    public async Task A_token_after_the_end_says_that_the_protocol_has_ended()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        await _server.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
        var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync());
        await ready.SendAsync(new Goodbye());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await ready.SendAsync(new BalanceQuery(1)));

        Assert.Contains("the protocol has ended in Closed", refused.Message);
    }

    [Fact]
    public async Task A_token_of_an_earlier_visit_to_the_same_state_is_refused()
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
    public void Of_many_threads_that_use_one_token_exactly_one_succeeds()
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
    public void A_channel_carries_one_run()
    {
        BankClient.Begin(_client);

        var refused = Assert.Throws<InvalidOperationException>(() => ChatClient.Begin(_client));

        Assert.Equal("chat/1, client: a protocol has begun on this channel already, and a channel carries one run. Keep the token that Begin returned.", refused.Message);
    }

    [Fact]
    public void A_protocol_begins_only_on_a_channel_whose_ends_agreed_on_it()
    {
        var (client, _) = InMemoryChannel.CreatePair("chat/1");

        var refused = Assert.Throws<InvalidOperationException>(() => BankClient.Begin(client));

        Assert.Equal("bank/1, client: the ends of this channel agreed on chat/1, so bank/1 cannot begin on it.", refused.Message);
        ChatClient.Begin(client);
    }

    [Fact]
    public async Task A_field_outside_its_bound_is_refused_before_anything_is_sent_and_the_token_stays_valid()
    {
        var start = BankClient.Begin(_client);

        await Assert.ThrowsAsync<ArgumentException>(async () => await start.SendAsync(new Login("", "secret")));

        await start.SendAsync(new Login("ann", "secret"));
        var (login, _) = await BankServer.Begin(_server).ReceiveAsync();
        Assert.Equal("ann", login.User);
    }
}
