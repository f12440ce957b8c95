using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

public sealed class DeadlineTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public DeadlineTests() => (_client, _server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { TimeProvider = _time });

    [Fact]
    public async Task An_expired_deadline_fails_the_session_with_an_error_that_names_the_state()
    {
        var asking = await RelayClient.Begin(_client).SendAsync(new Ask(2));
        var receiving = asking.ReceiveAsync();

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(receiving.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await receiving);
        Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
        Assert.Equal("The deadline of 30 s expired in state 'Telling' of relay/1, in which the peer had to send Part, LastPart or Probe.",
            failure.Error.Message);
        Assert.Equal((SessionErrorCode.StateDeadline, AlertDescription.GeneralError), (failure.Error.Code, failure.Error.Alert));
        Assert.Equal(failure.Error, _client.End?.Error);
        Assert.NotNull(await _server.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(SessionErrorKind.AlertReceived,
            (await Assert.ThrowsAsync<SessionException>(async () => await _server.ReceiveAsync(TestContext.Current.CancellationToken))).Error.Kind);
    }

    [Fact]
    public async Task A_slow_local_endpoint_fails_with_the_deadline_at_its_next_operation()
    {
        await RelayClient.Begin(_client).SendAsync(new Ask(2));
        var (_, telling) = await RelayServer.Begin(_server).ReceiveAsync();

        _time.Advance(TimeSpan.FromSeconds(31));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await telling.SendAsync(new Part(1, IsLast: false)));
        Assert.True(failure.Error.Kind is SessionErrorKind.TimedOut or SessionErrorKind.AlertReceived);
    }

    [Fact]
    public async Task Each_transition_restarts_the_deadline_but_a_message_allowed_at_any_time_does_not()
    {
        var asking = await RelayClient.Begin(_client).SendAsync(new Ask(2));
        for (var part = 0; part < 3; part++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await _server.SendAsync(new Part(part, IsLast: false), TestContext.Current.CancellationToken);
            (_, asking) = Assert.IsType<RelayClient.Telling.Part>(await asking.ReceiveAsync());
        }

        _time.Advance(TimeSpan.FromSeconds(20));
        await _server.SendAsync(new Probe(), TestContext.Current.CancellationToken);
        (_, asking) = Assert.IsType<RelayClient.Telling.Probe>(await asking.ReceiveAsync());
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(SessionErrorKind.TimedOut, (await Assert.ThrowsAsync<SessionException>(async () => await asking.ReceiveAsync())).Error.Kind);
    }

    [Fact]
    public async Task A_state_without_a_deadline_and_a_final_state_never_expire()
    {
        var start = RelayClient.Begin(_client);
        _time.Advance(TimeSpan.FromDays(1));
        var asking = await start.SendAsync(new Ask(2));
        await _server.SendAsync(new LastPart(new Part(2, IsLast: true)), TestContext.Current.CancellationToken);
        Assert.IsType<RelayClient.Telling.LastPart>(await asking.ReceiveAsync());

        _time.Advance(TimeSpan.FromDays(1));

        Assert.Null(_client.End);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1.75)]
    public async Task A_deadline_may_be_a_fraction_of_a_second(double seconds)
    {
        var start = HasteClient.Begin(_client);
        if (seconds > 1)
            await start.SendAsync(new Ask(1));

        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Null(_client.End);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.StartsWith(FormattableString.Invariant($"The deadline of {seconds} s expired in state "), _client.End!.Error!.Message);
    }

    [Fact]
    public async Task No_timer_remains_after_a_final_state()
    {
        var asking = await RelayClient.Begin(_client).SendAsync(new Ask(2));
        Assert.Equal(1, _time.TimerCount);
        await _server.SendAsync(new LastPart(new Part(2, IsLast: true)), TestContext.Current.CancellationToken);

        await asking.ReceiveAsync();

        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task No_timer_remains_after_the_deadline_expired()
    {
        await RelayClient.Begin(_client).SendAsync(new Ask(2));

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.NotNull(_client.End);
        Assert.Equal(0, _time.TimerCount);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("dispose")]
    [InlineData("abort")]
    [InlineData("abort of the peer")]
    public async Task No_timer_remains_after_the_end_of_the_channel(string end)
    {
        await RelayClient.Begin(_client).SendAsync(new Ask(2));
        Assert.Equal(1, _time.TimerCount);
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "enough");

        await (end switch
        {
            "close" => _client.CloseAsync(TestContext.Current.CancellationToken),
            "dispose" => _client.DisposeAsync(),
            "abort" => _client.AbortAsync(error),
            _ => _server.AbortAsync(error),
        });

        await WaitForTimersAsync();
    }

    [Fact]
    public async Task A_protocol_that_begins_after_the_end_of_the_channel_starts_no_timer()
    {
        await _client.CloseAsync(TestContext.Current.CancellationToken);

        HasteClient.Begin(_client);

        await WaitForTimersAsync();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), _client.End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_timer_remains_after_a_handler_stopped(bool isCanceled)
    {
        using var cancellation = new CancellationTokenSource();
        var handler = new HasteService();
        var serving = handler.RunAsync(_server, cancellation.Token);
        Assert.Equal(1, _time.TimerCount);

        if (isCanceled)
            await cancellation.CancelAsync();
        else
            await _client.SendAsync(new Ask(1), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<Exception>(() => serving);
        Assert.Equal(0, _time.TimerCount);
        Assert.Equal(isCanceled, _server.End is null);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("change")]
    [InlineData("read")]
    public async Task A_clock_that_throws_fails_the_session_with_a_local_error(string fault)
    {
        var (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { TimeProvider = new FaultyTimeProvider(_time, fault) });
        _ = HasteClient.Begin(client);
        _time.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            (SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed,
                "The time provider threw TimeZoneNotFoundException, so the deadline of state 'Start' of haste/1 cannot be enforced."),
            (failure.Error.Kind, failure.Error.Code, failure.Error.Message));
        Assert.Equal(AlertDescription.InternalError, server.End!.Error!.Alert);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Deadlines_use_the_clock_of_the_session(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream,
            SessionPair.ClientOptions(security, _time, TimeSpan.FromHours(1)),
            SessionPair.ServerOptions(security, _time, TimeSpan.FromHours(1)));
        var asking = await RelayClient.Begin(pair.Client).SendAsync(new Ask(2));
        var receiving = asking.ReceiveAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience));
        Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
        Assert.Contains("in state 'Telling' of relay/1", failure.Error.Message);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_deadline_of_a_fraction_of_a_second_ends_a_session_at_both_endpoints(string security)
    {
        var peerTime = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream,
            SessionPair.ClientOptions(security, _time, TimeSpan.FromHours(1)),
            SessionPair.ServerOptions(security, peerTime, TimeSpan.FromHours(1)));
        var asked = await HasteClient.Begin(pair.Client).SendAsync(new Ask(1));
        _time.Advance(TimeSpan.FromSeconds(1.75) - TimeSpan.FromMilliseconds(1));
        Assert.Null(pair.Client.End);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var end = await pair.Client.Completion.WaitAsync(SessionPair.Patience);
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.StateDeadline), (end.Error!.Kind, end.Error.Code));
        Assert.StartsWith("The deadline of 1.75 s expired in state 'Asked' of haste/1", end.Error.Message);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await asked.SendAsync(new Probe()));
        Assert.Equal(end.Error, failure.Error);

        // The peer never sees an orderly end.
        Assert.NotNull(await pair.Server.ReceiveAsync().AsTask().WaitAsync(SessionPair.Patience));
        var peer = await Assert.ThrowsAsync<SessionException>(async () => await pair.Server.ReceiveAsync());
        Assert.True(peer.Error.Kind is SessionErrorKind.AlertReceived or SessionErrorKind.Truncated);
        await pair.Client.DisposeAsync();
        await WaitForTimersAsync();
    }

    // The timer is disposed by a continuation of the channel's completion.
    private async Task WaitForTimersAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_time.TimerCount > 0 && TimeProvider.System.GetElapsedTime(start) < SessionPair.Patience)
            await Task.Yield();
        Assert.Equal(0, _time.TimerCount);
    }

    private sealed class HasteService : HasteServer.Handler
    {
        protected override ValueTask OnAskAsync(Ask ask, HasteServer.Asked state) => throw new TimeZoneNotFoundException();

        protected override ValueTask OnProbeAsync(Probe probe, HasteServer.Done state) => default;
    }

    /// <summary>A clock of user code that throws.</summary>
    private sealed class FaultyTimeProvider(ManualTimeProvider time, string fault) : TimeProvider
    {
        private int _reads;

        public override long TimestampFrequency => time.TimestampFrequency;

        // The first two reads set the origin and the deadline.
        public override long GetTimestamp() => fault == "read" && ++_reads > 3 ? throw new TimeZoneNotFoundException() : time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            fault == "create" ? throw new TimeZoneNotFoundException() : new FaultyTimer(time.CreateTimer(callback, state, dueTime, period), fault);
    }

    private sealed class FaultyTimer(ITimer timer, string fault) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => fault == "change" ? throw new TimeZoneNotFoundException() : timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            throw new TimeZoneNotFoundException();
        }

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

/// <summary>A protocol with deadlines that are fractions of a second.</summary>
[Protocol("haste/1")]
internal enum Haste
{
    [Deadline(0.25)]
    [Client<Ask>(Asked)]
    Start,

    [Deadline(1.75)]
    [Client<Probe>(Done)]
    Asked,

    [Final]
    Done,
}
