using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Listeners under attack, over sockets whose clients have different loopback addresses.</summary>
public sealed class ListenerAttackTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_is_served_within_a_second_although_one_address_holds_silent_connections(string security)
    {
        await using var listener = Start(Options(security));
        using var attack = new Attack();
        for (var i = 0; i < 300; i++)
            await attack.OpenAsync(listener, "127.0.0.2");
        await AssertServedAsync(listener, security, "127.0.0.1");
        await AssertServedAsync(listener, security, "127.0.0.3");
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_is_served_within_a_second_although_many_addresses_hold_silent_connections(string security)
    {
        await using var listener = Start(Options(security) with { MaxPendingHandshakes = 64 });
        using var attack = new Attack();
        for (var i = 0; i < 300; i++)
            await attack.OpenAsync(listener, $"127.0.1.{1 + (i % 100)}", i % 2 == 0 ? [] : [22, 3, 1]);
        await AssertServedAsync(listener, security, "127.0.0.1");
    }

    [Fact]
    public async Task A_client_that_shares_an_address_with_an_attacker_replaces_a_silent_connection()
    {
        var security = SessionSecurity.Tls13.Name;
        var time = new ManualTimeProvider();
        await using var listener = Start(Options(security) with { TimeProvider = time });
        using var attack = new Attack();
        for (var i = 0; i < 32; i++)
            await attack.OpenAsync(listener, "127.0.0.2");
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            time.Advance(ConnectionLimits.Grace);
            try
            {
                await AssertServedAsync(listener, security, "127.0.0.2");
                break;
            }
            catch (SessionException) when (Stopwatch.GetElapsedTime(start) < SessionPair.Patience)
            {
                // The listener has not read from the silent connections yet.
            }
        }
        await attack.Closed[0].WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_silent_connection_is_closed_and_reported_at_the_first_byte_timeout(string security)
    {
        var time = new ManualTimeProvider();
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var listener = Start(Options(security) with { TimeProvider = time, HandshakeFailed = reported.Add });
        using var attack = new Attack();
        await attack.OpenAsync(listener, "127.0.0.2");
        await AssertServedAsync(listener, security, "127.0.0.3");
        Assert.False(attack.Closed[0].IsCompleted);

        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => reported.Count > 0);
        var failure = reported.Take(Cancellation);
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("'FirstByteTimeout'", failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)failure.RemoteEndPoint!).Address);
        Assert.Equal(failure.Error, Assert.IsType<SessionException>(failure.Exception).Error);
        await attack.Closed[0].WaitAsync(SessionPair.Patience, Cancellation);
    }

    [Fact]
    public async Task An_eviction_is_reported()
    {
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var listener = Start(Options(SessionSecurity.Tls13.Name) with { MaxPendingHandshakes = 1, HandshakeFailed = reported.Add });
        using var attack = new Attack();
        await attack.OpenAsync(listener, "127.0.0.2");
        await attack.OpenAsync(listener, "127.0.0.3");

        await attack.Closed[0].WaitAsync(SessionPair.Patience, Cancellation);
        Assert.True(reported.TryTake(out var failure, SessionPair.Patience));
        Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.ConnectionRejected), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("waited longest without a complete ClientHello", failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)failure.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Rejected_connections_are_sampled_and_a_callback_that_throws_does_not_stop_the_listener()
    {
        var security = SessionSecurity.Tls13.Name;
        var time = new ManualTimeProvider();
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var listener = Start(Options(security) with
        {
            MaxSessions = 1,
            TimeProvider = time,
            HandshakeFailed = failure =>
            {
                reported.Add(failure);
                throw new InvalidOperationException("a callback that throws");
            },
        });
        await using var client = await ConnectAsync(listener, security, "127.0.0.1");
        using var attack = new Attack();
        for (var i = 0; i < 30; i++)
            await attack.OpenAsync(listener, "127.0.0.2");
        await Task.WhenAll(attack.Closed).WaitAsync(SessionPair.Patience, Cancellation);
        for (var i = 0; i < FailureReports.MaxRejectionsPerSecond; i++)
            Assert.True(reported.TryTake(out _, SessionPair.Patience));

        time.Advance(TimeSpan.FromSeconds(1));
        await attack.OpenAsync(listener, "127.0.0.2");
        Assert.True(reported.TryTake(out var next, SessionPair.Patience));
        Assert.EndsWith("20 more rejected connections were not reported before this one.", next.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_connection_above_MaxSessions_is_refused_and_reported_until_a_session_ends(string security)
    {
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var listener = Start(Options(security) with { MaxSessions = 1, HandshakeFailed = reported.Add });
        await using (var client = await ConnectAsync(listener, security, "127.0.0.1"))
        {
            await using var server = await listener.AcceptAsync(Cancellation);
            await Assert.ThrowsAsync<SessionException>(() => ConnectAsync(listener, security, "127.0.0.1"));
            Assert.True(reported.TryTake(out var failure, SessionPair.Patience));
            Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.ConnectionRejected), (failure.Error.Kind, failure.Error.Code));
            Assert.Contains("'MaxSessions'", failure.Error.Message, StringComparison.Ordinal);
            await server.CloseAsync(Cancellation);
            await server.Completion;
        }
        Assert.True(SpinWait.SpinUntil(() => TryConnect(listener, security), SessionPair.Patience));
    }

    [Fact]
    public async Task An_address_above_its_limit_is_refused_unless_the_limit_is_off()
    {
        var security = SessionSecurity.Tls13.Name;
        var time = new ManualTimeProvider();
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var limited = Start(Options(security) with { MaxHandshakesPerAddress = 1, TimeProvider = time, HandshakeFailed = reported.Add });
        await using var unlimited = Start(Options(security) with { MaxHandshakesPerAddress = int.MaxValue, TimeProvider = time });
        using var attack = new Attack();
        foreach (var listener in (SecureListener[])[limited, unlimited])
        {
            await attack.OpenAsync(listener, "127.0.0.2");
            await attack.OpenAsync(listener, "127.0.0.2");
        }

        Assert.True(reported.TryTake(out var failure, SessionPair.Patience));
        Assert.Contains("'MaxHandshakesPerAddress'", failure.Error.Message, StringComparison.Ordinal);
        await AssertServedAsync(unlimited, security, "127.0.0.2");
        await AssertServedAsync(limited, security, "127.0.0.3");
    }

    private static ServerOptions Options(string security) => SessionPair.ServerOptions(security);

    private static SecureListener Start(ServerOptions options) => SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), options);

    private static async Task AssertServedAsync(SecureListener listener, string security, string address)
    {
        var start = Stopwatch.GetTimestamp();
        await using var client = await ConnectAsync(listener, security, address);
        await using var server = await listener.AcceptAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await server.SendAsync(new Note("served"), Cancellation);
        Assert.Equal("served", (await SecureSessionTests.ReceiveAsync<Note>(client)).Text);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static async Task<SecureSession> ConnectAsync(SecureListener listener, string security, string address)
    {
        var socket = await Attack.ConnectAsync(listener, address);
        var session = SecureSession.Create(socket, SessionPair.ClientOptions(security));
        try
        {
            await session.HandshakeAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static bool TryConnect(SecureListener listener, string security)
    {
        try
        {
            ConnectAsync(listener, security, "127.0.0.1").GetAwaiter().GetResult().DisposeAsync().AsTask().Wait(SessionPair.Patience);
            return true;
        }
        catch (SessionException)
        {
            return false;
        }
    }

    // The listener works on other threads, so time advances until it has acted.
    private static async Task AdvanceUntilAsync(ManualTimeProvider time, TimeSpan step, Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, SessionPair.Patience);
            time.Advance(step);
            await Task.Yield();
        }
    }

    /// <summary>Connections that an attacker holds open.</summary>
    private sealed class Attack : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        /// <summary>Gets a task for each connection that completes when the listener has closed the connection.</summary>
        public List<Task> Closed { get; } = [];

        public static async Task<Socket> ConnectAsync(SecureListener listener, string address)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(listener.LocalEndPoint, Cancellation);
            return socket;
        }

        public async Task OpenAsync(SecureListener listener, string address, byte[]? bytes = null)
        {
            var socket = await ConnectAsync(listener, address);
            _sockets.Add(socket);
            if (bytes is { Length: > 0 })
                await socket.SendAsync(bytes, Cancellation);
            Closed.Add(ReadToEndAsync(socket));
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private static async Task ReadToEndAsync(Socket socket)
        {
            try
            {
                var buffer = new byte[64];
                while (await socket.ReceiveAsync(buffer, Cancellation) > 0)
                {
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The listener reset the connection, or the test ended.
            }
        }
    }
}
