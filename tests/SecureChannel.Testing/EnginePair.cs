using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>Two engines that exchange bytes in memory, with a clock that only the test advances.</summary>
public sealed class EnginePair : IDisposable
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public EnginePair(HandshakeProtocol protocol, ClientHandshakeParameters client, ServerHandshakeParameters server)
        : this(protocol.Records, protocol.CreateClient(client), protocol.CreateServer(server))
    {
    }

    public EnginePair(RecordFormat records, HandshakeMachine client, HandshakeMachine server)
    {
        Client = new EngineEnd(new ChannelEngine(client, records, HandshakeTimeout, Observe));
        Server = new EngineEnd(new ChannelEngine(server, records, HandshakeTimeout, Observe));
    }

    public EngineEnd Client { get; }

    public EngineEnd Server { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets the transitions of both endpoints in order.</summary>
    public List<HandshakeProgress> Steps { get; } = [];

    /// <summary>Gets or sets the observer of the transitions of both endpoints, or null.</summary>
    public Action<HandshakeProgress>? Observer { get; set; }

    /// <summary>Gets or sets the method that changes sent bytes before they are delivered.</summary>
    public Func<Role, byte[], byte[]> Alter { get; set; } = (_, bytes) => bytes;

    /// <summary>Gets all bytes that each endpoint sent, before they were changed.</summary>
    public Dictionary<Role, List<byte>> Sent { get; } = new() { [Role.Client] = [], [Role.Server] = [] };

    public bool IsEstablished => Client.IsEstablished && Server.IsEstablished;

    public EngineEnd this[Role role] => role == Role.Client ? Client : Server;

    public EnginePair Start()
    {
        Client.Engine.Start(Now, Client.Output);
        Server.Engine.Start(Now, Server.Output);

        // A client that resumes a session first verifies the server's certificates again.
        Client.Deliver([], Now);
        return this;
    }

    /// <summary>Delivers bytes in both directions until both endpoints have no more output.</summary>
    /// <param name="chunk">The maximum number of bytes that are delivered at once.</param>
    public EnginePair Run(int chunk = int.MaxValue)
    {
        while (Carry(Role.Client, chunk) | Carry(Role.Server, chunk))
        {
        }

        return this;
    }

    /// <summary>Delivers the output of one endpoint to the other.</summary>
    /// <returns>True if there was output; otherwise, false.</returns>
    public bool Carry(Role from, int chunk = int.MaxValue)
    {
        var bytes = this[from].TakeOutput();
        Sent[from].AddRange(bytes);
        foreach (var part in Alter(from, bytes).Chunk(chunk))
            this[1 - from].Deliver(part, Now);
        return bytes.Length > 0;
    }

    /// <summary>Sends application data from an endpoint.</summary>
    public void Write(Role from, params ReadOnlySpan<byte> data)
    {
        this[from].Engine.Write(data, Now, this[from].Output);
        this[from].Engine.RestartIdleTimeout(Now);
    }

    /// <summary>Advances the clock and calls Tick on both engines.</summary>
    public void Wait(TimeSpan time)
    {
        Now += time;
        Client.Engine.Tick(Now, Client.Output);
        Server.Engine.Tick(Now, Server.Output);
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private void Observe(HandshakeProgress progress)
    {
        Steps.Add(progress);
        Observer?.Invoke(progress);
    }
}
