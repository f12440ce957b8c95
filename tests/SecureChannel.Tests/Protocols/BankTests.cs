using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class BankTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public BankTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [BankClient.Name], ServerProtocols = [BankServer.Name] });

    [Fact]
    public async Task A_client_and_a_handler_run_the_bank_protocol_to_its_end()
    {
        var service = new BankService();
        var serving = service.RunAsync(_server, TestContext.Current.CancellationToken);

        var total = 0L;
        switch (await BankClient.Begin(_client).SendAsync(new Login("ann", "secret")).ReceiveAsync())
        {
            case BankClient.Authenticating.LoginAccepted(var accepted, var ready):
                for (var month = 0; month < 12; month++)
                {
                    (var balance, ready) = await ready.SendAsync(new BalanceQuery(accepted.Account)).ReceiveAsync();
                    Assert.Equal(BankService.Now, balance.At);
                    total += balance.Cents;
                }

                await ready.SendAsync(new Goodbye());
                break;
            case BankClient.Authenticating.LoginRejected(var rejected, _):
                Assert.Fail(rejected.Reason);
                break;
        }

        await serving;
        Assert.Equal(12 * 700, total);
        Assert.Equal(14, service.Handled.Count);
    }

    [Fact]
    public async Task A_rejected_login_returns_the_reason()
    {
        var serving = new BankService().RunAsync(_server, TestContext.Current.CancellationToken);

        var reply = await BankClient.Begin(_client).SendAsync(new Login("eve", "guess")).ReceiveAsync();

        var rejected = Assert.IsType<BankClient.Authenticating.LoginRejected>(reply);
        Assert.Equal("unknown user", rejected.Message.Reason);
        await serving;
    }

    [Fact]
    public async Task The_tokens_of_both_roles_run_the_protocol_without_a_handler()
    {
        var asking = BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        var (login, authenticating) = await BankServer.Begin(_server).ReceiveAsync();
        Assert.Equal("ann", login.User);

        var serverReady = await authenticating.SendAsync(new LoginAccepted(3));
        var accepted = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await asking.ReceiveAsync());
        Assert.Equal(3ul, accepted.Message.Account);

        await accepted.Next.SendAsync(new Goodbye());
        Assert.IsType<BankServer.Ready.Goodbye>(await serverReady.ReceiveAsync());
    }

    [Fact]
    public async Task A_handler_method_may_send_and_return_the_state_that_it_reached()
    {
        var serving = new SelfSendingService().RunAsync(_server, TestContext.Current.CancellationToken);

        var reply = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret")).ReceiveAsync();
        var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(reply);
        await ready.SendAsync(new Goodbye());

        await serving;
    }

    [Fact]
    public async Task A_client_handler_sends_first_and_runs_to_the_end()
    {
        var serving = new BankService().RunAsync(_server, TestContext.Current.CancellationToken);
        var customer = new Customer();

        await customer.RunAsync(_client, TestContext.Current.CancellationToken);

        await serving;
        Assert.Equal(700, customer.Cents);
    }

    [Fact]
    public async Task One_handler_serves_many_channels_concurrently()
    {
        var service = new SelfSendingService();
        var pairs = Enumerable.Range(0, 20).Select(_ => InMemoryChannel.CreatePair()).ToArray();
        var serving = pairs.Select(pair => service.RunAsync(pair.Server, TestContext.Current.CancellationToken)).ToArray();

        foreach (var (client, _) in pairs)
        {
            var reply = await BankClient.Begin(client).SendAsync(new Login("ann", "secret")).ReceiveAsync();
            var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(reply);
            await ready.SendAsync(new Goodbye());
        }

        await Task.WhenAll(serving);
    }

    private sealed class SelfSendingService : BankService
    {
        protected override async ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) =>
            await state.SendAsync(new LoginAccepted(1));
    }

    private sealed class Customer : BankClient.Handler
    {
        public long Cents { get; private set; }

        protected override ValueTask<BankClient.Start.Answer> OnBeginAsync(BankClient.Start state) => new(new Login("ann", "secret"));

        protected override ValueTask<BankClient.Ready.Answer> OnLoginAcceptedAsync(LoginAccepted loginAccepted, BankClient.Ready state) =>
            new(new BalanceQuery(loginAccepted.Account));

        protected override ValueTask OnLoginRejectedAsync(LoginRejected loginRejected, BankClient.Closed state) => default;

        protected override ValueTask<BankClient.Ready.Answer> OnBalanceAsync(Balance balance, BankClient.Ready state)
        {
            Cents = balance.Cents;
            return new(new Goodbye());
        }
    }
}
