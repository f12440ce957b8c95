using SecureChannel.Protocols;

namespace SecureChannel.Tests.Protocols;

public sealed class VariantTests
{
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public VariantTests() => (_client, _server) = InMemoryChannel.CreatePair();

    [Fact]
    public async Task The_content_of_a_message_selects_its_transition()
    {
        var asking = await RelayClient.Begin(_client).SendAsync(new Ask(2));
        var (_, telling) = await RelayServer.Begin(_server).ReceiveAsync();

        await telling.SendAsync(new Part(1, IsLast: false));
        await telling.SendAsync(new LastPart(new Part(2, IsLast: true)));

        (var part, asking) = Assert.IsType<RelayClient.Telling.Part>(await asking.ReceiveAsync());
        Assert.Equal(1, part.Number);
        Assert.Equal(2, Assert.IsType<RelayClient.Telling.LastPart>(await asking.ReceiveAsync()).Message.Message.Number);
    }

    [Fact]
    public async Task A_message_that_the_peer_would_read_as_a_variant_throws()
    {
        await RelayClient.Begin(_client).SendAsync(new Ask(2));
        var (_, telling) = await RelayServer.Begin(_server).ReceiveAsync();

        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await telling.SendAsync(new Part(2, IsLast: true)));

        Assert.StartsWith("The peer would decode this Part as a LastPart, because of its content. Send it as a LastPart", refused.Message);
        Assert.Throws<ArgumentException>(() => new LastPart(new Part(1, IsLast: false)));
        await telling.SendAsync(new Part(1, IsLast: false));
    }

    [Fact]
    public async Task A_message_allowed_at_any_time_does_not_change_the_state()
    {
        var start = RelayClient.Begin(_client);
        var asked = RelayServer.Begin(_server);
        await asked.SendAsync(new Probe());

        var asking = await start.SendAsync(new Ask(1));
        (_, asking) = Assert.IsType<RelayClient.Telling.Probe>(await asking.ReceiveAsync());

        var (_, telling) = await asked.ReceiveAsync();
        await telling.SendAsync(new Probe());
        await telling.SendAsync(new LastPart(new Part(1, IsLast: true)));
        (_, asking) = Assert.IsType<RelayClient.Telling.Probe>(await asking.ReceiveAsync());
        Assert.IsType<RelayClient.Telling.LastPart>(await asking.ReceiveAsync());
    }
}
