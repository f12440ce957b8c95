using SecureChannel.Testing;

namespace Bank.Tests;

/// <summary>The program, started like a user starts it.</summary>
public sealed class ProgramTests() : SampleProgramTests("Bank")
{
    [Fact]
    public async Task KeyTransport_shows_the_seven_steps_of_the_textbook()
    {
        var client = await RunClientAsync("key-transport");
        string[] steps =
        [
            "step 1: requested a secure connection",
            "step 2: received the server's certificate",
            "step 3: verified it with the authority's public key",
            "step 4: generated an ephemeral symmetric key",
            "step 5: encrypted it with the server's public key",
            "step 6: sent the encrypted key",
            "step 7: received the acknowledgment; both endpoints use keys derived from the ephemeral key",
        ];
        Assert.Equal(steps, client.Where(line => line.StartsWith("step ", StringComparison.Ordinal)).Take(7));
    }

    [Theory]
    [InlineData("tls", "secured by tls/1.3, TLS_")]
    [InlineData("key-transport", "secured by key-transport/1, TLS_")]
    [InlineData("sslstream", "secured by ")]
    public async Task Client_completes_four_sessions_and_refuses_two_servers(string handshake, string secured)
    {
        var client = await RunClientAsync(handshake);

        Assert.Equal(4, client.Count(line => line.StartsWith(secured, StringComparison.Ordinal)));
        Assert.Equal(4, client.Count(line => line == "peer: bank.example"));
        Assert.Equal(4, client.Count(line => line == "negotiated idle timeout: 1 s"));
        Assert.Equal(3, client.Count(line => line == "logged in: account 1001"));
        Assert.Equal(1, client.Count(line => line == "login rejected: unknown user or wrong token"));
        Assert.Equal(7, client.Count(line => line.StartsWith("balance 125", StringComparison.Ordinal)));

        Assert.Equal(
            ["session ended: closed by the local endpoint", "session ended: idle timeout", "session ended: closed by the local endpoint", "session ended: closed by the local endpoint"],
            client.Where(line => line.StartsWith("session ended: ", StringComparison.Ordinal)));

        var refused = client.Where(line => line.StartsWith("refused: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, refused.Count);
        Assert.Contains("UnknownCa", refused[0]);
        Assert.Contains("other.example", refused[1]);
        Assert.All(refused, line => Assert.StartsWith("refused: UntrustedPeer: ", line));
    }

    [Fact]
    public async Task Server_shows_how_its_sessions_and_handshakes_ended()
    {
        var demo = await RunAsync("--handshake", "key-transport", "--idle-timeout", "1");
        var server = LinesOf("server", demo);
        Assert.Contains(server, line => line.StartsWith("listening on port ", StringComparison.Ordinal));
        Assert.Contains("session ended: closed by the peer", server);
        Assert.Contains("session ended: idle timeout", server);
        Assert.Equal(2, server.Count(line => line.StartsWith("handshake failed: AlertReceived: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--handshake", "none")]
    [InlineData("--port", "65536")]
    [InlineData("--idle-timeout", "0")]
    [InlineData("client", "--authority", "x")]
    [InlineData("unknown")]
    public Task Invalid_command_line_shows_the_help(params string[] arguments) => AssertUsageErrorAsync(arguments);

    [Fact]
    public async Task Client_without_an_authority_file_fails_with_a_single_line()
    {
        var missing = Path.Combine(AppContext.BaseDirectory, "no-authority.pem");
        var run = await RunAsync("client", "--port", "1", "--authority", missing);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"failed: '{missing}' does not exist. Start the server first, or name its authority file with '--authority'.", Assert.Single(run.Lines));
    }

    private async Task<List<string>> RunClientAsync(string handshake)
    {
        var demo = await RunAsync("--handshake", handshake, "--idle-timeout", "1");
        Assert.True(demo.ExitCode == 0, demo.Output);
        return LinesOf("client", demo);
    }

    private static List<string> LinesOf(string process, Command demo) =>
        [.. demo.Lines.Where(line => line.StartsWith($"{process} | ", StringComparison.Ordinal)).Select(line => line[(process.Length + 3)..].Trim())];
}
