using SecureChannel.Messages;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

/// <summary>Tests of the start of a protocol: the role, and the limits that the channel enforces from then on.</summary>
public sealed class BeginTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public BeginTests() => (_client, _server) = InMemoryChannel.CreatePair();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_of_the_wrong_role_is_refused_at_once_and_names_both_roles()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => BankClient.Begin(_server));
        Assert.Equal(
            "bank/1, client: the local endpoint of this channel is the server, so the client cannot begin on it. Use the generated class of the server.",
            refused.Message);

        refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new BankService().RunAsync(_client, Stop));
        Assert.Equal(
            "bank/1, server: the local endpoint of this channel is the client, so the server cannot begin on it. Use the generated class of the client.",
            refused.Message);
        Assert.Null(_client.End);

        // The channel is still usable for the right role.
        await BankClient.Begin(_client).SendAsync(new Login("ann", "secret"));
    }

    [Fact]
    public async Task A_code_that_the_protocol_does_not_define_is_refused_at_its_header()
    {
        var start = BankServer.Begin(_server);
        _client.SendBytes([0x40, 99, 40]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await start.ReceiveAsync(Stop));

        Assert.Equal(
            new SessionError(SessionErrorKind.MalformedMessage, SessionErrorCode.UnknownMessage, AlertDescription.UnexpectedMessage,
                "A message with code 99 was received, which bank/1 does not define."),
            failure.Error);
    }

    [Fact]
    public async Task A_body_that_is_longer_than_its_type_allows_is_refused_at_its_header()
    {
        var start = BankServer.Begin(_server);
        // A Login has at most two strings of 64 and 255 bytes, with a length of one byte each.
        _client.SendBytes([1, 0x41, 0x42]);

        var failure = await Assert.ThrowsAsync<SessionException>(async () => await start.ReceiveAsync(Stop));

        Assert.Equal(
            (SessionErrorKind.MalformedMessage, SessionErrorCode.MessageTooLarge, "A message of 322 bytes (code 1) was received; the limit of its type is 321 bytes."),
            (failure.Error.Kind, failure.Error.Code, failure.Error.Message));
    }

    [Fact]
    public async Task A_message_of_the_maximum_size_is_received()
    {
        var login = new Login(new string('a', 64), new string('b', 255));
        Assert.Equal(321, WireSerializer.GetSize(login));
        await _client.SendAsync(login, Stop);

        Assert.Equal(login, (await BankServer.Begin(_server).ReceiveAsync(Stop)).Message);
    }

    [Fact]
    public async Task Before_a_protocol_begins_only_the_limit_of_the_channel_applies()
    {
        _client.SendBytes([0x40, 99, 1, 7]);

        Assert.Equal(99, (await _server.ReceiveAsync(Stop))!.Value.Code);
    }
}
