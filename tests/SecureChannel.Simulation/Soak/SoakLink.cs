using System.Net;
using System.Net.Sockets;

namespace SecureChannel.Simulation;

/// <summary>A connection between the two endpoints of a pair.</summary>
internal abstract class SoakLink
{
    /// <summary>Creates the session of an endpoint, which owns its side of the connection.</summary>
    public abstract SecureSession CreateSession(Role role, SecureSessionOptions options);

    /// <summary>Resets the connection.</summary>
    public abstract void Reset(Role role);

    /// <summary>Ends the data that an endpoint sends, without close_notify.</summary>
    public abstract void Cut(Role role);

    /// <summary>Loses everything from now on, in both directions, without an end.</summary>
    public virtual void Silence() => throw new NotSupportedException("Only a pipe can be silenced.");

    /// <summary>Waits until both sessions have closed their sides.</summary>
    /// <returns>True if they have; otherwise, false.</returns>
    public abstract Task<bool> WaitForCloseAsync(TimeSpan limit);
}

/// <summary>A connection over sockets on loopback.</summary>
internal sealed class SoakSocketLink : SoakLink
{
    private static readonly SemaphoreSlim Connecting = new(1);
    private static readonly Socket Listener = Listen();

    private readonly SoakPlan _plan;
    private readonly Action<string> _report;
    private readonly Socket _client;
    private readonly Socket _server;

    private SoakSocketLink(SoakPlan plan, Action<string> report, Socket client, Socket server) =>
        (_plan, _report, _client, _server) = (plan, report, client, server);

    /// <summary>Connects two sockets.</summary>
    public static async Task<SoakSocketLink> ConnectAsync(SoakPlan plan, Action<string> report)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // The next accepted socket must be the peer of the socket that connects.
        await Connecting.WaitAsync();
        try
        {
            await client.ConnectAsync(Listener.LocalEndPoint!);
            return new(plan, report, client, await Listener.AcceptAsync());
        }
        finally
        {
            Connecting.Release();
        }
    }

    public override SecureSession CreateSession(Role role, SecureSessionOptions options)
    {
        var socket = SocketOf(role);
        return _plan.Transport == SoakTransport.Socket
            ? SecureSession.Create(socket, options)
            : SecureSession.Create(new SoakStream(new NetworkStream(socket, ownsSocket: true), _plan, role, _report), options);
    }

    // A zero linger time makes the socket send a reset.
    public override void Reset(Role role) => SocketOf(role).Close(0);

    public override void Cut(Role role)
    {
        try
        {
            SocketOf(role).Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The session has closed the socket.
        }
    }

    public override async Task<bool> WaitForCloseAsync(TimeSpan limit)
    {
        for (var waited = TimeSpan.Zero; waited < limit; waited += SoakPair.PollInterval)
        {
            if (_client.SafeHandle.IsClosed && _server.SafeHandle.IsClosed)
                return true;
            await Task.Delay(SoakPair.PollInterval);
        }
        return false;
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        return listener;
    }

    private Socket SocketOf(Role role) => role == Role.Client ? _client : _server;
}
