using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Failed writes. The peer may have sent an alert with the reason before.</summary>
public sealed class FailedWriteTests
{
    private static readonly SessionError TooMuch = new(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "too much");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_endpoint_that_only_sends_reports_the_peers_alert_and_retains_received_data(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, SessionPair.ClientOptions(security),
            SessionPair.ServerOptions(security, time));
        await pair.Server.SendAsync(new Note("kept"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        var received = await pair.Client.ReceiveAsync(Cancellation);
        var body = received!.Value.Body.ToArray();
        await pair.Server.SendAsync(new Note("never read"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        await pair.Server.AbortAsync(TooMuch);
        // Closes the server's socket, so that further data is answered by a reset.
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await AssertAbortedAsync(SendContinuouslyAsync());
        Assert.Equal(failure.Error, pair.Client.End!.Error);
        Assert.Equal(body, received.Value.Body.ToArray());

        async Task SendContinuouslyAsync()
        {
            while (true)
            {
                await pair.Client.SendAsync(new Note("more"), Cancellation);
                await pair.Client.FlushAsync(Cancellation);
            }
        }
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_pending_receive_and_the_failed_send_report_the_peers_alert(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        var sending = FailToSend(pair.Client, pair.Connection!);
        Assert.False(sending.IsCompleted);
        await pair.Server.AbortAsync(TooMuch);

        await AssertAbortedAsync(sending);
        await AssertAbortedAsync(receiving);
    }

    [Theory]
    [InlineData("tls/1.3", false)]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", false)]
    [InlineData("key-transport/1", true)]
    public async Task A_failed_write_without_an_alert_fails_after_the_alert_timeout(string security, bool isReceiving)
    {
        var time = new ManualTimeProvider();
        await using var pair = await EstablishAsync(security, time);
        var receiving = isReceiving ? pair.Client.ReceiveAsync(Cancellation).AsTask() : Task.CompletedTask;
        var sending = FailToSend(pair.Client, pair.Connection!);
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(() => sending.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("no route", failure.Error.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(failure.InnerException);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation));
        if (isReceiving)
            Assert.Equal(failure.Error, (await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation))).Error);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_close_notify_that_is_read_after_a_failed_write_ends_reads_in_order_but_not_the_session(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        await pair.Server.CloseAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => FailToSend(pair.Client, pair.Connection!).WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3", false)]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", false)]
    [InlineData("key-transport/1", true)]
    public async Task A_failed_write_loses_no_data_that_the_peer_sent_before_its_close_notify(string security, bool allowHalfClose)
    {
        var options = SessionPair.ClientOptions(security, new ManualTimeProvider()) with { AllowHalfClose = allowHalfClose };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, options, SessionPair.ServerOptions(security));
        await pair.Server.SendAsync(new Note("not yet read"), Cancellation);
        await pair.Server.CloseAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => FailToSend(pair.Client, pair.Connection!).WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
        Assert.Equal("not yet read", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), pair.Client.End);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_handshake_with_a_failed_write_reports_the_peers_alert(string security)
    {
        await using var pair = await SessionPair.CreateAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security, new ManualTimeProvider()), SessionPair.ServerOptions(security));
        var (writes, failed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        pair.Connection!.ClientToServer.Change = bytes =>
        {
            if (++writes == 1)
                return bytes;
            failed.TrySetResult();
            throw new IOException("no route");
        };
        var (client, server) = (HandshakeAndReceiveAsync(pair.Client), pair.Server.HandshakeAsync(Cancellation));
        await failed.Task.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Server.AbortAsync(TooMuch);

        await AssertAbortedAsync(client);
        await Assert.ThrowsAsync<SessionException>(() => server.WaitAsync(SessionPair.Patience, Cancellation));

        // A TLS client is established before its last message is written.
        static async Task HandshakeAndReceiveAsync(SecureSession session)
        {
            await session.HandshakeAsync(Cancellation);
            await session.ReceiveAsync(Cancellation);
        }
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_receive_that_starts_after_the_failed_write_returns_data_and_then_reports_the_peers_alert(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        var sending = FailToSend(pair.Client, pair.Connection!);
        var receiving = SecureSessionTests.ReceiveAsync<Note>(pair.Client);
        await pair.Server.SendAsync(new Note("not too late"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        Assert.Equal("not too late", (await receiving).Text);
        await pair.Server.SendAsync(new Note("the last"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        await pair.Server.AbortAsync(TooMuch);

        await AssertAbortedAsync(sending);
        Assert.Equal("the last", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        await AssertAbortedAsync(pair.Client.ReceiveAsync(Cancellation).AsTask());
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_transport_that_ignores_cancellation_does_not_delay_the_failure(string security)
    {
        var (time, connection) = (new ManualTimeProvider(), DuplexConnection.Create());
        await using var transport = new UncancelableStream(connection.Client);
        await using var client = SecureSession.Create(transport, SessionPair.ClientOptions(security, time));
        await using var server = SecureSession.Create((Stream)connection.Server, SessionPair.ServerOptions(security));
        await Task.WhenAll(client.HandshakeAsync(Cancellation), server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        var sending = FailToSend(client, connection);
        time.Advance(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<SessionException>(() => sending.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Contains("no route", failure.Error.Message, StringComparison.Ordinal);
    }

    private static Task<SessionPair> EstablishAsync(string security, TimeProvider time) =>
        SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security));

    private static Task FailToSend(SecureSession client, DuplexConnection connection)
    {
        connection.ClientToServer.Change = _ => throw new IOException("no route");
        var sending = client.SendAsync(new Note("lost"), Cancellation).AsTask();
        return sending.IsCompletedSuccessfully ? client.FlushAsync(Cancellation).AsTask() : sending;
    }

    private static async Task<SessionException> AssertAbortedAsync(Task waiting)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(() => waiting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (failure.Error.Kind, failure.Error.Alert));
        return failure;
    }

    /// <summary>A stream whose reads ignore cancellation.</summary>
    private sealed class UncancelableStream(Stream inner) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, CancellationToken.None);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
