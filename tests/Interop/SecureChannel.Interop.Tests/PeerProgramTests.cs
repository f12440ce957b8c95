using System.Text.Json;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>The peer program, started like a user starts it.</summary>
public sealed class PeerProgramTests(InteropFolder folder)
{
    private static readonly string Peer = Path.Combine(AppContext.BaseDirectory, "Peer.dll");

    [Fact]
    public async Task Server_echoes_to_several_sessions_and_writes_a_line_for_each()
    {
        Programs.Require("openssl");
        await using var server = ExternalProgram.Start("dotnet", folder.Path,
            Peer, "serve", "--port", "0", "--cert", "p256.pem", "--key", "p256.key", "--alpn", "bank/2,bank/1", "--groups", "secp384r1", "--echo");
        var port = (await server.WaitForOutputAsync("""^{"listening":(\d+)}$""")).Groups[1].Value;
        var client = await RunAsync("connect", $"localhost:{port}", "--ca", "root.pem", "--alpn", "bank/1", "--suites", "TLS_CHACHA20_POLY1305_SHA256", "--bulk", "300000", "--times", "2");
        Assert.True(client.ExitCode == 0, client.Output);
        Assert.Equal(2, client.Lines.Length);
        Assert.All(client.Lines, line => AssertLine(line, "client", 300_000));
        await server.WaitForOutputAsync("(?s)close_notify.*close_notify");
        Assert.All(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..], line => AssertLine(line, "server", 300_000));
    }

    [Fact]
    public async Task Server_sends_a_page_with_the_negotiated_parameters()
    {
        Programs.Require("openssl");
        await using var server = ExternalProgram.Start("dotnet", folder.Path, Peer, "serve", "--port", "0", "--cert", "ed25519.pem", "--key", "ed25519.key", "--www");
        var port = (await server.WaitForOutputAsync("""^{"listening":(\d+)}$""")).Groups[1].Value;
        var client = await RunAsync("connect", $"127.0.0.1:{port}", "--ca", "root.pem", "--name", InteropFolder.ServerName, "--get", "/page", "--suites", "TLS_AES_128_GCM_SHA256");
        Assert.True(client.ExitCode == 0, client.Output);
        var text = JsonDocument.Parse(client.Lines.Single()).RootElement.GetProperty("text").GetString()!;
        Assert.StartsWith("HTTP/1.0 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains("suite: TLS_AES_128_GCM_SHA256\n", text, StringComparison.Ordinal);
        Assert.Contains("group: X25519MLKEM768\nsignature: ed25519\n", text, StringComparison.Ordinal);
        Assert.Contains("request: GET /page HTTP/1.0\n", text, StringComparison.Ordinal);

        var refused = await RunAsync("connect", $"127.0.0.1:{port}", "--ca", "root.pem", "--name", "evil.example", "--send", "x");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("UntrustedPeer: The certificate 'CN=bank.example' is not valid for 'evil.example'", refused.Output, StringComparison.Ordinal);
        await server.WaitForOutputAsync("AlertReceived: The peer ended the session with the alert CertificateUnknown");
    }

    [Fact]
    public async Task Server_requires_a_certificate_of_the_client()
    {
        Programs.Require("openssl");
        await using var server = ExternalProgram.Start("dotnet", folder.Path, Peer, "serve", "--port", "0", "--cert", "p256.pem", "--key", "p256.key", "--client-ca", "root.pem");
        var port = (await server.WaitForOutputAsync("""^{"listening":(\d+)}$""")).Groups[1].Value;
        var client = await RunAsync("connect", $"localhost:{port}", "--ca", "root.pem", "--cert", "client-p384.pem", "--key", "client-p384.key", "--send", "x");
        Assert.True(client.ExitCode == 0, client.Output);
        await server.WaitForOutputAsync("\"peer\":\"CN=device p384\"");

        var refused = await RunAsync("connect", $"localhost:{port}", "--ca", "root.pem", "--send", "x");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("AlertReceived: The peer ended the session with the alert CertificateRequired", refused.Output, StringComparison.Ordinal);
        await server.WaitForOutputAsync("The client sent no certificate");
    }

    [Theory]
    [InlineData("The command must be 'serve' or 'connect', not 'listen'.", "listen")]
    [InlineData("'serve' requires --cert.", "serve", "--port", "0")]
    [InlineData("'connect' requires HOST:PORT.", "connect", "--ca", "root.pem")]
    [InlineData("'--frobnicate' is not a valid option of 'serve'.", "serve", "--frobnicate", "1")]
    [InlineData("'--client-ca' is not a valid option of 'connect'.", "connect", "a:1", "--client-ca", "x")]
    [InlineData("'connect' requires --key.", "connect", "a:1", "--ca", "root.pem", "--cert", "x")]
    [InlineData("'x448' is not supported. Use one of X25519MLKEM768, x25519, secp256r1, secp384r1, secp521r1.", "connect", "a:1", "--groups", "x25519,x448")]
    [InlineData("'--port' must be a number from 0 to 65535, not '70000'.", "serve", "--port", "70000")]
    public async Task Invalid_command_line_is_rejected_with_the_reason(string reason, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal([$"peer: {reason}", "peer: --help lists the options."], run.Lines);
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        foreach (var option in new[] { "--port", "--cert", "--key", "--alpn", "--groups", "--suites", "--www", "--echo", "--ca", "--name", "--send", "--get", "--keylog" })
            Assert.Contains(option, help.Output, StringComparison.Ordinal);
    }

    private static void AssertLine(string line, string role, int received)
    {
        var session = JsonDocument.Parse(line).RootElement;
        Assert.Equal(role, session.GetProperty("role").GetString());
        Assert.Equal("tls/1.3", session.GetProperty("protocol").GetString());
        Assert.Equal("TLS_CHACHA20_POLY1305_SHA256", session.GetProperty("suite").GetString());
        Assert.Equal("secp384r1", session.GetProperty("group").GetString());
        Assert.Equal("ecdsa_secp256r1_sha256", session.GetProperty("signature").GetString());
        Assert.Equal("bank/1", session.GetProperty("alpn").GetString());
        Assert.Equal(received, session.GetProperty("received").GetInt64());
        Assert.Equal("close_notify", session.GetProperty("end").GetString());
    }

    private Task<Command> RunAsync(params string[] arguments) => Command.RunAsync("dotnet", folder.Path, null, [Peer, .. arguments]);
}
