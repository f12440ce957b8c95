using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;
using SecureChannel.Testing;
using SecureChannel.Tests.Protocols;

namespace SecureChannel.Tests.Sessions;

/// <summary>The two methods of a listener that serve sessions until they are canceled.</summary>
public sealed class ServeTests
{
    private readonly Channel<(SessionInfo Session, Exception Failure)> _failures = Channel.CreateUnbounded<(SessionInfo, Exception)>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Handlers_serve_their_sessions_and_close_them_in_order(string security)
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start(security);
        var sessions = new ConcurrentBag<SessionInfo>();
        var serving = listener.ServeAsync(session => { sessions.Add(session); return new BankService(); }, stop.Token);

        for (var i = 0; i < 3; i++)
        {
            await using var client = await ConnectAsync(listener, security);
            Assert.Equal(700, await QueryBalanceAsync(client));
            await client.CloseAsync(Cancellation);
        }
        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);

        Assert.Equal(3, sessions.Count);
        Assert.All(sessions, session => Assert.Null(session.End!.Error));
        Assert.False(_failures.Reader.TryRead(out _));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_delegate_serves_its_session_which_is_disposed_after_it(string security)
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start(security);
        var serving = listener.ServeAsync(EchoAsync, stop.Token);
        await using var client = await ConnectAsync(listener, security);

        await client.SendAsync(new Note("hello"), Cancellation);
        Assert.Equal("hello", (await SecureSessionTests.ReceiveAsync<Note>(client)).Text);
        Assert.Null(await client.ReceiveAsync(Cancellation));
        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.False(_failures.Reader.TryRead(out _));

        static async Task EchoAsync([InState(SessionState.Established)] SecureSession session, CancellationToken canceled)
        {
            await session.SendAsync(await SecureSessionTests.ReceiveAsync<Note>(session), canceled);
            await session.CloseAsync(canceled);
        }
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_agreed_idle_timeout_is_ordinary(string security)
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start(security, options => options with { IdleTimeout = TimeSpan.FromMilliseconds(500) });
        var service = new BankService();
        var serving = listener.ServeAsync(_ => service, stop.Token);
        await using var client = await ConnectAsync(listener, security);
        var authenticating = await BankClient.Begin(client).SendAsync(new Login("ann", "secret"), Cancellation);
        Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync(Cancellation));

        Assert.Equal(SessionEndReason.IdleTimeout, (await client.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);

        Assert.Equal(["Login"], service.Handled);
        Assert.False(_failures.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_handler_that_throws_ends_only_its_own_session_even_if_the_callback_throws_too()
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start("tls/1.3", failed: (session, failure) =>
        {
            _failures.Writer.TryWrite((session, failure));
            throw new TimeZoneNotFoundException();
        });
        var served = 0;
        var serving = listener.ServeAsync(
            _ => Interlocked.Increment(ref served) switch { 1 => new FaultyService(), 2 => null!, 3 => throw new NotSupportedException(), _ => new BankService() },
            stop.Token);

        foreach (var expected in (Type[])[typeof(TimeZoneNotFoundException), typeof(InvalidOperationException), typeof(NotSupportedException)])
        {
            await using var failing = await ConnectAsync(listener, "tls/1.3");
            var failed = await Assert.ThrowsAsync<SessionException>(() => QueryBalanceAsync(failing));
            Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.InternalError), (failed.Error.Kind, failed.Error.Alert));
            var (session, failure) = await _failures.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
            Assert.IsType(expected, failure);
            Assert.Equal(SessionErrorCode.HandlerFailed, session.End!.Error!.Code);
        }

        await using var client = await ConnectAsync(listener, "tls/1.3");
        Assert.Equal(700, await QueryBalanceAsync(client));
        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Fact]
    public async Task The_expected_end_of_another_session_is_a_failure_of_the_handler()
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start("tls/1.3");
        var other = new SessionException(
            new SessionError(SessionErrorKind.Closed, SessionErrorCode.ClosedLocally, AlertDescription.CloseNotify, "Closed."),
            new SessionEnd(SessionEndReason.ClosedLocally));
        var serving = listener.ServeAsync((_, _) => throw other, stop.Token);
        await using var client = await ConnectAsync(listener, "tls/1.3");

        var (session, failure) = await _failures.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);

        Assert.Same(other, failure);
        Assert.Equal(SessionErrorCode.HandlerFailed, session.End!.Error!.Code);
        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Fact]
    public async Task Cancellation_closes_the_port_and_waits_for_the_sessions()
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start("tls/1.3");
        var serving = listener.ServeAsync(_ => new BankService(), stop.Token);
        await using var client = await ConnectAsync(listener, "tls/1.3");
        var authenticating = await BankClient.Begin(client).SendAsync(new Login("ann", "secret"), Cancellation);
        var (_, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync(Cancellation));

        await stop.CancelAsync();
        var refused = await Assert.ThrowsAsync<SessionException>(() => ConnectUntilRefusedAsync(listener));
        Assert.Equal(SessionErrorKind.TransportFailed, refused.Error.Kind);
        Assert.False(serving.IsCompleted);
        (_, ready) = await ready.SendAsync(new BalanceQuery(7), Cancellation).ReceiveAsync(Cancellation);
        await ready.SendAsync(new Goodbye(), Cancellation);
        await client.CloseAsync(Cancellation);

        await serving.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.False(_failures.Reader.TryRead(out _));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sessions_that_outlast_the_drain_timeout_are_canceled_and_aborted(bool honorsToken)
    {
        using var stop = new CancellationTokenSource();
        await using var listener = Start("tls/1.3", options => options with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = listener.ServeAsync(
            async (session, canceled) =>
            {
                started.SetResult();
                await session.ReceiveAsync(honorsToken ? canceled : CancellationToken.None);
            },
            stop.Token);
        await using var client = await ConnectAsync(listener, "tls/1.3");
        // A session that the server has not accepted when it stops is not served.
        await started.Task.WaitAsync(SessionPair.Patience, Cancellation);

        await stop.CancelAsync();
        await serving.WaitAsync(SessionPair.Patience, Cancellation);

        var (session, failure) = await _failures.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(SessionErrorCode.Canceled, session.End!.Error!.Code);
        Assert.True(failure is OperationCanceledException or SessionException { Error.Code: SessionErrorCode.Canceled });
        var cut = await Assert.ThrowsAsync<SessionException>(async () => await client.ReceiveAsync(Cancellation));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.GeneralError), (cut.Error.Kind, cut.Error.Alert));
    }

    [Fact]
    public async Task A_handler_that_never_returns_does_not_keep_the_server_from_stopping()
    {
        using var stop = new CancellationTokenSource();
        var timeout = TimeSpan.FromMilliseconds(50);
        await using var listener = Start("tls/1.3", options => options with { DrainTimeout = timeout, CloseTimeout = timeout });
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = listener.ServeAsync(
            (_, _) =>
            {
                started.SetResult();
                return never.Task;
            },
            stop.Token);
        await using var client = await ConnectAsync(listener, "tls/1.3");
        await started.Task.WaitAsync(SessionPair.Patience, Cancellation);

        await stop.CancelAsync();

        await serving.WaitAsync(SessionPair.Patience, Cancellation);
        Assert.Equal(SessionEndReason.Failed, (await client.Completion.WaitAsync(SessionPair.Patience, Cancellation)).Reason);
        never.SetResult();
    }

    [Fact]
    public async Task Disposal_of_the_listener_stops_the_server_and_later_calls_throw()
    {
        var listener = Start("tls/1.3");
        var serving = listener.ServeAsync(_ => new BankService(), Cancellation);

        await listener.DisposeAsync();

        await serving.WaitAsync(SessionPair.Patience, Cancellation);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.ServeAsync(_ => new BankService(), Cancellation));
    }

    private SecureListener Start(
        string security, Func<ServerOptions, ServerOptions>? customize = null, Action<SessionInfo, Exception>? failed = null)
    {
        var options = SessionPair.ServerOptions(security) with
        {
            ApplicationProtocols = [BankServer.Name],
            SessionFailed = failed ?? ((session, failure) => _failures.Writer.TryWrite((session, failure))),
        };
        return SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), customize?.Invoke(options) ?? options);
    }

    [return: InState(SessionState.Established)]
    private static Task<SecureSession> ConnectAsync(SecureListener listener, string security) => SecureSession.ConnectAsync(
        listener.LocalEndPoint, SessionPair.ClientOptions(security) with { ApplicationProtocols = [BankClient.Name] }, Cancellation)
        .WaitAsync(SessionPair.Patience, Cancellation);

    // The port closes soon after the cancellation.
    private static async Task ConnectUntilRefusedAsync(SecureListener listener)
    {
        while (true)
        {
            try
            {
                await using var late = await ConnectAsync(listener, "tls/1.3");
            }
            catch (SessionException e) when (e.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // The handshake was in progress when the server stopped.
            }
        }
    }

    private static async Task<long> QueryBalanceAsync([InState(SessionState.Established)] MessageChannel channel)
    {
        var authenticating = await BankClient.Begin(channel).SendAsync(new Login("ann", "secret"), Cancellation);
        var (accepted, ready) = Assert.IsType<BankClient.Authenticating.LoginAccepted>(await authenticating.ReceiveAsync(Cancellation));
        (var balance, ready) = await ready.SendAsync(new BalanceQuery(accepted.Account), Cancellation).ReceiveAsync(Cancellation);
        await ready.SendAsync(new Goodbye(), Cancellation);
        return balance.Cents;
    }

    private sealed class FaultyService : BankService
    {
        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state) =>
            throw new TimeZoneNotFoundException();
    }
}
