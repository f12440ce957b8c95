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
        await using var pair = await SessionPair.EstablishAsync(security, transport);
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
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Client.End);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task Without_AllowHalfClose_the_peers_close_aborts_an_incomplete_session(string security)
    {
        await using var pair = await EstablishWithoutHalfCloseAsync(security);
        await pair.Server.AsStream().WriteAsync("half of an ans"u8.ToArray());
        await pair.Server.AsStream().FlushAsync(default);
        var closing = security == SessionSecurity.SslStream.Name ? pair.Client.CloseAsync() : pair.Client.CompleteWritesAsync();
        await closing.AsTask().WaitAsync(SessionPair.Patience);

        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1]));
        var end = await pair.Server.Completion.WaitAsync(SessionPair.Patience);
        Assert.Equal((SessionEndReason.Failed, SessionErrorCode.DisposedBeforeClose), (end.Reason, end.Error!.Code));
        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1]));
        var send = await Assert.ThrowsAsync<SessionException>(() => pair.Server.AsStream().WriteAsync(new byte[1]).AsTask());
        Assert.Equal((SessionErrorKind.Closed, SessionErrorCode.ClosedByPeer), (send.Error.Kind, send.Error.Code));
        var flush = await Assert.ThrowsAsync<SessionException>(() => pair.Server.AsStream().FlushAsync(default));
        Assert.Equal(SessionErrorKind.Closed, flush.Error.Kind);
        if (security == SessionSecurity.SslStream.Name)
            return;

        using var answer = new MemoryStream();
        var failure = await Assert.ThrowsAsync<SessionException>(() => pair.Client.AsStream().CopyToAsync(answer).WaitAsync(SessionPair.Patience));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.GeneralError), (failure.Error.Kind, failure.Error.Alert));
        Assert.Equal("half of an ans"u8.ToArray(), answer.ToArray());
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Without_AllowHalfClose_the_peers_close_ends_a_session_that_has_completed_its_writes_in_order(string security)
    {
        await using var pair = await EstablishWithoutHalfCloseAsync(security);
        await pair.Server.AsStream().WriteAsync("an answer"u8.ToArray());
        await pair.Server.CompleteWritesAsync();
        await pair.Client.CloseAsync();

        Assert.Equal(0, await pair.Server.AsStream().ReadAsync(new byte[1]));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await pair.Server.Completion.WaitAsync(SessionPair.Patience));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), await pair.Client.Completion.WaitAsync(SessionPair.Patience));
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task The_session_ends_when_both_directions_are_closed(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        await pair.Client.CompleteWritesAsync();
        Assert.Null(await pair.Server.ReceiveAsync());
        Assert.False(pair.Server.Completion.IsCompleted);
        await pair.Server.CompleteWritesAsync();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await pair.Server.Completion.WaitAsync(SessionPair.Patience));
        Assert.False(pair.Client.Completion.IsCompleted);
        Assert.Null(await pair.Client.ReceiveAsync());
        Assert.Null(await pair.Client.ReceiveAsync());
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), await pair.Client.Completion.WaitAsync(SessionPair.Patience));
    }

    [Fact]
    public async Task SslStream_does_not_support_half_close()
    {
        await using var pair = await SessionPair.EstablishAsync("sslstream");
        await Assert.ThrowsAsync<NotSupportedException>(() => pair.Client.CompleteWritesAsync().AsTask());
    }

    private static Task<SessionPair> EstablishWithoutHalfCloseAsync(string security) => SessionPair.EstablishAsync(
        TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security) with { AllowHalfClose = false });
}
