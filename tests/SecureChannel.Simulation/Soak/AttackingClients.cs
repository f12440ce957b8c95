using System.Net;
using System.Net.Sockets;

namespace SecureChannel.Simulation;

/// <summary>Attackers that open connections and send nothing.</summary>
/// <param name="target">The endpoint of the listener.</param>
/// <param name="stop">Ends the attack.</param>
internal sealed class AttackingClients(EndPoint target, CancellationToken stop)
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    private long _connections;

    /// <summary>Gets the number of connections that were opened.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Holds a connection open, and opens it again a second after it was closed.</summary>
    public async Task HoldAsync(IPAddress address)
    {
        while (!stop.IsCancellationRequested)
        {
            await OpenAsync(address);
            await Task.Delay(ReconnectDelay, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Opens connections at a rate, and holds each open until it is closed.</summary>
    public async Task FloodAsync(IPAddress address, int perSecond)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / perSecond);
        var open = new List<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                open.RemoveAll(connection => connection.IsCompleted);
                open.Add(OpenAsync(address));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task OpenAsync(IPAddress address)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(target, stop);
            Interlocked.Increment(ref _connections);
            var buffer = new byte[64];
            while (await socket.ReceiveAsync(buffer, stop) > 0)
            {
                // An alert precedes the end.
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The listener refused or reset the connection, or the attack is over.
        }
    }
}
