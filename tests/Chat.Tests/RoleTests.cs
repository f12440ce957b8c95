using System.Threading.Channels;
using Samples.Chatting;
using SecureChannel;
using SecureChannel.Protocols;
using SecureChannel.Testing;

namespace Chat.Tests;

/// <summary>Each role against a fake peer.</summary>
public sealed class RoleTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public RoleTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [ChatClient.Name], ServerProtocols = [ChatServer.Name] });

    [Fact]
    public async Task Member_that_has_left_still_receives_lines_until_the_rooms_goodbye()
    {
        var received = new List<string>();
        var talking = Participant.RunAsync(_client, "ann", Lines("one", "two"), said => received.Add(said.Text));
        var (join, room) = await ChatServer.Begin(_server).ReceiveAsync();
        Assert.Equal("ann", join.Name);
        (var one, room) = Assert.IsType<ChatServer.Talking.Say>(await room.ReceiveAsync());
        (var two, room) = Assert.IsType<ChatServer.Talking.Say>(await room.ReceiveAsync());
        var (_, clientLeft) = Assert.IsType<ChatServer.Talking.Goodbye>(await room.ReceiveAsync());
        await clientLeft.SendAsync(new Said("bob", "wait"));
        await clientLeft.SendAsync(new Goodbye());

        await talking.WaitAsync(SessionPair.Patience);
        Assert.Equal(("one", "two"), (one.Text, two.Text));
        Assert.Equal(["wait"], received);
    }

    [Fact]
    public async Task Member_says_goodbye_when_the_room_closes()
    {
        var talking = Participant.RunAsync(_client, "ann", Channel.CreateUnbounded<string>().Reader.ReadAllAsync(), _ => { });
        var (_, room) = await ChatServer.Begin(_server).ReceiveAsync();
        var closed = await room.SendAsync(new Goodbye());
        Assert.IsType<ChatServer.ServerLeft.Goodbye>(await closed.ReceiveAsync());
        await talking.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Room_accepts_lines_after_its_own_goodbye()
    {
        var room = new ChatRoom();
        var (otherClient, otherServer) = InMemoryChannel.CreatePair();
        var (serving, servingOther) = (room.ServeAsync(_server), room.ServeAsync(otherServer));
        var other = await ChatClient.Begin(otherClient).SendAsync(new Join("bob"));
        while (room.MemberCount < 1)
            await Task.Yield();
        var ann = await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        (_, other) = Assert.IsType<ChatClient.Talking.Said>(await other.ReceiveAsync());
        await other.SendAsync(new Say("bye"));
        var left = await other.SendAsync(new Goodbye());
        Assert.IsType<ChatClient.ClientLeft.Goodbye>(await left.ReceiveAsync());
        await servingOther;

        room.Close();
        ChatClient.Talking.Reply reply;
        while ((reply = await ann.ReceiveAsync()) is ChatClient.Talking.Said(_, var next))
            ann = next;
        var (_, dismissed) = Assert.IsType<ChatClient.Talking.Goodbye>(reply);
        await dismissed.SendAsync(new Say("but"));
        await dismissed.SendAsync(new Goodbye());
        await serving.WaitAsync(SessionPair.Patience);
    }

    [Fact]
    public async Task Room_ends_the_session_of_a_member_that_violates_the_protocol_and_notifies_the_others()
    {
        var room = new ChatRoom();
        var (otherClient, otherServer) = InMemoryChannel.CreatePair();
        var (serving, servingOther) = (room.ServeAsync(_server), room.ServeAsync(otherServer));
        var bob = await ChatClient.Begin(otherClient).SendAsync(new Join("bob"));
        while (room.MemberCount < 1)
            await Task.Yield();
        await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        (var joined, bob) = Assert.IsType<ChatClient.Talking.Said>(await bob.ReceiveAsync());

        await _client.SendAsync(new Join("ann again"));

        var failure = await Assert.ThrowsAsync<SessionException>(() => serving);
        Assert.Equal(SessionErrorKind.ProtocolViolation, failure.Error.Kind);
        (var gone, bob) = Assert.IsType<ChatClient.Talking.Said>(await bob.ReceiveAsync());
        Assert.Equal((new Said("ann", "has joined"), new Said("ann", "has left")), (joined, gone));
        var left = await bob.SendAsync(new Goodbye());
        Assert.IsType<ChatClient.ClientLeft.Goodbye>(await left.ReceiveAsync());
        await servingOther;
    }

    private static async IAsyncEnumerable<string> Lines(params string[] lines)
    {
        await Task.Yield();
        foreach (var line in lines)
            yield return line;
    }
}
