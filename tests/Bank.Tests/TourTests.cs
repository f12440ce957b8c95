using SecureChannel.Testing;

namespace Bank.Tests;

/// <summary>The sample, started as its user starts it.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task The_textbook_handshake_is_told_in_its_seven_steps()
    {
        var client = await ClientLinesAsync("key-transport");
        string[] steps =
        [
            "step 1: asked for a secure connection",
            "step 2: received the server's certificate",
            "step 3: checked it with the authority's public key",
            "step 4: made an ephemeral symmetric key",
            "step 5: encrypted it with the server's public key",
            "step 6: sent it",
            "step 7: the server acknowledged; both ends use keys from it",
        ];
        Assert.Equal(steps, client.Where(line => line.StartsWith("step ", StringComparison.Ordinal)).Take(7));
    }

    [Theory]
    [InlineData("tls", "secured by tls/1.3, TLS_")]
    [InlineData("key-transport", "secured by key-transport/1, TLS_")]
    [InlineData("sslstream", "secured by ")]
    public async Task Sessions_end_as_they_should_and_strangers_are_refused(string handshake, string secured)
    {
        var client = await ClientLinesAsync(handshake);

        // Each of the four sessions that succeed has a handshake of its own.
        Assert.Equal(4, client.Count(line => line.StartsWith(secured, StringComparison.Ordinal)));
        Assert.Equal(4, client.Count(line => line == "peer: bank.example"));
        Assert.Equal(4, client.Count(line => line == "agreed idle timeout: 1 s"));
        Assert.Equal(3, client.Count(line => line == "logged in: account 1001"));
        Assert.Equal(1, client.Count(line => line == "not logged in: unknown user or wrong token"));
        Assert.Equal(7, client.Count(line => line.StartsWith("balance 125", StringComparison.Ordinal)));

        Assert.Equal(
            ["session ended: closed by this end", "session ended: idle timeout", "session ended: closed by this end", "session ended: closed by this end"],
            client.Where(line => line.StartsWith("session ended: ", StringComparison.Ordinal)));

        var refused = client.Where(line => line.StartsWith("refused: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, refused.Count);
        Assert.Contains("UnknownCa", refused[0]);
        Assert.Contains("other.example", refused[1]);
        Assert.All(refused, line => Assert.StartsWith("refused: UntrustedPeer: ", line));
    }

    [Fact]
    public async Task The_server_tells_its_side()
    {
        var tour = await RunAsync("--handshake", "key-transport", "--idle-timeout", "1");
        var server = Of("server", tour);
        Assert.Contains(server, line => line.StartsWith("listening on port ", StringComparison.Ordinal));
        Assert.Contains("session ended: closed by the peer", server);
        Assert.Contains("session ended: idle timeout", server);
        Assert.Equal(2, server.Count(line => line.StartsWith("a handshake failed: AlertReceived: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Help_is_help()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--handshake NAME", help.Output);
    }

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("--port", "65536")]
    [InlineData("client", "--authority", "x")]
    [InlineData("surprise")]
    public async Task What_is_not_understood_is_said_with_the_help(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--handshake NAME", run.Output);
    }

    [Fact]
    public async Task A_client_without_a_server_fails_with_one_line()
    {
        var missing = Path.Combine(AppContext.BaseDirectory, "no-authority.pem");
        var run = await RunAsync("client", "--port", "1", "--authority", missing);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"failed: there is no authority's certificate in {missing}: start the server first, or name the file with --authority.", Assert.Single(run.Lines));
    }

    private static async Task<List<string>> ClientLinesAsync(string handshake)
    {
        var tour = await RunAsync("--handshake", handshake, "--idle-timeout", "1");
        Assert.True(tour.ExitCode == 0, tour.Output);
        return Of("client", tour);
    }

    private static List<string> Of(string process, Command tour) =>
        [.. tour.Lines.Where(line => line.StartsWith($"{process} | ", StringComparison.Ordinal)).Select(line => line[(process.Length + 3)..].Trim())];

    private static Task<Command> RunAsync(params string[] arguments) =>
        Command.DotnetAsync(AppContext.BaseDirectory, null, [Path.Combine(AppContext.BaseDirectory, "Bank.dll"), .. arguments]);
}
