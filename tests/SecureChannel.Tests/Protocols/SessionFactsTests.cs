using System.Net;
using System.Runtime.CompilerServices;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Protocols;

/// <summary>The session as tokens, handlers and channels expose it.</summary>
public sealed class SessionFactsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_token_has_the_session_of_its_run_also_after_its_use()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        var start = BankClient.Begin(client);
        Assert.Same(client, start.Session);
        var authenticating = await start.SendAsync(new Login("ann", "secret"), Cancellation);

        Assert.Same(client, start.Session);
        Assert.Same(client, authenticating.Session);
        Assert.Same(server, BankServer.Begin(server).Session);
    }

    [Fact]
    public void The_session_of_a_default_token_throws_and_names_the_state()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => default(BankClient.Ready).Session);

        Assert.Equal(
            "bank/1, client: reading 'Session' is not possible with a default 'Ready' token, which has no channel. "
            + "Use the token that 'Begin' or the operation before 'Ready' returned.",
            refused.Message);
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_handler_reads_the_facts_of_its_session_from_its_state(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Socket,
            SessionPair.ClientOptions(security) with { ApplicationProtocols = [BankClient.Name] },
            SessionPair.ServerOptions(security) with { ApplicationProtocols = [BankServer.Name] });
        var service = new ObservingService();
        var serving = service.RunAsync(pair.Server, Cancellation);

        var start = BankClient.Begin(pair.Client);
        Assert.Equal(SessionPair.ServerName, start.Session.PeerIdentity?.Name);
        await start.SendAsync(new Login("eve", "secret"), Cancellation).ReceiveAsync(Cancellation);
        await serving.WaitAsync(SessionPair.Patience, Cancellation);

        var session = service.Session!;
        Assert.Same(pair.Server, session);
        Assert.Equal((Role.Server, BankServer.Name, 1), (session.Role, session.ApplicationProtocol, session.ProtocolVersion));
        Assert.Equal((pair.Client.RemoteEndPoint, pair.Client.LocalEndPoint), (session.LocalEndPoint, session.RemoteEndPoint));
        Assert.IsType<IPEndPoint>(session.RemoteEndPoint);
        Assert.Equal(pair.Server.Negotiated, session.Negotiated);
        Assert.Same(TimeProvider.System, session.TimeProvider);
        Assert.Null(session.End);
    }

    [Fact]
    public async Task A_pushing_handler_receives_its_session()
    {
        var (client, server) = InMemoryChannel.CreatePair();
        var room = new ObservingRoom();
        var serving = room.RunAsync(server, Cancellation);
        var talking = await ChatClient.Begin(client).SendAsync(new Join("ann"), Cancellation);
        var (said, _) = Assert.IsType<ChatClient.Talking.Say>(await talking.ReceiveAsync(Cancellation));

        Assert.Equal("pushed", said.Text);
        Assert.Same(server, room.Session);
        await client.AbortAsync(new SessionError(SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "Enough."));
        await Assert.ThrowsAsync<SessionException>(() => serving);
    }

    [Fact]
    public void In_memory_channels_have_the_identities_of_their_options()
    {
        var certificate = SessionPair.IdentityFor(SessionSecurity.Tls13).Certificate;
        var time = new ManualTimeProvider();
        var (client, server) = InMemoryChannel.CreatePair(new InMemoryChannelOptions
        {
            ClientIdentity = PeerIdentity.CreateForTesting("device-7"),
            ServerIdentity = PeerIdentity.CreateForTesting("bank", certificate),
            TimeProvider = time,
        });

        Assert.Equal(("device-7", null), (server.PeerIdentity?.Name, server.PeerIdentity?.Certificate));
        Assert.Equal(("bank", certificate), (client.PeerIdentity?.Name, client.PeerIdentity?.Certificate));
        Assert.Equal("device-7", server.PeerIdentity?.ToString());
        Assert.Same(time, server.TimeProvider);
        Assert.Null(InMemoryChannel.CreatePair().Client.PeerIdentity);
    }

    [Fact]
    public void Options_of_in_memory_channels_are_validated_copied_and_silent()
    {
        var names = new List<string> { "bank/1" };
        var options = new InMemoryChannelOptions { ClientProtocols = names, ServerProtocols = names };
        names.Clear();

        Assert.Equal("bank/1", InMemoryChannel.CreatePair(options).Client.ApplicationProtocol);
        Assert.NotEqual(options, options with { });
        Assert.Equal(nameof(InMemoryChannelOptions), options.ToString());
        Assert.Throws<ArgumentNullException>(() => InMemoryChannel.CreatePair(options with { ServerProtocols = null! }));
        Assert.Throws<ArgumentNullException>(() => InMemoryChannel.CreatePair(options with { TimeProvider = null! }));
        Assert.Throws<ArgumentOutOfRangeException>(() => InMemoryChannel.CreatePair(options with { MaxMessageSize = -1 }));
    }

    [Fact]
    public async Task A_channel_over_the_stream_of_a_session_has_the_facts_of_the_session()
    {
        var time = new ManualTimeProvider();
        var security = SessionSecurity.Tls13.Name;
        await using var pair = await SessionPair.EstablishAsync(
            TransportKind.Socket, SessionPair.ClientOptions(security, time), SessionPair.ServerOptions(security, time));
        await using var channel = new StreamChannel(pair.Client.AsStream(), Role.Client);
        await using var plain = new StreamChannel(new MemoryStream(), Role.Client);

        Assert.Same(pair.Client.PeerIdentity, channel.PeerIdentity);
        Assert.Same(pair.Client.Negotiated, channel.Negotiated);
        Assert.Equal((pair.Client.LocalEndPoint, pair.Client.RemoteEndPoint), (channel.LocalEndPoint, channel.RemoteEndPoint));
        Assert.Same(time, channel.TimeProvider);
        Assert.Equal((null, null, null), (plain.PeerIdentity, plain.Negotiated, plain.RemoteEndPoint));
        Assert.Same(TimeProvider.System, plain.TimeProvider);
    }

    private sealed class ObservingService : BankService
    {
        public SessionInfo? Session { get; private set; }

        protected override ValueTask<BankServer.Authenticating.Answer> OnLoginAsync(Login login, BankServer.Authenticating state)
        {
            Session = state.Session;
            return base.OnLoginAsync(login, state);
        }
    }

    private sealed class ObservingRoom : ChatServer.Handler
    {
        public SessionInfo? Session { get; private set; }

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state) => new(state);

        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            Session = session;
            await Task.Yield();
            yield return new Say("pushed");
        }

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state) => default;

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }
}
