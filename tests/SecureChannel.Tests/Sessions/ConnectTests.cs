using System.Net;
using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The connections of clients: addresses, timeouts, scopes and Unix domain sockets.</summary>
public sealed class ConnectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_address_of_a_host_is_tried_when_one_refuses()
    {
        using var identity = SessionPair.Authority.IssueServer("localhost", CertificatePurpose.TlsServer);
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions { Identity = identity });
        await using var client = await SecureSession.ConnectAsync("localhost", PortOf(listener.LocalEndPoint), Options(), Cancellation)
            .WaitAsync(SessionPair.Patience, Cancellation);
        await using var server = await listener.AcceptAsync(Cancellation);
        Assert.Equal(listener.LocalEndPoint, client.RemoteEndPoint);
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        Assert.Equal(client.RemoteEndPoint, server.LocalEndPoint);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_a_transport_failure()
    {
        var failure = await Assert.ThrowsAsync<SessionException>(() => SecureSession.ConnectAsync("host.invalid", 1, Options(), Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
        Assert.IsType<SocketException>(failure.InnerException);
        Assert.Contains("host.invalid:1", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_fails_at_the_connect_timeout()
    {
        using var full = await FullBacklog.CreateAsync();
        var time = new ManualTimeProvider();
        var options = Options() with { ConnectTimeout = TimeSpan.FromSeconds(2), TimeProvider = time };
        var connecting = SecureSession.ConnectAsync(full.EndPoint, options, Cancellation);
        time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(connecting.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        var failure = await Assert.ThrowsAsync<SessionException>(() => connecting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        Assert.Contains("'ConnectTimeout'", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_handshake_timeout_includes_connecting()
    {
        using var full = await FullBacklog.CreateAsync();
        var time = new ManualTimeProvider();
        var options = Options() with { ConnectTimeout = TimeSpan.FromSeconds(20), HandshakeTimeout = TimeSpan.FromSeconds(10), TimeProvider = time };
        var connecting = SecureSession.ConnectAsync(full.EndPoint, options, Cancellation);
        time.Advance(TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<SessionException>(() => connecting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal((SessionErrorKind.TimedOut, SessionErrorCode.HandshakeTimeout), (failure.Error.Kind, failure.Error.Code));
        Assert.Contains("'HandshakeTimeout', which includes connecting", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_handshake_has_the_time_that_connecting_left()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        // The clock advances when the client reads it after connecting.
        var time = new SteppingTimeProvider(TimeSpan.FromSeconds(4));
        var connecting = SecureSession.ConnectAsync(listener.LocalEndPoint!, Options() with { TimeProvider = time }, Cancellation);
        using var accepted = await listener.AcceptAsync(Cancellation);
        Assert.True(await accepted.ReceiveAsync(new byte[1], Cancellation) > 0);
        time.Clock.Advance(TimeSpan.FromSeconds(6));

        var failure = await Assert.ThrowsAsync<SessionException>(() => connecting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorCode.HandshakeTimeout, failure.Error.Code);
        Assert.Contains("within 6 s", failure.Error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Connecting used 4 s of the 10 s of 'HandshakeTimeout'.", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canceling_a_connection_throws_at_once()
    {
        using var full = await FullBacklog.CreateAsync();
        using var giveUp = new CancellationTokenSource();
        var connecting = SecureSession.ConnectAsync(full.EndPoint, Options(), giveUp.Token);
        await giveUp.CancelAsync();
        var canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(giveUp.Token, canceled.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task The_scope_of_an_IPv6_address_is_not_a_part_of_the_name(string security)
    {
        var purpose = SessionPair.SecurityOf(security) == SessionSecurity.KeyTransport ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;
        using var identity = SessionPair.Authority.IssueServer("::1", purpose);
        await using var listener = SecureListener.Start(
            new IPEndPoint(IPAddress.IPv6Loopback, 0), SessionPair.ServerOptions(security) with { Identity = identity });
        var options = Options() with { Security = SessionPair.SecurityOf(security) };
        var port = PortOf(listener.LocalEndPoint);

        await using var byHost = await SecureSession.ConnectAsync("::1%1", port, options, Cancellation);
        await using var byAddress = await SecureSession.ConnectAsync(new IPEndPoint(IPAddress.Parse("::1%1"), port), options, Cancellation);
        await using var byName = await SecureSession.ConnectAsync(listener.LocalEndPoint, options with { ServerName = "::1%1" }, Cancellation);
        Assert.All([byHost, byAddress, byName], session => Assert.NotNull(session.PeerIdentity));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_runs_over_a_Unix_domain_socket(string security)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        var endPoint = new UnixDomainSocketEndPoint(path);
        await using (var listener = SecureListener.Start(endPoint, SessionPair.ServerOptions(security) with { MaxHandshakesPerAddress = 1 }))
        {
            Assert.Equal(endPoint, listener.LocalEndPoint);
            await using var client = await SecureSession.ConnectAsync(endPoint, SessionPair.ClientOptions(security), Cancellation);
            await using var server = await listener.AcceptAsync(Cancellation);
            await client.SendAsync(new Note("local"), Cancellation);
            Assert.Equal("local", (await SecureSessionTests.ReceiveAsync<Note>(server)).Text);
            Assert.Equal(endPoint, client.RemoteEndPoint);
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_listener_refuses_an_endpoint_that_cannot_be_bound()
    {
        var failure = Assert.Throws<ArgumentException>(
            () => SecureListener.Start(new DnsEndPoint("localhost", 0), SessionPair.ServerOptions(SessionSecurity.Tls13.Name)));
        Assert.Contains("'DnsEndPoint'", failure.Message, StringComparison.Ordinal);
    }

    private static ClientOptions Options() => new() { Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate) };

    private static int PortOf(EndPoint endPoint) => ((IPEndPoint)endPoint).Port;

    /// <summary>A listening socket whose backlog of one connection is full, so that the system does not answer further ones.</summary>
    private sealed class FullBacklog : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public EndPoint EndPoint => _listener.LocalEndPoint!;

        public static async Task<FullBacklog> CreateAsync()
        {
            var full = new FullBacklog();
            full._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            full._listener.Listen(0);
            await full._waiting.ConnectAsync(full.EndPoint, Cancellation);
            return full;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _waiting.Dispose();
        }
    }

    /// <summary>A clock that advances by a step when it is read for the second time.</summary>
    private sealed class SteppingTimeProvider(TimeSpan step) : TimeProvider
    {
        private int _reads;

        public ManualTimeProvider Clock { get; } = new();

        public override long TimestampFrequency => Clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Clock.GetUtcNow();

        public override long GetTimestamp()
        {
            if (Interlocked.Increment(ref _reads) == 2)
                Clock.Advance(step);
            return Clock.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Clock.CreateTimer(callback, state, dueTime, period);
    }
}
