using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>The second version of the chat, which has no Join message.</summary>
[Protocol("chat/2")]
internal enum Chat2
{
    [Client<Say>(Talking)]
    [Client<Leave>(Closed)]
    Talking,

    [Final]
    Closed,
}

public sealed class VersionTests
{
    [Theory]
    [InlineData("chat/1 chat/2", "chat/1 chat/2", "chat/2")]
    [InlineData("chat/1 chat/2 chat/10", "chat/2 chat/10 chat/3", "chat/10")]
    [InlineData("chat/1 chat/2", "chat/1 chat/3", "chat/1")]
    [InlineData("bank/1 chat/2", "chat/1 chat/2 bank/1", "chat/2")]
    [InlineData("mqtt chat/2", "mqtt chat/2", "mqtt")]
    [InlineData("", "", null)]
    public void The_highest_common_version_is_negotiated(string client, string server, string? agreed)
    {
        var (one, other) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientProtocols = Names(client), ServerProtocols = Names(server) });

        Assert.Equal((agreed, agreed), (one.ApplicationProtocol, other.ApplicationProtocol));
    }

    [Fact]
    public void A_client_without_protocols_is_refused_by_a_server_with_some()
    {
        var failure = Assert.Throws<SessionException>(() => InMemoryChannel.CreatePair(new InMemoryChannelOptions { ServerProtocols = ["chat/2"] }));

        Assert.Equal((SessionErrorKind.Incompatible, SessionErrorCode.NoCommonProtocol), (failure.Error.Kind, failure.Error.Code));
    }

    [Fact]
    public void A_client_with_protocols_refuses_a_server_without()
    {
        var failure = Assert.Throws<SessionException>(() => InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientProtocols = ["chat/2"] }));

        Assert.Equal(SessionErrorCode.NoCommonProtocol, failure.Error.Code);
        Assert.Equal("The server selected no application protocol, but this client requires one of 'chat/2'.", failure.Error.Message);
    }

    [Fact]
    public void Without_a_common_protocol_the_error_lists_the_protocols_of_both()
    {
        var failure = Assert.Throws<SessionException>(() => InMemoryChannel.CreatePair(
            new InMemoryChannelOptions { ClientProtocols = ["chat/1", "chat/2"], ServerProtocols = ["chat/3"] }));

        Assert.Equal((SessionErrorKind.Incompatible, AlertDescription.NoApplicationProtocol), (failure.Error.Kind, failure.Error.Alert));
        Assert.Equal("The endpoints have no application protocol in common. The client supports 'chat/1', 'chat/2'; the server supports 'chat/3'.", failure.Error.Message);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_runs_the_handler_of_the_highest_common_version(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(TransportKind.Stream,
            With(SessionPair.ClientOptions(security), [ChatClient.Name, Chat2Client.Name, "chat/3"]),
            With(SessionPair.ServerOptions(security), [ChatServer.Name, Chat2Server.Name]));
        var newer = new Newer();
        var serving = ProtocolHandler.RunNegotiatedAsync(pair.Server, [new Older(), newer], TestContext.Current.CancellationToken);

        var talking = Chat2Client.Begin(pair.Client);
        await talking.SendAsync(new Say("hello"));
        await talking.SendAsync(new Leave());

        await serving.WaitAsync(SessionPair.Patience);
        Assert.Equal("hello", newer.Heard);
        Assert.Equal(("chat/2", "chat/2"), (pair.Client.ApplicationProtocol, pair.Server.ApplicationProtocol));
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_session_without_a_common_version_fails_at_both_endpoints_and_lists_the_protocols(string security)
    {
        await using var pair = await SessionPair.CreateAsync(TransportKind.Stream,
            With(SessionPair.ClientOptions(security), ["chat/1"]), With(SessionPair.ServerOptions(security), ["chat/2", "chat/3"]));

        var serving = pair.Server.HandshakeAsync(TestContext.Current.CancellationToken);
        var client = await Assert.ThrowsAsync<SessionException>(() => pair.Client.HandshakeAsync(TestContext.Current.CancellationToken)
            .WaitAsync(SessionPair.Patience));
        var server = await Assert.ThrowsAsync<SessionException>(() => serving.WaitAsync(SessionPair.Patience));

        Assert.Equal(SessionErrorKind.Incompatible, server.Error.Kind);
        Assert.Contains("'chat/2', 'chat/3'", server.Error.Message);
        Assert.Contains("chat/1", client.Error.Message);
        Assert.Equal((AlertDescription.NoApplicationProtocol, AlertDescription.NoApplicationProtocol), (client.Error.Alert, server.Error.Alert));
    }

    [Fact]
    public async Task Without_a_handler_for_the_negotiated_protocol_the_run_throws()
    {
        var (_, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions { ClientProtocols = ["bank/1"], ServerProtocols = ["bank/1"] });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ProtocolHandler.RunNegotiatedAsync(server, [new Older(), new Newer()], TestContext.Current.CancellationToken));

        Assert.Equal(
            "This channel negotiated bank/1, but the handlers implement only chat/1, chat/2. Add a handler for the negotiated protocol.", refused.Message);
    }

    private static string[] Names(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static ClientOptions With(ClientOptions options, string[] names) => options with { ApplicationProtocols = names };

    internal static ServerOptions With(ServerOptions options, string[] names) => options with { ApplicationProtocols = names };

    private sealed class Newer : Chat2Server.Handler
    {
        public string? Heard { get; private set; }

        protected override ValueTask OnSayAsync(Say say, Chat2Server.Talking state)
        {
            Heard = say.Text;
            return default;
        }

        protected override ValueTask OnLeaveAsync(Leave leave, Chat2Server.Closed state) => default;
    }

    private sealed class Older : ChatServer.Handler
    {
        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state) => new(state);

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state) => default;

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }
}
