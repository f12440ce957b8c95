using System.Net;
using System.Net.Sockets;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Two streams that are connected by TCP over the loopback interface.</summary>
internal static class TcpLink
{
    private static readonly TcpListener Listener = Listen();

    public static async Task<(Stream Client, Stream Server)> CreateAsync()
    {
        var (client, server) = await CreateSocketsAsync().ConfigureAwait(false);
        return (new NetworkStream(client, ownsSocket: true), new NetworkStream(server, ownsSocket: true));
    }

    public static async Task<(Socket Client, Socket Server)> CreateSocketsAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = Listener.AcceptSocketAsync();
        await client.ConnectAsync(Listener.LocalEndpoint).ConfigureAwait(false);
        var server = await accepting.ConfigureAwait(false);
        server.NoDelay = true;
        return (client, server);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        return listener;
    }
}
