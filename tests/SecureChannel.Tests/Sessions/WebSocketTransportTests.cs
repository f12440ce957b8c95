using System.Net.Sockets;
using System.Net.WebSockets;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Sessions over the platform's <see cref="WebSocketStream"/>, which throws other exceptions than a socket.</summary>
public sealed class WebSocketTransportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_reset_of_the_peer_ends_the_session_with_TransportFailed(string security)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await using var client = SecureSession.Create(CreateStream(near, isServer: false), SessionPair.ClientOptions(security));
        await using var server = SecureSession.Create(CreateStream(far, isServer: true), SessionPair.ServerOptions(security));
        await Task.WhenAll(client.HandshakeAsync(Cancellation), server.HandshakeAsync(Cancellation)).WaitAsync(SessionPair.Patience, Cancellation);
        await client.SendAsync(new Note("over a web socket"), Cancellation);
        Assert.Equal("over a web socket", (await SecureSessionTests.ReceiveAsync<Note>(server)).Text);
        var receiving = client.ReceiveAsync(Cancellation).AsTask();
        far.LingerState = new LingerOption(enable: true, seconds: 0);
        far.Dispose();

        var failure = await Assert.ThrowsAsync<SessionException>(() => receiving.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
        Assert.Equal(new SessionEnd(SessionEndReason.Failed, failure.Error), await client.Completion.WaitAsync(SessionPair.Patience, Cancellation));
        await client.DisposeAsync().AsTask().WaitAsync(SessionPair.Patience, Cancellation);
        Assert.True(SpinWait.SpinUntil(() => near.SafeHandle.IsClosed, SessionPair.Patience));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_reset_of_the_peer_during_the_handshake_fails_the_handshake(string security)
    {
        var (near, far) = await SessionPair.ConnectSocketsAsync();
        await using var client = SecureSession.Create(CreateStream(near, isServer: false), SessionPair.ClientOptions(security));
        var shaking = client.HandshakeAsync(Cancellation);
        far.LingerState = new LingerOption(enable: true, seconds: 0);
        far.Dispose();

        var failure = await Assert.ThrowsAsync<SessionException>(() => shaking.WaitAsync(SessionPair.Patience, Cancellation));
        Assert.Equal(SessionErrorKind.TransportFailed, failure.Error.Kind);
    }

    private static WebSocketStream CreateStream(Socket socket, bool isServer) => WebSocketStream.Create(
        WebSocket.CreateFromStream(new NetworkStream(socket, ownsSocket: true), new WebSocketCreationOptions { IsServer = isServer }),
        WebSocketMessageType.Binary,
        ownsWebSocket: true);
}
