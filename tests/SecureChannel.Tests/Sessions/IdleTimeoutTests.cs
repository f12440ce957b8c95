using System.Net.Security;
using System.Security.Authentication;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Idle timeouts: never an orderly end, and no loss of data that has arrived. Time is virtual.</summary>
public sealed class IdleTimeoutTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_idle_timeout_within_a_stream_fails_the_reads(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        await pair.Server.AsStream().WriteAsync(new byte[60_000], Cancellation);
        await pair.Server.AsStream().FlushAsync(Cancellation);
        using var received = new MemoryStream();
        var copying = pair.Client.AsStream().CopyToAsync(received, Cancellation);
        Assert.True(SpinWait.SpinUntil(() => received.Length == 60_000, SessionPair.Patience));
        pair.Time.Advance(Idle);

        await AssertTimedOutAsync(copying);
        await AssertTimedOutAsync(pair.Client.AsStream().ReadAsync(new byte[1], Cancellation).AsTask());
        await AssertTimedOutAsync(WriteAsync());
        Assert.Equal(SessionEndReason.IdleTimeout, pair.Client.End!.Reason);

        async Task WriteAsync() => await pair.Client.AsStream().WriteAsync(new byte[1], Cancellation);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_idle_timeout_within_a_message_is_a_failure(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        LoseAllButOneRecord(pair.Connection.ServerToClient);
        await pair.Server.SendAsync(new Blob(new byte[60_000]), Cancellation);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        Assert.False(receiving.IsCompleted);
        pair.Time.Advance(Idle);

        var failure = await AssertTimedOutAsync(receiving);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Client.Completion);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_idle_timeout_within_a_record_is_a_failure(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        pair.Connection.ServerToClient.Change = bytes => bytes[..20];
        await pair.Server.SendAsync(new Note("of which a part arrives"), Cancellation);
        pair.Time.Advance(Idle);

        var end = await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal((SessionEndReason.Failed, SessionErrorKind.TimedOut), (end.Reason, end.Error!.Kind));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task An_idle_timeout_with_unwritten_data_is_a_failure(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        pair.Transport.Writes = TransportFault.Hangs;
        await pair.Client.SendAsync(new Note("unwritten"), Cancellation);
        pair.Time.Advance(Idle);

        var end = await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal((SessionEndReason.Failed, SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (end.Reason, end.Error!.Kind, end.Error.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_timeout_to_which_the_peer_did_not_agree_is_a_failure(bool isReading)
    {
        var (connection, time) = (DuplexConnection.Create(), new ManualTimeProvider());
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions("tls/1.3", time, Idle));
        await using var client = new SslStream(connection.Client);
        var shaking = server.HandshakeAsync(Cancellation);
        await AuthenticateAsync(client);
        await shaking.WaitAsync(SessionPair.Patience, Cancellation);
        await client.WriteAsync("half"u8.ToArray(), Cancellation);
        await client.FlushAsync(Cancellation);
        await server.AsStream().ReadExactlyAsync(new byte[4], Cancellation);
        var reading = isReading ? server.AsStream().ReadAsync(new byte[1], Cancellation).AsTask() : null;
        time.Advance(Idle);

        var end = await server.Completion.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal((SessionEndReason.Failed, SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (end.Reason, end.Error!.Kind, end.Error.Code));
        await AssertTimedOutAsync(reading ?? server.AsStream().ReadAsync(new byte[1], Cancellation).AsTask());
        // The peer receives an error, not an orderly end.
        await Assert.ThrowsAnyAsync<IOException>(() => client.ReadAsync(new byte[1], Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Data_that_arrived_for_a_busy_reader_survives_the_idle_timeout_which_then_runs_again(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        for (var i = 0; i < 100; i++)
            await pair.Server.SendAsync(new Note($"{i}"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        pair.Time.Advance(Idle);
        pair.Time.Advance(Idle * 100);

        Assert.Equal("0", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        pair.Time.Advance(Idle * 100);
        for (var i = 1; i < 100; i++)
            Assert.Equal($"{i}", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);

        // The timer runs again from the receive that waits for the peer.
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        pair.Time.Advance(Idle - Tick);
        Assert.False(receiving.IsCompleted);
        pair.Time.Advance(Tick);
        await AssertTimedOutAsync(receiving);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task More_data_than_the_input_buffer_survives_a_busy_reader(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        var bytes = SecureSessionTests.Pattern(300_000);
        await pair.Server.AsStream().WriteAsync(bytes, Cancellation);
        await pair.Server.CloseAsync(Cancellation);
        var first = new byte[1];
        await pair.Client.AsStream().ReadExactlyAsync(first, Cancellation);
        for (var i = 0; i < 5; i++)
            pair.Time.Advance(Idle);

        using var received = new MemoryStream();
        received.Write(first);
        await pair.Client.AsStream().CopyToAsync(received, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(bytes, received.ToArray());
        Assert.Null(pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Both_endpoints_report_an_idle_timeout_whatever_the_clock_of_the_other_says(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        pair.Time.Advance(Idle);
        await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.True(failure.IsExpected);
        Assert.Equal((SessionEndReason.IdleTimeout, SessionEndReason.IdleTimeout), (pair.Client.End!.Reason, pair.Server.End!.Reason));
    }

    [Theory]
    [InlineData("sslstream")]
    public async Task The_peers_idle_timeout_is_labelled_after_three_quarters_of_the_negotiated_time(string security)
    {
        foreach (var (passed, reason) in ((double, SessionEndReason)[])[(22.499, SessionEndReason.Failed), (22.5, SessionEndReason.IdleTimeout)])
        {
            await using var pair = await HostilePair.EstablishAsync(security, Idle);
            pair.ServerTime.Advance(TimeSpan.FromSeconds(passed));
            pair.Time.Advance(Idle);
            await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation);

            var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal(new SessionEnd(reason, failure.Error), pair.Server.End);
            if (reason == SessionEndReason.IdleTimeout)
                Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (failure.Error.Kind, failure.Error.Code));
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task The_peers_idle_timeout_is_a_failure_if_a_message_is_incomplete(string security)
    {
        await using var pair = await HostilePair.EstablishAsync(security, Idle);
        LoseAllButOneRecord(pair.Connection.ClientToServer);
        var receiving = pair.Server.ReceiveAsync(Cancellation).AsTask();
        await pair.Client.SendAsync(new Blob(new byte[60_000]), Cancellation);
        await pair.Client.FlushAsync(Cancellation);
        pair.ServerTime.Advance(Idle - Tick);
        pair.Connection.ClientToServer.Cut();

        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.Truncated, failure.Error.Kind);
        Assert.Equal(SessionEndReason.Failed, pair.Server.End!.Reason);
    }

    // A record starts with a type, a version, and a length of two bytes.
    private static void LoseAllButOneRecord(OneWay wire)
    {
        var isFirst = true;
        wire.Change = bytes =>
        {
            if (!isFirst)
                return [];
            isFirst = false;
            return bytes[..(5 + (bytes[3] << 8) + bytes[4])];
        };
    }

    private static async Task AuthenticateAsync(SslStream client) => await client.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = SessionPair.ServerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }, Cancellation).WaitAsync(SessionPair.Patience, Cancellation);

    private static async Task<SessionException> AssertTimedOutAsync(Task operation)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(() => operation.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (failure.Error.Kind, failure.Error.Code));
        return failure;
    }
}
