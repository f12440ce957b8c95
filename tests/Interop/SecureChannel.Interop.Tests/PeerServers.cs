using System.Net;
using System.Net.Sockets;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>The servers of other implementations. Each is started once and runs until the last test.</summary>
public sealed class PeerServers(InteropFolder folder) : IAsyncDisposable
{
    private readonly Dictionary<string, Task<(ExternalProgram Program, int Port)>> _started = [];

    public static TheoryData<string> Names => ["openssl", "gnutls", "java", "node", "python"];

    /// <summary>Gets the port of a server that echoes the received data (openssl echoes each line reversed).</summary>
    public async Task<int> PortOfAsync(string name, string kind = "p256", params string[] more)
    {
        Task<(ExternalProgram, int Port)>? start;
        lock (_started)
        {
            var key = string.Join(' ', [name, kind, .. more]);
            if (!_started.TryGetValue(key, out start))
                _started[key] = start = StartAsync(name, kind, more);
        }

        return (await start).Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var start in _started.Values.Where(start => start.IsCompletedSuccessfully))
            await (await start).Program.DisposeAsync();
    }

    private async Task<(ExternalProgram Program, int Port)> StartAsync(string name, string kind, string[] more)
    {
        var (certificate, key) = (folder.CertificateOf(kind), folder.KeyOf(kind));
        string[] common = ["serve", "--port", "0", "--cert", certificate, "--key", key, "--alpn", "other/1,bank/1"];
        var freePort = GetFreePort();
        var (program, arguments, ready) = name switch
        {
            "openssl" => ("openssl",
                (string[])["s_server", "-accept", $"127.0.0.1:{freePort}", "-cert", certificate, "-key", key, "-tls1_3", "-rev", "-alpn", "bank/1", .. more], "^ACCEPT"),
            "gnutls" => ("gnutls-serv",
                ["--echo", "-p", $"{freePort}", "--x509certfile", certificate, "--x509keyfile", key, "--alpn", "bank/1", "--priority", .. more is [] ? ["NORMAL:-VERS-ALL:+VERS-TLS1.3:+GROUP-ALL"] : more],
                "listening on IPv4.*done"),
            "java" => ("java", [.. await folder.JavaPeerAsync(), .. common, "--echo", .. more], "\"listening\":(\\d+)"),
            "node" => ("node", [InteropFolder.Script("peer.js"), .. common, "--echo", .. more], "\"listening\":(\\d+)"),
            "go" => (await folder.GoPeerAsync(), [.. common, "--echo", .. more], "\"listening\":(\\d+)"),
            "python" => ("python3", [InteropFolder.Script("peer.py"), .. common, "--echo", .. more], "\"listening\": ?(\\d+)"),
            _ => throw new ArgumentException(name, nameof(name)),
        };
        var server = ExternalProgram.Start(Path.IsPathRooted(program) ? program : Programs.Require(program), folder.Path, arguments);
        var match = await server.WaitForOutputAsync(ready);
        return (server, match.Groups.Count > 1 ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : freePort);
    }

    private static int GetFreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
