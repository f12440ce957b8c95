using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

public sealed class SecureListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_client_connects_by_name_and_exchanges_messages(string security)
    {
        using var identity = SessionPair.Authority.IssueServer("localhost", PurposeOf(security));
        await using var listener = SecureListener.Start(0, Options(security, identity));
        var accepting = listener.AcceptAsync(Cancellation);
        await using var client = await SecureSession.ConnectAsync("localhost", PortOf(listener), Client(security), Cancellation)
            .WaitAsync(SessionPair.Patience, Cancellation);
        await using var server = await accepting.WaitAsync(SessionPair.Patience, Cancellation);

        await client.SendAsync(new Note("hello"), Cancellation);
        Assert.Equal("hello", (await SecureSessionTests.ReceiveAsync<Note>(server)).Text);
        Assert.Equal("localhost", client.PeerIdentity?.Name);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task The_listener_survives_and_reports_failed_handshakes(string security)
    {
        using var identity = SessionPair.Authority.IssueServer("127.0.0.1", PurposeOf(security));
        using var reported = new BlockingCollection<HandshakeFailure>();
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), Options(security, identity, reported.Add));
        using var silent = await OpenAsync(listener);
        for (var i = 0; i < 20; i++)
        {
            using var garbage = await OpenAsync(listener);
            await garbage.SendAsync(SecureSessionTests.Pattern(1 + (i * 37)), Cancellation);
            garbage.Shutdown(SocketShutdown.Send);
            Assert.True(reported.TryTake(out var failure, SessionPair.Patience));
            Assert.Contains(failure!.Error.Kind, (SessionErrorKind[])[SessionErrorKind.MalformedMessage, SessionErrorKind.ProtocolViolation,
                SessionErrorKind.Truncated, SessionErrorKind.Incompatible, SessionErrorKind.AlertReceived]);
            Assert.NotNull(failure.RemoteEndPoint);
        }

        await using var client = await SecureSession.ConnectAsync(listener.LocalEndPoint, Client(security), Cancellation)
            .WaitAsync(SessionPair.Patience, Cancellation);
        await using var server = await listener.AcceptAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation);
        await server.SendAsync(new Note("still here"), Cancellation);
        Assert.Equal("still here", (await SecureSessionTests.ReceiveAsync<Note>(client)).Text);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Handshakes_run_concurrently(string security)
    {
        using var identity = SessionPair.Authority.IssueServer("127.0.0.1", PurposeOf(security));
        await using var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0),
            Options(security, identity, _ => throw new InvalidOperationException(), 4));
        var clients = Enumerable.Range(0, 20).Select(_ => SecureSession.ConnectAsync(listener.LocalEndPoint, Client(security), Cancellation)).ToList();
        var servers = new List<SecureSession>();
        while (servers.Count < clients.Count)
            servers.Add(await listener.AcceptAsync(Cancellation).WaitAsync(SessionPair.Patience, Cancellation));

        foreach (var session in servers.Concat(await Task.WhenAll(clients).WaitAsync(SessionPair.Patience, Cancellation)))
            await session.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_ends_pending_accepts_and_closes_open_connections()
    {
        var security = SessionSecurity.SslStream.Name;
        var listener = SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), Options(security, SessionPair.IdentityFor(SessionSecurity.SslStream)));
        var accepting = listener.AcceptAsync(Cancellation);
        using var open = await OpenAsync(listener);
        await listener.DisposeAsync().AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        await listener.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => accepting.WaitAsync(SessionPair.Patience, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync(Cancellation));
        var ended = await Record.ExceptionAsync(async () => Assert.Equal(0, await open.ReceiveAsync(new byte[1], Cancellation)));
        Assert.True(ended is null or SocketException);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_failed_or_canceled_connect_leaves_no_connection_open(string security)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (near)
        using (far)
        using (var listener = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            listener.Listen();
            using var giveUp = new CancellationTokenSource();
            var connecting = SecureSession.ConnectAsync(listener.LocalEndPoint!, Client(security), giveUp.Token);
            using var accepted = await listener.AcceptAsync(Cancellation);
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(SessionPair.Patience, Cancellation));
            var buffer = new byte[4096];
            while (await accepted.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation) > 0)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Invalid_options_throw_before_a_connection_is_opened(string security)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        foreach (var options in (ClientOptions[])
            [
                Client(security) with { ServerName = "" },
                Client(security) with { IdleTimeout = TimeSpan.Zero },
                Client(security) with { CloseTimeout = TimeSpan.Zero },
                Client(security) with { ApplicationProtocols = [""] },
                Client(security) with { Groups = [(SecureChannel.Cryptography.NamedGroup)0x6A6A] },
            ])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => SecureSession.ConnectAsync(listener.LocalEndPoint!, options, Cancellation));

        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_connection_that_is_refused_is_a_transport_failure(string security)
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        var failure = await Assert.ThrowsAsync<SessionException>(() => SecureSession.ConnectAsync(unused.LocalEndPoint!, Client(security), Cancellation));
        Assert.Equal((SessionErrorKind.TransportFailed, SessionErrorCode.TransportFailed), (failure.Error.Kind, failure.Error.Code));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), failure.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public void An_identity_for_another_purpose_throws_at_creation(string security)
    {
        var identity = SessionPair.IdentityFor(PurposeOf(security) == CertificatePurpose.TlsServer ? SessionSecurity.KeyTransport : SessionSecurity.Tls13);
        Assert.Throws<ArgumentException>(() => SecureListener.Start(new IPEndPoint(IPAddress.Loopback, 0), Options(security, identity)));
        Assert.Throws<ArgumentException>(() => SecureSession.Create(Stream.Null, Options(security, identity)));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_plaintext_connection_is_upgraded_in_place(string security)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await near.SendAsync("STARTTLS\r\n"u8.ToArray(), Cancellation);
        var plain = new byte[10];
        Assert.Equal(10, await far.ReceiveAsync(plain, Cancellation));
        await far.SendAsync("220 go\r\n"u8.ToArray(), Cancellation);
        Assert.Equal(8, await near.ReceiveAsync(plain.AsMemory(0, 8), Cancellation));

        await using var client = SecureSession.Create(new NetworkStream(near, ownsSocket: true), SessionPair.ClientOptions(security));
        await using var server = SecureSession.Create(new NetworkStream(far, ownsSocket: true), SessionPair.ServerOptions(security));
        await Task.WhenAll(client.HandshakeAsync(Cancellation), server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        await client.SendAsync(new Note("now in private"), Cancellation);
        Assert.Equal("now in private", (await SecureSessionTests.ReceiveAsync<Note>(server)).Text);
    }

    private static CertificatePurpose PurposeOf(string security) =>
        SessionPair.SecurityOf(security) == SessionSecurity.KeyTransport ? CertificatePurpose.KeyTransportServer : CertificatePurpose.TlsServer;

    private static int PortOf(SecureListener listener) => ((IPEndPoint)listener.LocalEndPoint).Port;

    private static ServerOptions Options(string security, CertificateIdentity identity, Action<HandshakeFailure>? failed = null, int pending = 256) => new()
    {
        Security = SessionPair.SecurityOf(security),
        Identity = identity,
        HandshakeFailed = failed,
        MaxPendingHandshakes = pending,
    };

    private static ClientOptions Client(string security) => new()
    {
        Security = SessionPair.SecurityOf(security),
        Trust = TrustPolicy.FromAuthorities(SessionPair.Authority.Certificate),
    };

    private static async Task<Socket> OpenAsync(SecureListener listener)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint, Cancellation);
        return socket;
    }
}
