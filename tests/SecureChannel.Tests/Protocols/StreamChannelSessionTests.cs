using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>Tests of stream channels over the streams of sessions: the channel ends as its session does.</summary>
public sealed class StreamChannelSessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_close_closes_the_session_in_order(string security)
    {
        await using var pair = await EstablishAsync(security);
        await using var client = Open(pair.Client);
        await using var server = Open(pair.Server);
        await client.SendAsync(new Goodbye(), Stop);

        await client.CloseAsync(Stop);

        Assert.Equal(6, (await server.ReceiveAsync(Stop))!.Value.Code);
        Assert.Null(await server.ReceiveAsync(Stop));
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), client.End);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedLocally), pair.Client.End);
        await server.CloseAsync(Stop);
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), server.End);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task An_abort_sends_its_alert_to_the_peer(string security)
    {
        await using var pair = await EstablishAsync(security);
        await using var client = Open(pair.Client);
        await using var server = Open(pair.Server);
        var error = new SessionError(SessionErrorKind.ProtocolViolation, SessionErrorCode.NotAuthorized, AlertDescription.AccessDenied, "no such account");

        await client.AbortAsync(error);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await server.ReceiveAsync(Stop));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.AccessDenied), (failure.Error.Kind, failure.Error.Alert));
        Assert.Same(failure.Error, server.End!.Error);
        Assert.Same(error, pair.Client.End!.Error);
    }

    [Theory]
    [InlineData("tls/1.3")]
    [InlineData("key-transport/1")]
    public async Task Disposal_before_a_close_aborts_the_session(string security)
    {
        await using var pair = await EstablishAsync(security);
        var client = Open(pair.Client);
        await using var server = Open(pair.Server);
        await client.SendAsync(new Goodbye(), Stop);
        await client.FlushAsync(Stop);

        await client.DisposeAsync();

        Assert.Equal(6, (await server.ReceiveAsync(Stop))!.Value.Code);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await server.ReceiveAsync(Stop));
        Assert.Equal((SessionErrorKind.AlertReceived, AlertDescription.GeneralError), (failure.Error.Kind, failure.Error.Alert));
        Assert.Equal(SessionErrorCode.DisposedBeforeClose, client.End!.Error!.Code);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_protocol_in_its_final_state_closes_in_order_on_disposal(string security)
    {
        await using var pair = await EstablishAsync(security);
        await using var server = Open(pair.Server);
        await using (var client = Open(pair.Client))
        {
            var serving = new BankService().RunAsync(server, Stop);
            await (await BankClient.Begin(client).SendAsync(new Login("eve", "x"), Stop)).ReceiveAsync(Stop);
            await serving;
        }

        Assert.Null(await server.ReceiveAsync(Stop));
    }

    private static StreamChannel Open(SecureSession session) => new(session.AsStream(), session.Role);

    private static Task<SessionPair> EstablishAsync(string security) =>
        SessionPair.EstablishAsync(TransportKind.Stream, SessionPair.ClientOptions(security), SessionPair.ServerOptions(security));
}
