using SecureChannel.Cryptography;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>Client certificates with other implementations, in both roles of this library.</summary>
public sealed class ClientCertificateInteropTests(InteropFolder folder, PeerServers servers) : IClassFixture<PeerServers>
{
    private const string Text = "hello from the client";

    private static readonly string[] Messages =
    [
        "ClientHello", "ServerHello", "EncryptedExtensions", "CertificateRequest", "Certificate", "CertificateVerify", "Finished", "Certificate", "CertificateVerify", "Finished",
    ];

    public static TheoryData<string> Clients => ["openssl", "gnutls", "go", "java", "node", "python", "curl"];

    public static TheoryData<string> Servers => ["openssl", "gnutls", "go", "java", "node", "python"];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Server_identifies_every_client_by_a_certificate_with_every_kind_of_key(string client)
    {
        using var identity = ServerIdentity();
        foreach (var kind in KindsOfKeys(client))
        {
            await using var server = new EchoServer(identity, protocols: ["bank/1", "http/1.1", "http/1.0"], clientTrust: folder.Trust);
            var output = await RunAsync(client, server.Port, kind);
            var served = await server.NextAsync();

            Assert.True(served.Error is null, $"{client} {kind}: {served.Error}\n{output}");
            Assert.Equal($"CN=device {kind}", served.Client!.Certificate!.Subject);
            Assert.True(served.Negotiated!.IsClientAuthenticated);
            Assert.Equal(Messages, served.Messages.Take(Messages.Length));
            Assert.Contains(client == "curl" ? "GET /page HTTP" : Text, served.Received, StringComparison.Ordinal);
            Assert.Contains(client switch { "openssl" or "gnutls" => Text, "curl" => served.Negotiated.CipherSuite!.Value.Name, _ => "close_notify" }, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Every_client_without_a_certificate_is_refused_with_certificate_required(string client)
    {
        using var identity = ServerIdentity();
        await using var server = new EchoServer(identity, protocols: ["bank/1", "http/1.1", "http/1.0"], clientTrust: folder.Trust);
        var output = await RunAsync(client, server.Port, null);
        var served = await server.NextAsync();

        Assert.Equal((SessionErrorCode.CertificateMissing, AlertDescription.CertificateRequired), (served.Error!.Code, served.Error.Alert));
        Assert.Matches("(?i)certificate[ _]?(is )?required|certificate_required|alert number 116|unknown alert|\\(116\\)", output);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Client_identifies_itself_to_every_server_with_every_kind_of_key(string server)
    {
        var port = await PortOfAsync(server);
        foreach (var kind in KindsOfKeys(server))
        {
            using var identity = CertificateIdentity.FromPemFile(folder.ClientCertificateOf(kind), folder.ClientKeyOf(kind));
            await using var session = await Endpoints.ConnectAsync(port, Endpoints.Client(folder) with { Identity = identity });
            Assert.True(session.IsClientAuthenticated, $"{server} {kind}");

            // openssl and gnutls echo lines and do not end with the client.
            if (server is "openssl" or "gnutls")
            {
                await session.AsStream().WriteAsync("abc\n"u8.ToArray());
                Assert.Equal(server == "openssl" ? "cba\n" : "abc\n", await Endpoints.ReadAsync(session, 4));
            }
            else
            {
                Assert.Equal(Text, await Endpoints.ExchangeAsync(session, Text));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Client_without_an_identity_learns_with_its_first_read_that_a_server_refused_it(string server)
    {
        await using var session = await Endpoints.ConnectAsync(await PortOfAsync(server), Endpoints.Client(folder));
        Assert.False(session.IsClientAuthenticated);
        var failure = await Assert.ThrowsAsync<SessionException>(() => Endpoints.ReadAsync(session, 1));

        // A JDK and Go send bad_certificate, as in TLS 1.2.
        Assert.Equal(SessionErrorKind.AlertReceived, failure.Error.Kind);
        Assert.Contains(failure.Error.Alert, (AlertDescription[])[AlertDescription.CertificateRequired, AlertDescription.BadCertificate]);
    }

    // Go does not support keys with the object identifier id-RSASSA-PSS.
    private static IEnumerable<string> KindsOfKeys(string peer) => InteropFolder.KindsOfKeys.Where(kind => (peer, kind) is not ("go", "rsa-pss"));

    private Task<int> PortOfAsync(string server) => server switch
    {
        "openssl" => servers.PortOfAsync(server, "p256", "-Verify", "1", "-verify_return_error", "-CAfile", folder.Authority),
        "gnutls" => servers.PortOfAsync(server, "p256", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+GROUP-ALL", "--require-client-cert", "--verify-client-cert", "--x509cafile", folder.Authority),
        _ => servers.PortOfAsync(server, "p256", "--client-auth", "--ca", folder.Authority),
    };

    private CertificateIdentity ServerIdentity()
    {
        Programs.Require("openssl");
        return CertificateIdentity.FromPemFile(folder.CertificateOf("p256"), folder.KeyOf("p256"));
    }

    // Runs a client that presents a certificate, or none, sends the text and waits for its echo. A client that is refused fails.
    private async Task<string> RunAsync(string client, int port, string? kind)
    {
        string[] files = kind is null ? [] : [folder.ClientCertificateOf(kind), folder.ClientKeyOf(kind)];
        string[] common =
        [
            "connect", $"127.0.0.1:{port}", "--ca", folder.Authority, "--name", InteropFolder.ServerName, "--alpn", "bank/1", "--send", Text + "\n",
            .. kind is null ? [] : (string[])["--cert", files[0], "--key", files[1]],
        ];
        var (program, arguments) = client switch
        {
            "openssl" => ("openssl",
                (string[])["s_client", "-connect", $"127.0.0.1:{port}", "-servername", InteropFolder.ServerName, "-CAfile", folder.Authority, "-alpn", "bank/1", "-tls1_3",
                    .. kind is null ? [] : (string[])["-cert", files[0], "-key", files[1]]]),
            "gnutls" => ("gnutls-cli",
                ["-p", $"{port}", "--x509cafile", folder.Authority, "--sni-hostname", InteropFolder.ServerName, "--verify-hostname", InteropFolder.ServerName, "--alpn", "bank/1",
                    "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+GROUP-ALL", .. kind is null ? [] : (string[])["--x509certfile", files[0], "--x509keyfile", files[1]], "127.0.0.1"]),
            "curl" => ("curl",
                ["-sS", "--cacert", folder.Authority, "--max-time", "60", "--resolve", $"{InteropFolder.ServerName}:{port}:127.0.0.1",
                    .. kind is null ? [] : (string[])["--cert", files[0], "--key", files[1]], $"https://{InteropFolder.ServerName}:{port}/page"]),
            "go" => (await folder.GoPeerAsync(), common),
            "java" => ("java", [.. await folder.JavaPeerAsync(), .. common]),
            "node" => ("node", [InteropFolder.Script("peer.js"), .. common]),
            _ => ("python3", [InteropFolder.Script("peer.py"), .. common]),
        };
        if (client is not ("openssl" or "gnutls"))
            return (await Command.RunAsync(Path.IsPathRooted(program) ? program : Programs.Require(program), folder.Path, null, arguments)).Output;

        // These two copy their input to the peer and received data to their output.
        await using var running = ExternalProgram.Start(Programs.Require(program), folder.Path, arguments);
        await running.WaitForOutputAsync(client == "openssl" ? "Verify return code" : "Handshake was completed");
        await running.WriteInputAsync(Text + "\n");
        if (kind is not null)
            await running.WaitForOutputAsync(Text);
        running.CloseInput();
        await running.WaitForExitAsync();
        return running.Output;
    }
}
