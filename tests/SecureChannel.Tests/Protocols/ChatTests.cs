using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class ChatTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public ChatTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [ChatClient.Name], ServerProtocols = [ChatServer.Name] });

    [Fact]
    public async Task A_send_of_a_self_transition_leaves_the_token_valid()
    {
        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        var (_, hearing) = await ChatServer.Begin(_server).ReceiveAsync();

        foreach (var word in new[] { "one", "two", "three" })
        {
            await talking.SendAsync(new Say(word));
            (var said, hearing) = Assert.IsType<ChatServer.Talking.Say>(await hearing.ReceiveAsync());
            Assert.Equal(word, said.Text);
        }
    }

    [Fact]
    public async Task Both_roles_send_in_turn_until_one_leaves_and_the_other_follows()
    {
        var ann = await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        var (_, bob) = await ChatServer.Begin(_server).ReceiveAsync();

        await ann.SendAsync(new Say("hello"));
        (_, bob) = Assert.IsType<ChatServer.Talking.Say>(await bob.ReceiveAsync());
        await bob.SendAsync(new Say("hello to you"));
        (var heard, ann) = Assert.IsType<ChatClient.Talking.Say>(await ann.ReceiveAsync());
        Assert.Equal("hello to you", heard.Text);

        var annLeft = await ann.SendAsync(new Leave());
        await bob.SendAsync(new Say("wait"));
        var (last, stillLeft) = Assert.IsType<ChatClient.ClientLeft.Say>(await annLeft.ReceiveAsync());
        Assert.Equal("wait", last.Text);
        var (_, bobAlone) = Assert.IsType<ChatServer.Talking.Leave>(await bob.ReceiveAsync());
        await bobAlone.SendAsync(new Leave());
        Assert.IsType<ChatClient.ClientLeft.Leave>(await stillLeft.ReceiveAsync());
    }

    [Fact]
    public async Task Both_roles_reach_the_end_when_both_leave_at_the_same_time()
    {
        var ann = await ChatClient.Begin(_client).SendAsync(new Join("ann"));
        var (_, bob) = await ChatServer.Begin(_server).ReceiveAsync();

        var annLeft = await ann.SendAsync(new Leave());
        var bobLeft = await bob.SendAsync(new Leave());

        Assert.IsType<ChatClient.ClientLeft.Leave>(await annLeft.ReceiveAsync());
        Assert.Equal(default, (await bobLeft.ReceiveAsync() as ChatServer.ServerLeft.Leave)!.Message);
    }

    [Fact]
    public async Task A_handler_has_one_method_for_each_state_in_which_a_message_is_received()
    {
        var echo = new Echo();
        var serving = echo.RunAsync(_server, TestContext.Current.CancellationToken);

        var talking = await ChatClient.Begin(_client).SendAsync(new Join("ann")).SendAsync(new Say("hello"));
        (var said, talking) = Assert.IsType<ChatClient.Talking.Say>(await talking.ReceiveAsync());
        Assert.Equal("hello", said.Text);
        await talking.SendAsync(new Say("bye"));
        var (_, serverLeft) = Assert.IsType<ChatClient.Talking.Leave>(await talking.ReceiveAsync());
        await serverLeft.SendAsync(new Say("alone"));
        await serverLeft.SendAsync(new Leave());

        await serving;
        Assert.Equal(["Talking: hello", "Talking: bye", "ServerLeft: alone"], echo.Heard);
    }

    /// <summary>A handler that echoes messages and leaves after "bye".</summary>
    private sealed class Echo : ChatServer.Handler
    {
        public List<string> Heard { get; } = [];

        protected override ValueTask<ChatServer.Talking.Answer> OnJoinAsync(Join join, ChatServer.Talking state) => new(state);

        protected override ValueTask<ChatServer.Talking.Answer> OnSayAsync(Say say, ChatServer.Talking state)
        {
            Heard.Add($"Talking: {say.Text}");
            return say.Text == "bye" ? new(new Leave()) : new(say);
        }

        protected override ValueTask OnSayAsync(Say say, ChatServer.ServerLeft state)
        {
            Heard.Add($"ServerLeft: {say.Text}");
            return default;
        }

        protected override ValueTask<ChatServer.ClientLeft.Answer> OnLeaveAsync(Leave leave, ChatServer.ClientLeft state) => new(new Leave());

        protected override ValueTask OnLeaveAsync(Leave leave, ChatServer.Closed state) => default;
    }
}
