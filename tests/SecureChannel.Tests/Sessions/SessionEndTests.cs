using SecureChannel.Testing;
using SecureChannel.Tests.Protocols;

namespace SecureChannel.Tests.Sessions;

/// <summary>The ends of sessions other than a close: truncation, the idle timeout, and the handshake timeout. Time is virtual.</summary>
public sealed class SessionEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_truncated_connection_differs_from_an_orderly_end(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        await pair.Client.SendAsync(new Note("whole"), Cancellation);
        pair.Connection!.Cut();

        Assert.Equal("whole", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await pair.Server.ReceiveAsync(Cancellation));
        Assert.Equal(SessionErrorKind.Truncated, failure.Error.Kind);
        Assert.Equal(failure.Error, (await pair.Server.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Error);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_truncated_socket_differs_from_an_orderly_end(string security)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await using var client = SecureSession.Create(near, SessionPair.ClientOptions(security));
        await using var server = SecureSession.Create(far, SessionPair.ServerOptions(security));
        await Task.WhenAll(client.HandshakeAsync(Cancellation), server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        near.Dispose();

        var failure = await Assert.ThrowsAsync<SessionException>(
            () => server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.Truncated, failure.Error.Kind);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task The_idle_timeout_ends_the_session_at_both_endpoints_without_a_pending_read(string security, TransportKind transport)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(transport,
            SessionPair.ClientOptions(security, time, TimeSpan.FromSeconds(30)), SessionPair.ServerOptions(security, time, TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromSeconds(30), pair.Server.Negotiated!.IdleTimeout);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Null(pair.Client.End);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(SessionEndReason.IdleTimeout, (await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
        Assert.Equal(SessionEndReason.IdleTimeout, (await pair.Server.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
        var receive = await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.ReceiveAsync(Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (receive.Error.Kind, receive.Error.Code));
        var late = await Assert.ThrowsAsync<SessionException>(async () => await pair.Client.SendAsync(new Note("late"), Cancellation));
        Assert.Equal(SessionErrorKind.TimedOut, late.Error.Kind);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task The_idle_timeout_ends_a_pending_receive(string security, TransportKind transport)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(transport,
            SessionPair.ClientOptions(security, time, TimeSpan.FromSeconds(30)), SessionPair.ServerOptions(security, time));
        var waiting = pair.Server.ReceiveAsync(Cancellation).AsTask();

        time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<SessionException>(() => waiting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.Equal(SessionEndReason.IdleTimeout, pair.Server.End!.Reason);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Traffic_restarts_the_idle_timeout(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            SessionPair.ClientOptions(security, time, TimeSpan.FromSeconds(30)), SessionPair.ServerOptions(security, time));

        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await pair.Client.SendAsync(new Note("still here"), Cancellation);
            await SecureSessionTests.ReceiveAsync<Note>(pair.Server);
        }
        Assert.Null(pair.Client.End);
        Assert.Null(pair.Server.End);

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(SessionEndReason.IdleTimeout, (await pair.Client.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
        Assert.Equal(SessionEndReason.IdleTimeout, (await pair.Server.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
    }

    // The endpoint that writes the last flight of the handshake.
    [Theory]
    [InlineData("tls/1.3", Role.Client)]
    [InlineData("key-transport/1", Role.Server)]
    public async Task A_handshake_is_complete_although_the_session_ends_before_its_caller_continues(string security, Role last)
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
        var session = last == Role.Client ? pair.Client : pair.Server;
        var error = new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.InternalError, "enough");
        (last == Role.Client ? pair.Connection!.ClientToServer : pair.Connection!.ServerToClient).Change = bytes =>
        {
            if (session.Negotiated is not null)
                _ = session.AbortAsync(error).AsTask();
            return bytes;
        };

        await Task.WhenAll(pair.Client.HandshakeAsync(Cancellation), pair.Server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, error), session.End);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await session.SendAsync(new Note("late"), Cancellation));
        Assert.Equal(error, failure.Error);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_handler_is_not_blamed_for_a_session_that_is_being_disposed(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security, capacity: 16 * 1024);
        await pair.Server.SendAsync(new Blob(new byte[30_000]), Cancellation);
        // The close waits until the peer reads, and the disposal waits for the close.
        var closing = pair.Server.CloseAsync(Cancellation).AsTask();
        var disposing = pair.Server.DisposeAsync().AsTask();
        Assert.Null(pair.Server.End);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => new BankService().RunAsync(pair.Server, Cancellation));
        Assert.Null(pair.Server.End);

        Assert.Equal(30_000, (await SecureSessionTests.ReceiveAsync<Blob>(pair.Client)).Bytes.Length);
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        await Task.WhenAll(closing, disposing).WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), pair.Server.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task The_peer_of_an_idle_timeout_never_receives_an_orderly_end(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            SessionPair.ClientOptions(security, time, TimeSpan.FromSeconds(30)), SessionPair.ServerOptions(security, new ManualTimeProvider()));
        time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(
            security == SessionSecurity.SslStream.Name ? (SessionErrorKind.Truncated, AlertDescription.InternalError) : (SessionErrorKind.TimedOut, AlertDescription.GeneralError),
            (failure.Error.Kind, failure.Error.Alert));
        Assert.Equal(
            security == SessionSecurity.SslStream.Name ? SessionEndReason.Failed : SessionEndReason.IdleTimeout, pair.Server.End!.Reason);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_stalled_handshake_fails_at_its_timeout(string security, TransportKind transport)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var time = new ManualTimeProvider();
            await using var pair = await SessionPair.CreateAsync(transport,
                SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security, time));
            var session = role == Role.Client ? pair.Client : pair.Server;
            var shaking = session.HandshakeAsync(Cancellation);

            time.Advance(TimeSpan.FromSeconds(9.9));
            Assert.Null(session.End);
            time.Advance(TimeSpan.FromSeconds(0.1));

            var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Equal(SessionErrorKind.TimedOut, failure.Error.Kind);
            Assert.Equal(SessionEndReason.Failed, session.End!.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_canceled_handshake_ends_the_session(string security, TransportKind transport)
    {
        await using var pair = await SessionPair.CreateAsync(transport, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
        using var giveUp = new CancellationTokenSource();
        var shaking = pair.Client.HandshakeAsync(giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionEndReason.Failed, pair.Client.End!.Reason);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.HandshakeAsync(Cancellation));
        await Assert.ThrowsAsync<SessionException>(() => pair.Server.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Garbage_instead_of_a_handshake_fails_either_endpoint(string security)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            await using var pair = await SessionPair.CreateAsync(
                TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
            var (session, wire) = role == Role.Client
                ? (pair.Client, pair.Connection!.ServerToClient)
                : (pair.Server, pair.Connection!.ClientToServer);
            await wire.InjectAsync("GET / HTTP/1.1\r\nHost: bank.example\r\n\r\n"u8.ToArray());

            var failure = await Assert.ThrowsAsync<SessionException>(() => session.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));
            Assert.Contains(failure.Error.Kind,
                (SessionErrorKind[])[SessionErrorKind.MalformedMessage, SessionErrorKind.ProtocolViolation, SessionErrorKind.Incompatible]);
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_without_a_handshake_sends_nothing_on_disposal(string security)
    {
        await using var pair = await SessionPair.CreateAsync(
            TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
        await pair.Client.DisposeAsync();
        Assert.Empty(pair.Connection!.ClientToServer.Recorded);
        Assert.Equal(SessionEndReason.ClosedLocally, pair.Client.End!.Reason);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.HandshakeAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Disposal_completes_after_one_second_when_the_peer_does_not_read(string security)
    {
        var time = new ManualTimeProvider();
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security), capacity: 64 * 1024);
        await pair.Client.SendAsync(new Blob(SecureSessionTests.Pattern(200_000)), Cancellation);
        var disposing = pair.Client.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(disposing.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await disposing.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal((SessionEndReason.Failed, SessionErrorCode.DisposedBeforeClose), (pair.Client.End!.Reason, pair.Client.End.Error!.Code));
    }
}
