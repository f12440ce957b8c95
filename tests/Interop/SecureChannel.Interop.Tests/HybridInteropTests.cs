using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>
/// X25519MLKEM768 with Node, in both roles. Node 24 and later contain OpenSSL 3.5. The environment variable SECURECHANNEL_HYBRID_NODE can name its program; the
/// default is the program <c>node</c> in the path. Without the group, the tests are skipped.
/// </summary>
public sealed class HybridInteropTests(InteropFolder folder)
{
    private const NamedGroup Hybrid = NamedGroup.X25519MLKem768;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_exchanges_data_with_a_hybrid_server(bool isRetried)
    {
        var node = await RequireHybridNodeAsync();
        await using var server = ExternalProgram.Start(
            node, folder.Path, [InteropFolder.Script("peer.js"), "serve", "--port", "0", "--cert", folder.CertificateOf("p256"), "--key", folder.KeyOf("p256"), "--echo", "--groups", Hybrid.Name]);
        var match = await server.WaitForOutputAsync("\"listening\":(\\d+)");
        var port = int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        await using var session = await Endpoints.ConnectAsync(port, Endpoints.Client(folder, shares: isRetried ? [NamedGroup.X25519] : null));
        Assert.Equal(((NamedGroup?)Hybrid, isRetried), (session.Negotiated!.Group, session.Negotiated.IsRetried));
        var text = string.Concat(Enumerable.Repeat("data in both directions ", 4_000));
        Assert.Equal(text, await Endpoints.ExchangeAsync(session, text));
    }

    [Theory]
    [InlineData("X25519MLKEM768", false)]
    [InlineData("X25519MLKEM768:X25519", false)]
    [InlineData("X25519:X25519MLKEM768", true)]
    public async Task Server_exchanges_data_with_a_hybrid_client(string groups, bool isRetried)
    {
        var node = await RequireHybridNodeAsync();
        using var identity = CertificateIdentity.FromPemFile(folder.CertificateOf("p256"), folder.KeyOf("p256"));
        await using var server = new EchoServer(identity);
        await using var client = ExternalProgram.Start(
            node, folder.Path,
            [InteropFolder.Script("peer.js"), "connect", $"127.0.0.1:{server.Port}", "--ca", folder.Authority, "--name", InteropFolder.ServerName, "--groups", groups, "--bulk", "300000"]);
        var served = await server.NextAsync();
        Assert.Null(served.Error);
        Assert.Equal(((NamedGroup?)Hybrid, isRetried), (served.Negotiated!.Group, served.Negotiated.IsRetried));
        Assert.Equal(300_000, served.Received.Length);
    }

    private static async Task<string> RequireHybridNodeAsync()
    {
        var node = Environment.GetEnvironmentVariable("SECURECHANNEL_HYBRID_NODE");
        if (node is null)
            Programs.TryFind("node", out node);
        Assert.SkipWhen(node is null, "Node is not installed.");
        await using var version = ExternalProgram.Start(node, Environment.CurrentDirectory, ["-p", "'openssl ' + process.versions.openssl"]);
        var match = await version.WaitForOutputAsync("openssl (\\d+)\\.(\\d+)");
        var (major, minor) = (int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.SkipUnless(major > 3 || (major == 3 && minor >= 5), "Node contains an OpenSSL without X25519MLKEM768. Set SECURECHANNEL_HYBRID_NODE to Node 24 or later.");
        return node!;
    }
}
