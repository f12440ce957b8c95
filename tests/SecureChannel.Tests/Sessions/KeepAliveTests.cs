using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Pings, and reading ahead, without which a session could not answer them. Time is virtual.</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadAheadDelay = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Sessions_without_a_reader_answer_pings(string security)
    {
        var (client, server) = (new ManualTimeProvider(), new ManualTimeProvider());
        await using var pair = await EstablishAsync(security, client, server);
        Assert.Equal((Interval, Interval), (pair.Client.Negotiated!.KeepAliveInterval, pair.Server.Negotiated!.KeepAliveInterval));
        server.Advance(ReadAheadDelay);
        for (var i = 0; i < 5; i++)
            Ping(pair, client);
        Assert.Equal((null, null), (pair.Client.End, pair.Server.End));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_peer_that_does_not_respond_ends_the_session(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await EstablishAsync(security, time, new ManualTimeProvider());
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        pair.Connection!.ClientToServer.Change = _ => [];
        time.Advance(Interval);
        time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Null(pair.Client.End);
        time.Advance(TimeSpan.FromMilliseconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.KeepAliveTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("The peer does not respond", failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), pair.Client.End);
        Assert.False(failure.IsExpected);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_without_a_reader_notices_that_the_peer_failed(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security));
        time.Advance(ReadAheadDelay);
        Assert.Null(pair.Client.End);
        await pair.Server.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "enough"));

        var end = await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(
            security == SessionSecurity.SslStream.Name ? SessionErrorKind.Truncated : SessionErrorKind.AlertReceived, end.Error!.Kind);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Reading_ahead_loses_nothing_and_stops_at_its_limit(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security), capacity: 32 * 1024);
        await pair.Server.SendAsync(new Note("first"), Cancellation);
        Assert.Equal("first", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        time.Advance(ReadAheadDelay);
        var sending = SendAsync();
        async Task SendAsync()
        {
            for (var i = 0; i < 100; i++)
                await pair.Server.SendAsync(new Blob(SecureSessionTests.Pattern(10_000 + i)), Cancellation);
            await pair.Server.FlushAsync(Cancellation);
        }

        // 64 KiB in each of the input, the pump and the bytes in flight, and 32 KiB in the connection, are less than 1 MB.
        Assert.True(SpinWait.SpinUntil(() => pair.Connection!.ServerToClient.Recorded.Length > 32 * 1024, SessionPair.Patience));
        Assert.False(sending.IsCompleted);
        for (var i = 0; i < 100; i++)
            Assert.Equal(SecureSessionTests.Pattern(10_000 + i), (await SecureSessionTests.ReceiveAsync<Blob>(pair.Client)).Bytes.ToArray());
        await sending.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Reading_ahead_that_begins_within_a_read_of_the_application_does_not_stop_it(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Server.SendAsync(new Note("available at once"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        pair.Transport.WithinNextRead = () => pair.Time.Advance(ReadAheadDelay);

        Assert.Equal("available at once", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_write_that_fails_within_a_read_of_the_application_does_not_stop_it(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security);
        await pair.Server.SendAsync(new Note("available at once"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        Task? sending = null;
        pair.Transport.WithinNextRead = () =>
        {
            pair.Transport.Writes = TransportFault.Throws;
            sending = pair.Client.SendAsync(new Note("fails"), Cancellation).AsTask();
        };

        Assert.Equal("available at once", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        Assert.NotNull(sending);
    }

    [Fact]
    public void A_security_without_control_records_refuses_pings()
    {
        var options = SessionPair.ServerOptions("sslstream") with { KeepAliveInterval = Interval };
        var refusal = Assert.Throws<ArgumentException>(() => SecureSession.Create(new MemoryStream(), options));
        Assert.Contains("cannot send pings. Set 'KeepAliveInterval' to null", refusal.Message, StringComparison.Ordinal);
    }

    // The thread that receives an answer may be slow, so that the next ping is later.
    private static void Ping(SessionPair pair, ManualTimeProvider time)
    {
        var answered = pair.Connection!.ServerToClient.Recorded.Length;
        var isAnswered = false;
        for (var seconds = 1; !isAnswered && seconds <= 12; seconds++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            isAnswered = SpinWait.SpinUntil(() => pair.Connection.ServerToClient.Recorded.Length > answered, seconds < 10 ? TimeSpan.FromMilliseconds(50) : SessionPair.Patience);
        }
        Assert.True(isAnswered);
    }

    private static Task<SessionPair> EstablishAsync(string security, TimeProvider client, TimeProvider server) => SessionPair.EstablishAsync(
        TransportKind.Stream,
        SessionPair.ClientOptions(security, client) with { KeepAliveInterval = Interval, KeepAliveTimeout = Timeout, IdleTimeout = null },
        SessionPair.ServerOptions(security, server) with { IdleTimeout = null });
}
