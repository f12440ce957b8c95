using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel.Protocols;
using SecureChannel.Testing;
using SecureChannel.Tests.Sessions;

namespace SecureChannel.Tests.Protocols;

/// <summary>Tests of the end of a handler's run: a failure of the handler aborts the channel, the end of the channel or a cancellation does not.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class HandlerFailureTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public HandlerFailureTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_exception_of_another_session_aborts_the_channel()
    {
        var (other, otherPeer) = InMemoryChannel.CreatePair();
        await otherPeer.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "gone"));

        var failure = await Assert.ThrowsAsync<SessionException>(() => ServeAsync(async () => await other.ReceiveAsync(Stop)));

        Assert.Equal("The peer aborted the channel: gone", failure.Error.Message);
        await AssertHandlerFailedAsync();
    }

    [Fact]
    public async Task An_operation_canceled_exception_of_another_token_aborts_the_channel()
    {
        using var cancellation = new CancellationTokenSource();
        var serving = ServeAsync(() => throw new OperationCanceledException(), cancellation.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => serving);
        await AssertHandlerFailedAsync();
    }

    [Fact]
    public async Task A_failure_of_the_handler_while_its_run_is_canceled_aborts_the_channel()
    {
        using var cancellation = new CancellationTokenSource();
        var serving = ServeAsync(
            async () =>
            {
                await cancellation.CancelAsync();
                throw new TimeZoneNotFoundException();
            },
            cancellation.Token);

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => serving);
        await AssertHandlerFailedAsync();
    }

    [Fact]
    public async Task A_handler_that_throws_after_the_peer_closed_aborts_the_channel()
    {
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => ServeAsync(async () =>
        {
            await _client.CloseAsync(Stop);
            throw new TimeZoneNotFoundException();
        }));

        Assert.Equal(SessionErrorCode.HandlerFailed, _server.End!.Error!.Code);
    }

    [Fact]
    public async Task What_the_handler_threw_reaches_the_caller_although_the_channel_had_ended()
    {
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => ServeAsync(async () =>
        {
            await _client.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "gone"));
            throw new TimeZoneNotFoundException();
        }));

        Assert.Equal(SessionErrorKind.AlertReceived, _server.End!.Error!.Kind);
    }

    [Fact]
    public async Task A_close_of_the_peer_outside_a_final_state_leaves_the_channel_to_its_owner()
    {
        var serving = new BankService().RunAsync(_server, Stop);
        await _client.CloseAsync(Stop);

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);

        Assert.Equal((SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly), (failure.Error.Kind, failure.Error.Code));
        Assert.False(failure.IsExpected);
        Assert.Null(_server.End);
        await _server.CloseAsync(Stop);
        Assert.Equal(SessionEndReason.ClosedByPeer, _server.End!.Reason);
    }

    [Fact]
    public async Task An_exception_of_the_channel_itself_that_does_not_end_it_is_not_a_failure_of_the_handler()
    {
        var channel = new ClosingChannel(_server);
        var serving = new BankService().RunAsync(channel, Stop);
        await _client.SendAsync(new Login("ann", "secret"), Stop);

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);

        Assert.Same(ClosingChannel.Closing, failure.Error);
        Assert.Null(_server.End);
    }

    [Fact]
    public async Task A_canceled_handler_that_pushes_leaves_no_receive_in_progress()
    {
        using var cancellation = new CancellationTokenSource();
        var serving = new Ticker().RunAsync(_server, cancellation.Token);
        await FeedClient.Begin(_client).SendAsync(new Watch(), Stop);
        await _client.ReceiveAsync(Stop);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Null(_server.End);
        await _client.SendAsync(new Unwatch(), Stop);
        Assert.Equal(3, (await _server.ReceiveAsync(Stop))!.Value.Code);
    }

    [Fact]
    public async Task A_handler_that_pushes_registers_nothing_per_message()
    {
        const int Messages = 20_000;
        using var cancellation = new CancellationTokenSource();
        var serving = new Chatter(Messages).RunAsync(_server, cancellation.Token);
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"), Stop);
        var before = 0L;
        for (var word = 0; word < Messages; word++)
        {
            (_, talking) = Assert.IsType<ChatClient.Talking.Say>(await talking.ReceiveAsync(Stop));
            await talking.SendAsync(new Say("thanks"), Stop);
            if (word == 100)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }

        // A linked cancellation source takes more than 100 bytes.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20L * Messages);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    private async Task ServeAsync(Func<ValueTask> onLogin, CancellationToken cancellationToken = default)
    {
        await _client.SendAsync(new Login("ann", "secret"), Stop);
        await new DelegatingService(onLogin).RunAsync(_server, cancellationToken).WaitAsync(SessionPair.Patience, Stop);
    }

    private async Task AssertHandlerFailedAsync()
    {
        Assert.Equal(
            new SessionError(SessionErrorKind.LocalError, SessionErrorCode.HandlerFailed, AlertDescription.InternalError,
                "The handler failed in state 'Authenticating' of bank/1."),
            _server.End!.Error);
        var received = await Assert.ThrowsAsync<SessionException>(async () => await _client.ReceiveAsync(Stop));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.InternalError), (received.Error.Kind, received.Error.Alert));
    }

    private sealed class DelegatingService(Func<ValueTask> onLogin) : BankService
    {
        protected override async ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state)
        {
            await onLogin();
            return new LoginRejected("no");
        }
    }

    /// <summary>A handler that pushes ticks, and never leaves.</summary>
    private sealed class Ticker : FeedServer.Handler
    {
        protected override async IAsyncEnumerable<FeedServer.Watching.Answer> PushInWatchingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            yield return new Tick(0);
            await new TaskCompletionSource().Task.WaitAsync(left);
        }

        protected override ValueTask<FeedServer.Watching.Answer> OnWatchAsync(Watch watch, FeedServer.Watching state) => new(state);

        protected override ValueTask OnUnwatchAsync(Unwatch unwatch, FeedServer.Left state) => default;
    }

    /// <summary>A handler that pushes a word for each word that it receives.</summary>
    private sealed class Chatter(int count) : ChatServer.Handler
    {
        private readonly Channel<Say> _heard = Channel.CreateUnbounded<Say>();

        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            for (var word = 0; word < count; word++)
            {
                if (word > 0)
                    await _heard.Reader.ReadAsync(left);
                yield return new Say("word");
            }

            await new TaskCompletionSource().Task.WaitAsync(left);
        }

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state)
        {
            _heard.Writer.TryWrite(say);
            return new(state);
        }

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state) => default;

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }

    /// <summary>A channel whose owner is closing it: sends fail, but the channel has not ended yet.</summary>
    private sealed class ClosingChannel(InMemoryChannel channel) : MessageChannel
    {
        public static SessionError Closing { get; } = new(SessionErrorKind.Closed, SessionErrorCode.ClosedLocally, AlertDescription.CloseNotify, "closing");

        public override Role Role => channel.Role;

        public override string? ApplicationProtocol => channel.ApplicationProtocol;

        public override SessionEnd? End => channel.End;

        public override Task<SessionEnd> Completion => channel.Completion;

        public override ValueTask SendAsync<TMessage>(scoped in TMessage message, CancellationToken cancellationToken = default) =>
            throw new SessionException(Closing, new SessionEnd(SessionEndReason.ClosedLocally));

        public override ValueTask FlushAsync(CancellationToken cancellationToken = default) => channel.FlushAsync(cancellationToken);

        public override ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default) => channel.ReceiveAsync(cancellationToken);

        public override ValueTask CloseAsync(CancellationToken cancellationToken = default) => channel.CloseAsync(cancellationToken);

        public override ValueTask AbortAsync(SessionError error) => channel.AbortAsync(error);

        public override ValueTask DisposeAsync() => channel.DisposeAsync();
    }
}
