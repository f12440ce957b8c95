using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>Half-close (RFC 9846 section 6.1): an endpoint that closed its write direction still receives.</summary>
public sealed class HalfCloseSessionTests
{
    [Theory]
    [InlineData("tls/1.3", TransportKind.Stream)]
    [InlineData("tls/1.3", TransportKind.Socket)]
    [InlineData("key-transport/1", TransportKind.Pipe)]
    public async Task After_a_half_close_the_peer_can_still_answer(string security, TransportKind transport)
    {
        await using var pair = await EstablishAsync(security, transport, serverKeepsOpen: true);
        await pair.Client.AsStream().WriteAsync(new byte[] { 1, 2, 3 });
        await pair.Client.CompleteWritesAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Client.AsStream().WriteAsync(new byte[1]).AsTask());

        var received = new byte[3];
        await pair.Server.AsStream().ReadExactlyAsync(received);
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(received));
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(received));
        Assert.Null(pair.Server.End);
        await pair.Server.AsStream().WriteAsync(received);
        await pair.Server.AsStream().WriteAsync(received);
        await pair.Server.CloseAsync();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.End);

        using var answer = new MemoryStream();
        await pair.Client.AsStream().CopyToAsync(answer).WaitAsync(SessionPair.Patience);
        Assert.Equal([1, 2, 3, 1, 2, 3], answer.ToArray());
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), pair.Client.End);
    }

    [Fact]
    public async Task Without_AllowHalfClose_the_session_ends_with_the_peers_direction()
    {
        await using var pair = await EstablishAsync("tls/1.3", TransportKind.Stream, serverKeepsOpen: false);
        await pair.Client.CompleteWritesAsync();
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1]));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await pair.Server.Completion);
        Assert.Equal(0, await pair.Client.AsStream().ReadAsync(new byte[1]));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion);
    }

    [Fact]
    public async Task SslStream_does_not_support_half_close()
    {
        await using var pair = await SessionPair.EstablishAsync("sslstream");
        await Assert.ThrowsAsync<NotSupportedException>(() => pair.Client.CompleteWritesAsync().AsTask());
    }

    private static async Task<SessionPair> EstablishAsync(string security, TransportKind transport, bool serverKeepsOpen)
    {
        var (client, server) = (SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
        return await SessionPair.EstablishAsync(
            transport, client, new ServerOptions { Security = server.Security, Identity = server.Identity, AllowHalfClose = serverKeepsOpen });
    }
}
