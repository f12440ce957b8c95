using SecureChannel.Handshakes;

namespace SecureChannel.Testing;

/// <summary>Two engines joined by memory, in a time that stands still unless a test moves it.</summary>
public sealed class EnginePair : IDisposable
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public EnginePair(HandshakeProtocol protocol, ClientHandshakeParameters client, ServerHandshakeParameters server, bool keepsServerOpen = false)
        : this(protocol.Records, protocol.CreateClient(client), protocol.CreateServer(server), keepsServerOpen)
    {
    }

    public EnginePair(SecureChannel.Handshakes.RecordFormat records, HandshakeMachine client, HandshakeMachine server, bool keepsServerOpen = false)
    {
        Client = new EngineEnd(new ChannelEngine(client, records, HandshakeTimeout, Steps.Add));
        Server = new EngineEnd(new ChannelEngine(server, records, HandshakeTimeout, Steps.Add) { AllowHalfClose = keepsServerOpen });
    }

    public EngineEnd Client { get; }

    public EngineEnd Server { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The steps of both ends, in the order in which they happened.</summary>
    public List<HandshakeProgress> Steps { get; } = [];

    /// <summary>Changes what an end has sent before it arrives.</summary>
    public Func<Role, byte[], byte[]> Alter { get; set; } = (_, bytes) => bytes;

    /// <summary>All that each end has sent, before it was changed.</summary>
    public Dictionary<Role, List<byte>> Sent { get; } = new() { [Role.Client] = [], [Role.Server] = [] };

    public bool IsEstablished => Client.IsEstablished && Server.IsEstablished;

    public EngineEnd this[Role role] => role == Role.Client ? Client : Server;

    public EnginePair Start()
    {
        Client.Engine.Start(Now, Client.Output);
        Server.Engine.Start(Now, Server.Output);
        return this;
    }

    /// <summary>Carries bytes both ways until nobody has any left.</summary>
    /// <param name="chunk">How many bytes arrive at once.</param>
    public EnginePair Run(int chunk = int.MaxValue)
    {
        while (Carry(Role.Client, chunk) | Carry(Role.Server, chunk))
        {
        }

        return this;
    }

    /// <summary>Carries what one end has sent to the other.</summary>
    /// <returns>Whether it had sent anything.</returns>
    public bool Carry(Role from, int chunk = int.MaxValue)
    {
        var bytes = this[from].TakeOutput();
        Sent[from].AddRange(bytes);
        foreach (var part in Alter(from, bytes).Chunk(chunk))
            this[1 - from].Deliver(part, Now);
        return bytes.Length > 0;
    }

    /// <summary>Has an end send application data.</summary>
    public void Write(Role from, params ReadOnlySpan<byte> data) => this[from].Engine.Write(data, Now, this[from].Output);

    /// <summary>Moves the time on, and tells both ends.</summary>
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
}
