using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>Tests of the reports of an in-memory channel for each end, as in the table of <see cref="MessageChannel"/>.</summary>
public sealed class ChannelEndTests
{
    private static readonly SessionError AccessDenied = new(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "no such account");

    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public ChannelEndTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_peer_closed_a_receive_returns_null_and_sends_continue_until_this_endpoint_closes()
    {
        await _client.SendAsync(new Goodbye(), Stop);
        await _client.CloseAsync(Stop);

        Assert.Equal(6, (await _server.ReceiveAsync(Stop))!.Value.Code);
        Assert.Null(await _server.ReceiveAsync(Stop));
        Assert.Null(await _server.ReceiveAsync(Stop));
        Assert.Null(_server.End);
        await _server.SendAsync(new Goodbye(), Stop);
        await _server.FlushAsync(Stop);

        await _server.CloseAsync(Stop);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await _server.Completion);
        Assert.Null(await _server.ReceiveAsync(Stop));
        await AssertFailsAsync(_server.End, SessionErrorKind.Closed, SessionErrorCode.ClosedByPeer, () => _server.SendAsync(new Goodbye(), Stop));
    }

    [Fact]
    public async Task After_a_close_every_operation_of_this_endpoint_fails_as_closed_and_accepted_messages_arrive()
    {
        var receiving = _client.ReceiveAsync(Stop);
        await _client.SendAsync(new Goodbye(), Stop);

        await _client.CloseAsync(Stop);
        await _client.CloseAsync(Stop);

        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await _client.Completion);
        foreach (var operation in Operations(_client).Prepend(async () => await receiving))
        {
            var failure = await AssertFailsAsync(_client.End, SessionErrorKind.Closed, SessionErrorCode.ClosedLocally, operation);
            Assert.True(failure.IsExpected);
        }

        Assert.Equal(6, (await _server.ReceiveAsync(Stop))!.Value.Code);
    }

    [Fact]
    public async Task A_close_within_a_message_fails_the_receive_and_the_channel()
    {
        _client.SendBytes([4, 8, 1, 2]);
        await _client.CloseAsync(Stop);

        var failure = await AssertFailsAsync(null, SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, async () => await _server.ReceiveAsync(Stop));

        Assert.Same(failure.End, _server.End);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await _server.Completion);
        await Assert.ThrowsAsync<SessionException>(async () => await _server.CloseAsync(Stop));
    }

    [Fact]
    public async Task A_receive_returns_what_arrived_before_the_peer_aborted_and_then_fails()
    {
        await _client.SendAsync(new Goodbye(), Stop);
        await _client.AbortAsync(AccessDenied);

        Assert.Equal(6, (await _server.ReceiveAsync(Stop))!.Value.Code);
        foreach (var operation in Operations(_server))
            await AssertFailsAsync(_server.End, SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, operation);
        Assert.Equal((SessionEndReason.Failed, AlertDescription.AccessDenied), (_server.End!.Reason, _server.End.Error!.Alert));
        await Assert.ThrowsAsync<SessionException>(async () => await _server.CloseAsync(Stop));
    }

    [Fact]
    public async Task After_an_abort_every_operation_of_this_endpoint_fails_with_its_error()
    {
        var receiving = _client.ReceiveAsync(Stop);
        await _server.SendAsync(new Goodbye(), Stop);
        Assert.NotNull(await receiving);
        receiving = _client.ReceiveAsync(Stop);

        await _client.AbortAsync(AccessDenied);
        await _client.AbortAsync(AccessDenied with { Message = "too late" });

        foreach (var operation in Operations(_client).Prepend(async () => await receiving))
            Assert.Same(AccessDenied, (await AssertFailsAsync(_client.End, AccessDenied.Kind, AccessDenied.Code, operation)).Error);
    }

    [Theory]
    [InlineData(AlertDescription.CloseNotify)]
    [InlineData(AlertDescription.UserCanceled)]
    public async Task An_alert_that_is_not_fatal_cannot_abort_a_channel(AlertDescription alert)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await _client.AbortAsync(AccessDenied with { Alert = alert }));

        Assert.StartsWith($"The alert '{alert}' is not fatal, so it cannot abort a channel. Use another alert, such as 'GeneralError'.", refused.Message);
        Assert.Null(_client.End);
    }

    [Fact]
    public async Task Disposal_before_a_close_aborts_the_channel()
    {
        var receiving = _client.ReceiveAsync(Stop);

        await _client.DisposeAsync();
        await _client.DisposeAsync();

        await AssertFailsAsync(_client.End, SessionErrorKind.LocalError, SessionErrorCode.DisposedBeforeClose, async () => await receiving);
        foreach (var operation in Operations(_client).Append(() => _client.CloseAsync(Stop)))
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await operation());
        await _client.AbortAsync(AccessDenied);
        var failure = await AssertFailsAsync(_server.End, SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, async () => await _server.ReceiveAsync(Stop));
        Assert.Equal(AlertDescription.GeneralError, failure.Error.Alert);
    }

    [Fact]
    public async Task Disposal_within_a_protocol_aborts_the_channel()
    {
        await using (_client)
            await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));

        Assert.Equal(SessionErrorCode.DisposedBeforeClose, _client.End!.Error!.Code);
        Assert.Equal((SessionEndReason.Failed, SessionErrorKind.AlertReceived), (_server.End!.Reason, _server.End.Error!.Kind));
    }

    [Fact]
    public async Task Disposal_after_a_final_state_closes_in_order()
    {
        var serving = new BankService().RunAsync(_server, Stop);
        await using (_client)
        {
            var ready = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await (await BankClient.Begin(_client).SendAsync(new Login("ann", "x"))).ReceiveAsync()).Next;
            await ready.SendAsync(new Goodbye());
        }

        await serving;
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), _client.End);
        Assert.Null(await _server.ReceiveAsync(Stop));
        await _server.DisposeAsync();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), _server.End);
    }

    [Fact]
    public async Task Disposal_while_the_last_message_of_a_lane_waits_aborts_the_channel()
    {
        var blocked = new BlockedChannel(_client);
        var (sending, _) = (await ChatClient.Begin(blocked).SendAsync(new Join("ann"))).Split();
        var (_, bob) = await ChatServer.Begin(_server).ReceiveAsync(Stop);
        await bob.SendAsync(new Leave(), Stop);
        blocked.Block();
        _ = sending.SendAsync(new Leave(), Stop).AsTask();

        await blocked.DisposeAsync();

        Assert.Equal(SessionErrorCode.DisposedBeforeClose, _client.End!.Error!.Code);
    }

    [Fact]
    public async Task A_canceled_operation_gives_the_operation_back()
    {
        using var cancellation = new CancellationTokenSource();
        var receiving = _client.ReceiveAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiving);
        foreach (var operation in new Func<Task>[]
        {
            async () => await _client.ReceiveAsync(cancellation.Token), async () => await _client.SendAsync(new Goodbye(), cancellation.Token),
            async () => await _client.FlushAsync(cancellation.Token), async () => await _client.CloseAsync(cancellation.Token),
        })
            await Assert.ThrowsAnyAsync<OperationCanceledException>(operation);

        Assert.Null(_client.End);
        await _server.SendAsync(new Goodbye(), Stop);
        Assert.Equal(6, (await _client.ReceiveAsync(Stop))!.Value.Code);
    }

    [Fact]
    public async Task A_second_receive_at_the_same_time_is_refused()
    {
        var receiving = _client.ReceiveAsync(Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _client.ReceiveAsync(Stop));

        await _server.SendAsync(new Goodbye(), Stop);
        Assert.NotNull(await receiving);
    }

    private static IEnumerable<Func<ValueTask>> Operations(InMemoryChannel channel) =>
    [
        async () => await channel.ReceiveAsync(Stop), () => channel.SendAsync(new Goodbye(), Stop), () => channel.FlushAsync(Stop),
        () =>
        {
            channel.SendBytes([1]);
            return default;
        },
    ];

    private static async Task<SessionException> AssertFailsAsync(SessionEnd? end, SessionErrorKind kind, SessionErrorCode code, Func<ValueTask> operation)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await operation().AsTask().WaitAsync(SessionPair.Patience));
        Assert.Equal((kind, code), (failure.Error.Kind, failure.Error.Code));
        if (end is not null)
            Assert.Same(end, failure.End);
        return failure;
    }
}
