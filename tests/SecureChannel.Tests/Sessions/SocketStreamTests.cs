using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The close of sockets that sessions own. A reset connection can destroy the last data.</summary>
public sealed class SocketStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Late_data_of_the_peer_does_not_destroy_the_last_message_before_a_close(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, SessionPair.ClientOptions(security),
            SessionPair.ServerOptions(security, new ManualTimeProvider()));
        await pair.Server.SendAsync(new Note("last words"), Cancellation);
        await pair.Server.CloseAsync(Cancellation);
        await SendLateDataAsync(pair.Client);

        Assert.Equal("last words", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        Assert.Null(await pair.Client.ReceiveAsync(Cancellation));
        await pair.Client.CloseAsync(Cancellation);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Client.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Late_data_of_the_peer_does_not_destroy_the_last_message_before_a_disposal(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Socket, SessionPair.ClientOptions(security),
            SessionPair.ServerOptions(security, new ManualTimeProvider()));
        await pair.Server.SendAsync(new Note("last words"), Cancellation);
        await pair.Server.FlushAsync(Cancellation);
        await pair.Server.DisposeAsync();
        await SendLateDataAsync(pair.Client);

        Assert.Equal("last words", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Client.ReceiveAsync(Cancellation).AsTask());
        Assert.Equal(security == SessionSecurity.SslStream.Name ? SessionErrorKind.Truncated : SessionErrorKind.AlertReceived, failure.Error.Kind);
    }

    [Theory]
    [InlineData(new byte[] { 22, 3, 1, 0, 4, 1, 0, 0, 0 }, true)]
    [InlineData(new byte[] { 22, 3, 1, 0, 5, 1, 0, 0, 0 }, false)]
    [InlineData(new byte[] { 22, 3, 1, 0, 4, 1, 0, 0, 1 }, false)]
    [InlineData(new byte[] { 22, 3, 1, 0, 4, 1, 0, 0 }, false)]
    [InlineData(new byte[] { 22 }, false)]
    public async Task The_first_read_reports_whether_the_first_message_is_complete(byte[] bytes, bool isComplete)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (far)
        {
            var phases = new List<ConnectionPhase>();
            await using var stream = new SocketStream(near, TimeProvider.System, observer: phases.Add);
            var reading = stream.ReadAsync(new byte[64], Cancellation);
            Assert.Equal([ConnectionPhase.AwaitingFirstByte], phases);
            await far.SendAsync(bytes, Cancellation);
            Assert.Equal(bytes.Length, await reading);
            Assert.Equal(isComplete ? ConnectionPhase.Handshaking : ConnectionPhase.AwaitingClientHello, phases[^1]);

            await far.SendAsync(bytes, Cancellation);
            await stream.ReadExactlyAsync(new byte[bytes.Length], Cancellation);
            Assert.Equal(2, phases.Count);
        }
    }

    [Fact]
    public async Task The_first_write_reports_that_the_first_message_is_complete()
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (far)
        {
            var phases = new List<ConnectionPhase>();
            await using var stream = new SocketStream(near, TimeProvider.System, observer: phases.Add);
            await stream.WriteAsync(new byte[1], Cancellation);
            await stream.WriteAsync(new byte[1], Cancellation);
            Assert.Equal([ConnectionPhase.Handshaking], phases);
        }
    }

    [Fact]
    public async Task A_socket_is_closed_when_the_peer_has_closed()
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await new SocketStream(near, new ManualTimeProvider()).DisposeAsync();
        Assert.Equal(0, await far.ReceiveAsync(new byte[1], Cancellation));
        far.Dispose();
        Assert.True(SpinWait.SpinUntil(() => near.SafeHandle.IsClosed, SessionPair.Patience));
    }

    [Fact]
    public async Task A_socket_without_a_free_linger_slot_is_closed_at_once()
    {
        using var places = new SemaphoreSlim(1);
        var ends = new[] { await SessionPair.ConnectSocketsAsync(), await SessionPair.ConnectSocketsAsync() };
        var time = new ManualTimeProvider();
        foreach (var (near, _) in ends)
            await new SocketStream(near, time, places).DisposeAsync();
        Assert.Equal([false, true], ends.Select(end => end.Client.SafeHandle.IsClosed));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => places.CurrentCount == 1, SessionPair.Patience));
        foreach (var (_, far) in ends)
            far.Dispose();
    }

    [Fact]
    public async Task The_socket_of_a_rejected_connection_is_closed_at_once_and_delivers_what_was_written()
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (far)
        {
            using var slots = new SemaphoreSlim(1);
            var stream = new SocketStream(near, new ManualTimeProvider(), slots) { Lingers = false };
            await stream.WriteAsync(new byte[7], Cancellation);
            await stream.DisposeAsync();
            Assert.True(near.SafeHandle.IsClosed);
            Assert.Equal(1, slots.CurrentCount);
            var received = new byte[8];
            Assert.Equal(7, await far.ReceiveAsync(received, Cancellation));
            Assert.Equal(0, await far.ReceiveAsync(received, Cancellation));
        }
    }

    [Fact]
    public async Task A_peer_that_never_closes_is_disconnected()
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        using (far)
        {
            var time = new ManualTimeProvider();
            await new SocketStream(near, time).DisposeAsync();
            await far.SendAsync(new byte[1000], Cancellation);
            Assert.False(near.SafeHandle.IsClosed);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(SpinWait.SpinUntil(() => near.SafeHandle.IsClosed, SessionPair.Patience));
        }
    }

    private static async Task SendLateDataAsync(SecureSession session)
    {
        for (var i = 0; i < 10; i++)
        {
            await session.SendAsync(new Note("sent before the end arrived"), Cancellation);
            await session.FlushAsync(Cancellation);
        }
    }
}
