using System.Threading.Channels;
using Samples.Chatting;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Chat.Tests;

/// <summary>Both roles together: members in a room.</summary>
public sealed class RoomTests
{
    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Members_receive_each_others_lines_and_leave_one_by_one(string security, TransportKind transport)
    {
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new TestMember(room, "ann", first.Client, first.Server);
        await WaitForMembersAsync(room, 1);
        var bob = new TestMember(room, "bob", second.Client, second.Server);

        Assert.Equal(new Said("bob", "has joined"), await ann.ReceiveAsync());
        await ann.SayAsync("hello bob");
        Assert.Equal(new Said("ann", "hello bob"), await bob.ReceiveAsync());
        await bob.SayAsync("I must go");
        bob.Leave();
        Assert.Equal(new Said("bob", "I must go"), await ann.ReceiveAsync());
        Assert.Equal(new Said("bob", "has left"), await ann.ReceiveAsync());
        ann.Leave();
        await Task.WhenAll(ann.Done, bob.Done).WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Closed_room_says_goodbye_to_present_and_later_members(string security, TransportKind transport)
    {
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new TestMember(room, "ann", first.Client, first.Server);
        await using var third = await SessionPair.EstablishAsync(security, transport);
        var bob = new TestMember(room, "bob", second.Client, second.Server);
        room.Close();
        var late = new TestMember(room, "late", third.Client, third.Server);

        await Task.WhenAll(ann.Done, bob.Done, late.Done).WaitAsync(SessionPair.Patience);
    }

    [Theory]
    [MemberData(nameof(Combinations.All), MemberType = typeof(Combinations))]
    public async Task Many_lines_in_both_directions_arrive_completely_and_in_order(string security, TransportKind transport)
    {
        const int Lines = 500;
        var room = new ChatRoom();
        await using var first = await SessionPair.EstablishAsync(security, transport);
        await using var second = await SessionPair.EstablishAsync(security, transport);
        var ann = new TestMember(room, "ann", first.Client, first.Server);
        await WaitForMembersAsync(room, 1);
        var bob = new TestMember(room, "bob", second.Client, second.Server);
        Assert.Equal(new Said("bob", "has joined"), await ann.ReceiveAsync());

        for (var line = 0; line < Lines; line++)
        {
            await ann.SayAsync($"{line}");
            await bob.SayAsync($"{line}");
        }

        for (var line = 0; line < Lines; line++)
        {
            Assert.Equal(new Said("bob", $"{line}"), await ann.ReceiveAsync());
            Assert.Equal(new Said("ann", $"{line}"), await bob.ReceiveAsync());
        }

        ann.Leave();
        bob.Leave();
        await Task.WhenAll(ann.Done, bob.Done).WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Both_sides_end_in_order_when_they_leave_at_once()
    {
        for (var round = 0; round < 50; round++)
        {
            var room = new ChatRoom();
            var (client, server) = InMemoryChannel.CreatePair(
                new InMemoryChannelOptions { ClientProtocols = [ChatClient.Name], ServerProtocols = [ChatServer.Name] });
            var ann = new TestMember(room, "ann", client, server);
            await ann.SayAsync("hello");
            await Task.WhenAll(Task.Run(room.Close), Task.Run(ann.Leave));
            await ann.Done.WaitAsync(SessionPair.Patience);
        }
    }

    private static async Task WaitForMembersAsync(ChatRoom room, int count)
    {
        while (room.MemberCount < count)
            await Task.Yield();
    }

    /// <summary>A member with both endpoints of its session.</summary>
    private sealed class TestMember
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly Channel<Said> _received = Channel.CreateUnbounded<Said>();

        public TestMember(ChatRoom room, string name, MessageChannel client, MessageChannel server) => Done = Task.WhenAll(
            room.ServeAsync(server),
            Participant.RunAsync(client, name, _lines.Reader.ReadAllAsync(), said => _received.Writer.TryWrite(said)));

        /// <summary>Completes when both endpoints have reached the final state.</summary>
        public Task Done { get; }

        public ValueTask SayAsync(string line) => _lines.Writer.WriteAsync(line);

        public void Leave() => _lines.Writer.Complete();

        public Task<Said> ReceiveAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(SessionPair.Patience);
    }
}
