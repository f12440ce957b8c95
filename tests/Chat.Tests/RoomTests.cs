using System.Threading.Channels;
using Samples.Chatting;
using SecureChannel.Protocols;
using SecureChannel.Tests.Sessions;

namespace Chat.Tests;

/// <summary>Both roles together: members in a room.</summary>
public sealed class RoomTests
{
    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Members_hear_each_other_and_leave_one_by_one(string security, TransportKind transport)
    {
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new Speaker(room, "ann", first.Client, first.Server);
        await UntilAsync(room, 1);
        var bob = new Speaker(room, "bob", second.Client, second.Server);

        Assert.Equal(new Said("bob", "has joined"), await ann.HearAsync());
        await ann.SayAsync("hello bob");
        Assert.Equal(new Said("ann", "hello bob"), await bob.HearAsync());
        await bob.SayAsync("I must go");
        bob.Leave();
        Assert.Equal(new Said("bob", "I must go"), await ann.HearAsync());
        Assert.Equal(new Said("bob", "has left"), await ann.HearAsync());
        ann.Leave();
        await Task.WhenAll(ann.Done, bob.Done).WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task A_room_that_closes_says_goodbye_to_all(string security, TransportKind transport)
    {
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new Speaker(room, "ann", first.Client, first.Server);
        await using var third = await SessionPair.EstablishAsync(security, transport);
        var bob = new Speaker(room, "bob", second.Client, second.Server);
        room.Close();
        var late = new Speaker(room, "late", third.Client, third.Server);

        await Task.WhenAll(ann.Done, bob.Done, late.Done).WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Floods_both_ways_arrive_whole_and_in_order(string security, TransportKind transport)
    {
        const int Words = 500;
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new Speaker(room, "ann", first.Client, first.Server);
        await UntilAsync(room, 1);
        var bob = new Speaker(room, "bob", second.Client, second.Server);
        Assert.Equal(new Said("bob", "has joined"), await ann.HearAsync());

        for (var word = 0; word < Words; word++)
        {
            await ann.SayAsync($"{word}");
            await bob.SayAsync($"{word}");
        }

        for (var word = 0; word < Words; word++)
        {
            Assert.Equal(new Said("bob", $"{word}"), await ann.HearAsync());
            Assert.Equal(new Said("ann", $"{word}"), await bob.HearAsync());
        }

        ann.Leave();
        bob.Leave();
        await Task.WhenAll(ann.Done, bob.Done).WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task When_both_leave_at_once_both_end_in_order()
    {
        for (var round = 0; round < 50; round++)
        {
            var room = new ChatRoom();
            var (client, server) = InMemoryChannel.CreatePair(ChatClient.Name);
            var ann = new Speaker(room, "ann", client, server);
            await ann.SayAsync("hello");
            await Task.WhenAll(Task.Run(room.Close), Task.Run(ann.Leave));
            await ann.Done.WaitAsync(SessionPair.Patience);
        }
    }

    private static async Task UntilAsync(ChatRoom room, int members)
    {
        while (room.Members < members)
            await Task.Yield();
    }

    /// <summary>A member with both ends of its session.</summary>
    private sealed class Speaker
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly Channel<Said> _heard = Channel.CreateUnbounded<Said>();

        public Speaker(ChatRoom room, string name, MessageChannel client, MessageChannel server) => Done = Task.WhenAll(
            room.ServeAsync(server),
            Participant.TalkAsync(client, name, _lines.Reader.ReadAllAsync(), said => _heard.Writer.TryWrite(said)));

        /// <summary>Both ends have come to the protocol's end.</summary>
        public Task Done { get; }

        public ValueTask SayAsync(string line) => _lines.Writer.WriteAsync(line);

        public void Leave() => _lines.Writer.Complete();

        public Task<Said> HearAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(SessionPair.Patience);
    }
}
