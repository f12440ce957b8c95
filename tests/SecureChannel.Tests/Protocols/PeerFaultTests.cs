using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>A peer that sends every illegal message in every state.</summary>
public sealed class PeerFaultTests
{
    private static readonly Dictionary<string, Func<InMemoryChannel, ValueTask>> Sends = new()
    {
        ["Login"] = peer => peer.SendAsync(new Login("ann", "secret")),
        ["LoginAccepted"] = peer => peer.SendAsync(new LoginAccepted(1)),
        ["LoginRejected"] = peer => peer.SendAsync(new LoginRejected("no")),
        ["BalanceQuery"] = peer => peer.SendAsync(new BalanceQuery(1)),
        ["Balance"] = peer => peer.SendAsync(new Balance(1, BankService.Now)),
        ["Goodbye"] = peer => peer.SendAsync(new Goodbye()),
    };

    private static readonly Dictionary<string, (string[] Path, string[] Legal, string Expected)> ServerStates = new()
    {
        ["Start"] = ([], ["Login"], "Login"),
        ["Ready"] = (["Login"], ["BalanceQuery", "Goodbye"], "BalanceQuery or Goodbye"),
    };

    public static TheoryData<string, string> IllegalAtServer { get; } = [.. ServerStates.SelectMany(
        state => Sends.Keys.Except(state.Value.Legal).Select(message => (state.Key, message)))];

    public static TheoryData<string, string> IllegalAtClient { get; } = [..
        new[] { ("Authenticating", new[] { "LoginAccepted", "LoginRejected" }), ("Answering", ["Balance"]) }
        .SelectMany(state => Sends.Keys.Except(state.Item2).Select(message => (state.Item1, message)))];

    [Theory]
    [MemberData(nameof(IllegalAtServer))]
    public async Task An_unexpected_message_at_the_server_fails_the_session_and_reaches_no_handler(string state, string message)
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var service = new BankService();
        var serving = service.RunAsync(server, TestContext.Current.CancellationToken);
        foreach (var before in ServerStates[state].Path)
        {
            await Sends[before](peer);
            await peer.ReceiveAsync(TestContext.Current.CancellationToken);
        }

        await Sends[message](peer);

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);
        AssertUnexpected(failure, ["Login", "BalanceQuery", "Goodbye"], message, state, ServerStates[state].Expected);
        Assert.Equal(ServerStates[state].Path, service.Handled);
        await AssertAbortedAsync(peer, AlertDescription.UnexpectedMessage);
    }

    [Theory]
    [MemberData(nameof(IllegalAtClient))]
    public async Task An_unexpected_message_at_the_client_fails_the_session_and_reaches_no_caller(string state, string message)
    {
        var (client, peer) = InMemoryChannel.CreatePair();
        var authenticating = await BankClient.Begin(client).SendAsync(new Login("ann", "secret"));
        await peer.ReceiveAsync(TestContext.Current.CancellationToken);
        Func<Task> receive = async () => await authenticating.ReceiveAsync();
        if (state == "Answering")
        {
            await peer.SendAsync(new LoginAccepted(1), TestContext.Current.CancellationToken);
            var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync());
            var answering = await ready.SendAsync(new BalanceQuery(1));
            receive = async () => await answering.ReceiveAsync();
        }

        await Sends[message](peer);

        var failure = await Assert.ThrowsAsync<SessionException>(receive);
        AssertUnexpected(failure, ["LoginAccepted", "LoginRejected", "Balance"], message, state, state == "Answering" ? "Balance" : "LoginAccepted or LoginRejected");
        await AssertAbortedAsync(peer, AlertDescription.UnexpectedMessage);
        await Assert.ThrowsAsync<SessionException>(receive);
    }

    [Fact]
    public async Task A_malformed_body_fails_with_decode_error_and_the_position()
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var receiving = BankServer.Begin(server).ReceiveAsync();

        peer.SendBytes([1, 3, 200, 1, 2]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving);
        Assert.Equal((SessionErrorKind.MalformedMessage, AlertDescription.DecodeError), (failure.Error.Kind, failure.Error.Alert));
        Assert.False(WireSerializer.TryRead<Login>([200, 1, 2], out _, out var error));
        Assert.Equal($"Login: {error}", failure.Error.Message);
        await AssertAbortedAsync(peer, AlertDescription.DecodeError);
    }

    [Fact]
    public async Task Trailing_bytes_are_rejected()
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var receiving = BankServer.Begin(server).ReceiveAsync();

        peer.SendBytes([1, 5, 1, (byte)'a', 1, (byte)'b', 0]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving);
        Assert.Equal(SessionErrorKind.MalformedMessage, failure.Error.Kind);
    }

    [Fact]
    public async Task A_peer_that_closes_early_violates_the_protocol_and_the_error_names_the_state()
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var serving = new BankService().RunAsync(server, TestContext.Current.CancellationToken);
        await Sends["Login"](peer);
        await peer.ReceiveAsync(TestContext.Current.CancellationToken);

        await peer.CloseAsync(TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);
        Assert.Equal(
            (SessionErrorKind.ProtocolViolation, SessionErrorCode.ClosedEarly, AlertDescription.UnexpectedMessage, SessionEndReason.Failed),
            (failure.Error.Kind, failure.Error.Code, failure.Error.Alert, failure.End.Reason));
        Assert.Null(server.End);
        Assert.Equal("The peer closed the session in state 'Ready' of bank/1; expected BalanceQuery or Goodbye.", failure.Error.Message);
    }

    [Fact]
    public async Task A_local_close_before_the_end_fails_as_closed()
    {
        var (_, server) = InMemoryChannel.CreatePair();
        var serving = new BankService().RunAsync(server, TestContext.Current.CancellationToken);

        await server.CloseAsync(TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);
        Assert.Equal((SessionErrorKind.Closed, SessionErrorCode.ClosedLocally), (failure.Error.Kind, failure.Error.Code));
        Assert.Same(server.End, failure.End);
        Assert.True(failure.IsExpected);
    }

    [Fact]
    public async Task A_handler_that_throws_aborts_the_session_and_propagates_its_exception()
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var serving = new FailingService().RunAsync(server, TestContext.Current.CancellationToken);

        await Sends["Login"](peer);

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => serving);
        await AssertAbortedAsync(peer, AlertDescription.InternalError);
    }

    [Fact]
    public async Task A_default_answer_throws_and_names_the_expected_messages()
    {
        var (peer, server) = InMemoryChannel.CreatePair();
        var serving = new SilentService().RunAsync(server, TestContext.Current.CancellationToken);

        await Sends["Login"](peer);

        var misuse = await Assert.ThrowsAsync<InvalidOperationException>(() => serving);
        Assert.Equal(
            "bank/1, server: the handler returned a default answer, but the protocol is in state 'Authenticating', in which this endpoint sends "
            + "LoginAccepted or LoginRejected. Return a message or a state.",
            misuse.Message);
    }

    private static void AssertUnexpected(SessionException failure, string[] received, string message, string state, string expected)
    {
        Assert.Equal(
            (SessionErrorKind.ProtocolViolation, SessionErrorCode.UnexpectedMessage, AlertDescription.UnexpectedMessage),
            (failure.Error.Kind, failure.Error.Code, failure.Error.Alert));
        Assert.Contains(
            received.Contains(message) ? $"was received in state '{state}' of bank/1; expected {expected}." : "was received, which only this endpoint may send in bank/1.",
            failure.Error.Message);
    }

    private static async Task AssertAbortedAsync(InMemoryChannel peer, AlertDescription alert)
    {
        // Messages that arrived before the alert are received first.
        var failure = await Assert.ThrowsAsync<SessionException>(async () =>
        {
            while (await peer.ReceiveAsync(TestContext.Current.CancellationToken) is not null)
            {
            }
        });
        Assert.Equal((SessionErrorKind.AlertReceived, alert), (failure.Error.Kind, failure.Error.Alert));
    }

    private sealed class FailingService : BankService
    {
        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) =>
            throw new TimeZoneNotFoundException();
    }

    private sealed class SilentService : BankService
    {
        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) => default;
    }
}
