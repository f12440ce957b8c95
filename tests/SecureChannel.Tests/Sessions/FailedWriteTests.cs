using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>A write that fails tells that the peer is gone; why, the peer may have said before.</summary>
public sealed class FailedWriteTests
{
    private static readonly SessionError TooMuch = new(SessionErrorKind.ProtocolViolation, AlertDescription.AccessDenied, "too much");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_end_that_only_sends_hears_why_the_peer_takes_no_more_and_keeps_what_it_received(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security, time));
        await pair.Server.SendAsync(new Note("kept"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        var received = await pair.Client.ReceiveAsync(Cancellation);
        var body = received!.Value.Body.ToArray();
        await pair.Server.SendAsync(new Note("never read"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        await pair.Server.AbortAsync(TooMuch);
        // The server's socket is closed for good: what is sent now is answered by a reset.
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await AssertRefusedAsync(SendForEverAsync());
        Assert.Equal(failure.Error, pair.Client.End!.Error);
        Assert.Equal(body, received.Value.Body.ToArray());

        async Task SendForEverAsync()
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
    public async Task A_receive_that_waits_hears_why_and_the_send_says_so_too(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        var sending = FailToSend(pair.Client, pair.Connection!);
        Assert.False(sending.IsCompleted);
        await pair.Server.AbortAsync(TooMuch);

        await AssertRefusedAsync(sending);
        await AssertRefusedAsync(receiving);
    }

    [Theory]
    [InlineData("tls/1.3", false)]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", false)]
    [InlineData("key-transport/1", true)]
    public async Task A_peer_that_says_nothing_is_not_waited_for(string security, bool isReceiving)
    {
        var time = new ManualTimeProvider();
        await using var pair = await EstablishAsync(security, time);
        var receiving = isReceiving ? pair.Client.ReceiveAsync(Cancellation).AsTask() : Task.CompletedTask;
        var sending = FailToSend(pair.Client, pair.Connection!);
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<SessionException>(() => sending.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.Truncated, failure.Error.Kind);
        Assert.Contains("no route", failure.Error.Message, StringComparison.Ordinal);
        if (isReceiving)
            Assert.Equal(failure.Error, (await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation))).Error);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_end_in_order_that_is_heard_is_the_sessions_end(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        await pair.Server.CloseAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<SessionException>(() => FailToSend(pair.Client, pair.Connection!).WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.CloseNotify), (failure.Error.Kind, failure.Error.Alert));
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Client.End);
    }

    // What was heard before it is lost: nobody may take the rest for all.
    [Theory]
    [InlineData("tls/1.3", false)]
    [InlineData("tls/1.3", true)]
    [InlineData("key-transport/1", false)]
    [InlineData("key-transport/1", true)]
    public async Task No_end_is_in_order_before_which_data_was_dropped(string security, bool keepsOwnDirectionOpen)
    {
        var made = SessionPair.ClientOptions(security, new ManualTimeProvider());
        var options = new ClientOptions { Security = made.Security, Trust = made.Trust, ServerName = made.ServerName, TimeProvider = made.TimeProvider, AllowHalfClose = keepsOwnDirectionOpen };
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream, options, SessionPair.ServerOptions(security));
        await pair.Server.SendAsync(new Note("never read"), Cancellation);
        await pair.Server.CloseAsync(Cancellation);

        foreach (var waiting in (Func<Task>[])[() => FailToSend(pair.Client, pair.Connection!), () => pair.Client.ReceiveAsync(Cancellation).AsTask()])
        {
            var failure = await Assert.ThrowsAsync<SessionException>(() => waiting().WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal(SessionErrorKind.Truncated, failure.Error.Kind);
        }
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_handshake_that_the_peer_gives_up_says_why_though_a_write_has_failed(string security)
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
        var (client, server) = (pair.Client.HandshakeAsync(Cancellation), pair.Server.HandshakeAsync(Cancellation));
        await failed.Task.WaitAsync(SessionPair.Patience, Cancellation);
        await pair.Server.AbortAsync(TooMuch);

        await AssertRefusedAsync(client);
        await Assert.ThrowsAsync<SessionException>(() => server.WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_receive_that_begins_meanwhile_ends_as_the_session_does(string security)
    {
        await using var pair = await EstablishAsync(security, new ManualTimeProvider());
        var sending = FailToSend(pair.Client, pair.Connection!);
        var receiving = pair.Client.ReceiveAsync(Cancellation).AsTask();
        await pair.Server.SendAsync(new Note("has come too late"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        Assert.False(receiving.IsCompleted);
        await pair.Server.AbortAsync(TooMuch);

        await AssertRefusedAsync(sending);
        await AssertRefusedAsync(receiving);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task A_transport_that_cannot_be_cancelled_is_not_waited_for_either(string security)
    {
        var (time, connection) = (new ManualTimeProvider(), DuplexConnection.Create());
        await using var transport = new DeafStream(connection.Client);
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

    private static async Task<SessionException> AssertRefusedAsync(Task waiting)
    {
        var failure = await Assert.ThrowsAsync<SessionException>(() => waiting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (failure.Error.Kind, failure.Error.Alert));
        return failure;
    }

    /// <summary>A stream that hears of no cancellation while it reads.</summary>
    private sealed class DeafStream(Stream inner) : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, CancellationToken.None);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
