using System.Net;
using System.Net.Sockets;
using Samples.Common;
using SecureChannel;
using SecureChannel.CodeAnalysis;
using SecureChannel.Protocols;

namespace Samples.Mqtt311;

/// <summary>The transports of the packets: a secure session, as on port 8883, or plain TCP, as on port 1883.</summary>
internal static class Connections
{
    /// <summary>Serves clients until the token is canceled.</summary>
    public static Task ServeAsync(Broker broker, SampleOptions options, CancellationToken stop) => IsPlain(options)
        ? ServePlainAsync(broker, options.Port, stop)
        : SampleServer.RunAsync(options, null, (session, ended) => ServeAsync(broker, session, ended), stop);

    /// <summary>Serves one client over a session.</summary>
    public static async Task ServeAsync(Broker broker, [InState(SessionState.Established)] SecureSession session, CancellationToken cancellationToken)
    {
        await using var channel = CreateChannel(session);
        await broker.ServeAsync(channel, cancellationToken);
    }

    /// <summary>Connects to a broker: this sample's, or any other.</summary>
    public static async Task<StreamChannel> ConnectAsync(SampleOptions options)
    {
        var host = options.GetValue("--host", "127.0.0.1");
        if (!IsPlain(options))
            return CreateChannel(await SampleClient.ConnectAsync(options, null, host, options.GetValue("--name", SampleServer.Name)));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, options.GetClientPort());
        return CreateChannel(socket, Role.Client);
    }

    /// <summary>Creates a channel with the framing of MQTT over a session.</summary>
    public static StreamChannel CreateChannel([InState(SessionState.Established)] SecureSession session) => new(session.AsStream(), session.Role, new MqttFraming());

    private static StreamChannel CreateChannel(Socket socket, Role role) => new(new NetworkStream(socket, ownsSocket: true), role, new MqttFraming());

    private static bool IsPlain(SampleOptions options) => options.GetValue("--transport", "session") switch
    {
        "plain" => true,
        "session" => false,
        _ => throw new ArgumentException("'--transport' must be 'session' or 'plain'."),
    };

    private static async Task ServePlainAsync(Broker broker, int port, CancellationToken stop)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Console.WriteLine($"listening on port {((IPEndPoint)listener.LocalEndPoint!).Port}, NOT secured");
        try
        {
            while (true)
                _ = ServeAsync(broker, await listener.AcceptAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The broker was stopped.
        }
    }

    private static async Task ServeAsync(Broker broker, Socket socket)
    {
        await using var channel = CreateChannel(socket, Role.Server);
        try
        {
            await broker.ServeAsync(channel);
            Console.WriteLine("client disconnected");
        }
        catch (SessionException failure)
        {
            Console.WriteLine($"connection failed: {failure.Error}");
        }
    }
}
