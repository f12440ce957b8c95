using System.Net;
using System.Net.Sockets;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>What carries the packets: a session, as on port 8883, or bare TCP, as on port 1883.</summary>
internal static class Connections
{
    /// <summary>Serves the clients that connect, until the process ends or it is stopped.</summary>
    public static Task ServeAsync(Broker broker, SampleOptions options, CancellationToken stop) => IsPlain(options)
        ? ServePlainAsync(broker, options.Port, stop)
        : SampleServer.RunAsync(options, null, session => ServeAsync(broker, session));

    /// <summary>Serves one client over a session.</summary>
    public static async Task ServeAsync(Broker broker, [InState(SessionState.Established)] SecureSession session)
    {
        await using var channel = Over(session);
        await broker.ServeAsync(channel);
    }

    /// <summary>Connects to a broker, ours or another.</summary>
    public static async Task<StreamChannel> ConnectAsync(SampleOptions options)
    {
        var host = options.Value("--host", "127.0.0.1");
        if (!IsPlain(options))
            return Over(await SampleServer.ConnectAsync(options, null, host, options.Value("--name", SampleServer.Name)));
        if (options.Port == 0)
            throw new ArgumentException("A client needs --port.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, options.Port);
        return Over(socket);
    }

    /// <summary>A session as a channel in MQTT's framing.</summary>
    public static StreamChannel Over([InState(SessionState.Established)] SecureSession session) => new(session.AsStream(), new MqttFraming());

    private static StreamChannel Over(Socket socket) => new(new NetworkStream(socket, ownsSocket: true), new MqttFraming());

    private static bool IsPlain(SampleOptions options) => options.Value("--wire", "session") switch
    {
        "plain" => true,
        "session" => false,
        var other => throw new ArgumentException($"--wire takes session or plain, not {other}."),
    };

    private static async Task ServePlainAsync(Broker broker, int port, CancellationToken stop)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Console.WriteLine($"listening on port {((IPEndPoint)listener.LocalEndPoint!).Port}, neither authentic nor private");
        while (true)
            _ = ServeAsync(broker, await listener.AcceptAsync(stop));
    }

    private static async Task ServeAsync(Broker broker, Socket socket)
    {
        await using var channel = Over(socket);
        try
        {
            await broker.ServeAsync(channel);
            Console.WriteLine("a client has disconnected");
        }
        catch (SessionException failure)
        {
            Console.WriteLine($"a connection has failed: {failure.Error}");
        }
    }
}
