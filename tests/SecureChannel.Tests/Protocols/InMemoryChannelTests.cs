using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class InMemoryChannelTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public InMemoryChannelTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = ["bank/1"], ServerProtocols = ["bank/1"], MaxMessageSize = 1000 });

    [Fact]
    public async Task Messages_are_received_as_bytes_in_order_and_then_the_close()
    {
        await _client.SendAsync(new BalanceQuery(1));
        await _client.SendAsync(new Goodbye());
        await _client.CloseAsync();

        var first = (await _server.ReceiveAsync())!.Value;
        Assert.Equal((4, "0000000000000001"), (first.Code, Convert.ToHexString(first.Body.Span)));
        Assert.Equal(6, (await _server.ReceiveAsync())!.Value.Code);
        Assert.Null(await _server.ReceiveAsync());
    }

    [Fact]
    public async Task A_receive_waits_for_a_send()
    {
        var receiving = _server.ReceiveAsync().AsTask();
        Assert.False(receiving.IsCompleted);

        await _client.SendAsync(new Goodbye());

        Assert.Equal(6, (await receiving)!.Value.Code);
    }

    [Fact]
    public async Task An_abort_fails_both_endpoints_and_the_peer_receives_the_alert()
    {
        var receiving = _server.ReceiveAsync().AsTask();

        await _client.AbortAsync(new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "no such account"));

        var refused = await Assert.ThrowsAsync<SessionException>(() => receiving);
        Assert.Equal(new SessionError(SessionErrorKind.AlertReceived, SessionErrorCode.AlertReceived, AlertDescription.AccessDenied, "The peer aborted the channel: no such account"),
            refused.Error);
        var own = await Assert.ThrowsAsync<SessionException>(async () => await _client.SendAsync(new Goodbye()));
        Assert.Equal(SessionErrorKind.ProtocolViolation, own.Error.Kind);
    }

    [Fact]
    public async Task Bytes_that_are_not_a_message_fail_the_session()
    {
        _client.SendBytes([0xFF]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await _server.ReceiveAsync());
        Assert.Equal(SessionErrorKind.MalformedMessage, failure.Error.Kind);
        await Assert.ThrowsAsync<SessionException>(async () => await _client.ReceiveAsync());
    }

    [Fact]
    public void Both_endpoints_have_the_application_protocol() =>
        Assert.Equal(("bank/1", "bank/1"), (_client.ApplicationProtocol, _server.ApplicationProtocol));
}
