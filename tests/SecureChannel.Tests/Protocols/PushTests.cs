using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class PushTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public PushTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [ChatClient.Name], ServerProtocols = [ChatServer.Name] });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_pushes_messages_while_it_waits_and_both_roles_reach_the_end()
    {
        var room = new Room();
        var serving = room.RunAsync(_server, Stop);
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"));

        for (var word = 0; word < 20; word++)
        {
            room.News.Writer.TryWrite($"news {word}");
            (var said, talking) = Assert.IsType<ChatClient.Talking.Say>(await talking.ReceiveAsync());
            Assert.Equal($"news {word}", said.Text);
            await talking.SendAsync(new Say($"thanks {word}"));
        }

        var left = await talking.SendAsync(new Leave());
        Assert.IsType<ChatClient.ClientLeft.Leave>(await left.ReceiveAsync());
        await serving;
        Assert.Equal(20, room.Heard);
        Assert.True(room.WasCanceled);
    }

    [Fact]
    public async Task A_pushed_message_may_lead_to_another_state()
    {
        var room = new Room();
        var serving = room.RunAsync(_server, Stop);
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"));

        room.News.Writer.TryWrite("last");
        room.News.Writer.Complete();

        (_, talking) = Assert.IsType<ChatClient.Talking.Say>(await talking.ReceiveAsync());
        var (_, alone) = Assert.IsType<ChatClient.Talking.Leave>(await talking.ReceiveAsync());
        await alone.SendAsync(new Say("wait"));
        await alone.SendAsync(new Leave());
        await serving;
        Assert.Equal(1, room.Heard);
    }

    [Fact]
    public async Task Pushed_and_received_messages_alternate_under_load()
    {
        var room = new Room { Flood = 1000 };
        var serving = room.RunAsync(_server, Stop);
        var (sending, receiving) = (await ChatClient.Begin(_client).SendAsync(new Join("ann"))).Split();
        for (var word = 0; word < 1000; word++)
            await sending.SendAsync(new Say("word"));

        var heard = 0;
        await foreach (var arrived in receiving)
        {
            if (arrived is ChatClient.Talking.Incoming.Say && ++heard == 1000)
                break;
        }

        var left = await sending.SendAsync(new Leave());
        await foreach (var arrived in receiving)
            Assert.IsType<ChatClient.Talking.Incoming.Leave>(arrived);
        Assert.IsType<ChatClient.ClientLeft.SendLane.Rejoined.Closed>(left.Join(receiving));
        await serving;
        Assert.Equal(1000, room.Heard);
    }

    [Fact]
    public async Task A_push_that_throws_aborts_the_session()
    {
        var room = new Room { Flood = -1 };
        var serving = room.RunAsync(_server, Stop);
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"));

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => serving);
        var failure = await Assert.ThrowsAsync<SessionException>(async () => await talking.ReceiveAsync());
        Assert.Equal(AlertDescription.InternalError, failure.Error.Alert);
    }

    /// <summary>A handler that pushes news, leaves when they end, and counts received messages.</summary>
    private sealed class Room : ChatServer.Handler
    {
        public Channel<string> News { get; } = Channel.CreateUnbounded<string>();

        public int Flood { get; init; }

        public int Heard { get; private set; }

        public bool WasCanceled { get; private set; }

        protected override async IAsyncEnumerable<ChatServer.Talking.Answer> PushInTalkingAsync(
            SessionInfo session, [EnumeratorCancellation] CancellationToken left)
        {
            try
            {
                if (Flood < 0)
                    throw new TimeZoneNotFoundException();
                for (var word = 0; word < Flood; word++)
                    yield return new Say("flood");
                await foreach (var news in News.Reader.ReadAllAsync(left))
                    yield return new Say(news);
                yield return new Leave();
            }
            finally
            {
                WasCanceled = left.IsCancellationRequested;
            }
        }

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state)
        {
            Heard++;
            return new(state);
        }

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state)
        {
            Heard++;
            return default;
        }

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }
}
