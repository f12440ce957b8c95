using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

public sealed class DeadlineTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public DeadlineTests() => (_client, _server) = InMemoryChannel.CreatePair(timeProvider: _time);

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
        Assert.Equal("The deadline of 30 s expired in state 'Telling' of relay/1, in which the peer had to send Part, LastPart or Probe.", failure.Error.Message);
        Assert.Equal(failure.Error, _client.End?.Error);
        Assert.Equal(SessionErrorKind.AlertReceived, (await Assert.ThrowsAsync<SessionException>(async () => await _server.ReceiveAsync(TestContext.Current.CancellationToken))).Error.Kind);
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
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Deadlines_use_the_clock_of_the_session(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security, _time, TimeSpan.FromHours(1)), SessionPair.ServerOptions(security, _time, TimeSpan.FromHours(1)));
        var asking = await RelayClient.Begin(pair.Client).SendAsync(new Ask(2));
        var receiving = asking.ReceiveAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience));
        Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
        Assert.Contains("in state 'Telling' of relay/1", failure.Error.Message);
    }
}
