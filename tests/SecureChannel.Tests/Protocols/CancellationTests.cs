using System.Runtime.CompilerServices;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class CancellationTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public CancellationTests() => (_client, _server) = InMemoryChannel.CreatePair();

    [Fact]
    public async Task A_send_canceled_before_any_byte_is_sent_leaves_the_token_valid()
    {
        var start = BankClient.Begin(_client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await start.SendAsync(new Login("bob", "secret"), new CancellationToken(canceled: true)));

        await start.SendAsync(new Login("ann", "secret"));
        var (login, _) = await BankServer.Begin(_server).ReceiveAsync();
        Assert.Equal("ann", login.User);
    }

    [Fact]
    public async Task A_canceled_receive_leaves_the_token_valid_and_loses_no_message()
    {
        var authenticating = await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
        using var cancellation = new CancellationTokenSource();
        var receiving = authenticating.ReceiveAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiving);

        await _server.SendAsync(new LoginAccepted(5), TestContext.Current.CancellationToken);

        var accepted = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync());
        Assert.Equal(5ul, accepted.Message.Account);
    }

    [Fact]
    public async Task A_canceled_send_of_a_self_transition_leaves_the_token_valid()
    {
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await talking.SendAsync(new Say("no"), new CancellationToken(canceled: true)));

        await talking.SendAsync(new Say("yes"));
    }

    [Fact]
    public async Task A_canceled_handler_ends_and_leaves_the_channel_open()
    {
        using var cancellation = new CancellationTokenSource();
        var serving = new BankService().RunAsync(_server, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        await _server.SendAsync(new Goodbye(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_handler_method_reads_the_cancellation_token_from_its_state()
    {
        using var cancellation = new CancellationTokenSource();
        var slow = new SlowService();
        var serving = slow.RunAsync(_server, cancellation.Token);
        await _client.SendAsync(new Login("ann", "secret"), TestContext.Current.CancellationToken);
        await slow.Called.Task.WaitAsync(TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(default, BankClient.Begin(_client).CancellationToken);
    }

    [Fact]
    public async Task A_canceled_run_reports_the_token_of_its_caller()
    {
        using var cancellation = new CancellationTokenSource();
        var serving = new SilentRoom().RunAsync(_server, cancellation.Token);
        await ChatClient.Begin(_client).SendAsync(new Join("ann"));

        await cancellation.CancelAsync();

        var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal(cancellation.Token, canceled.CancellationToken);
    }

    /// <summary>A handler that pushes, and so waits for received messages with a token of its own.</summary>
    private sealed class SilentRoom : ChatServer.Handler
    {
        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            await new TaskCompletionSource().Task.WaitAsync(left);
            yield break;
        }

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state) => new(state);

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state) => default;

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }

    private sealed class SlowService : BankService
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state)
        {
            Called.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(state.CancellationToken);
            return new LoginRejected("never");
        }
    }
}
