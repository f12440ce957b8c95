namespace SecureChannel.Benchmarks.Channel;

/// <summary>A way to secure a connection.</summary>
internal abstract class ChannelContender(string name)
{
    public const string ServerName = "bench.example";

    /// <summary>Both roles' certificates lead to it.</summary>
    protected static DevelopmentAuthority Authority { get; } = DevelopmentAuthority.Create("Benchmark authority");

    public string Name { get; } = name;

    /// <summary>Whether what follows the handshake is another contender's.</summary>
    public virtual bool IsForHandshakesOnly => false;

    /// <summary>Makes what so many connections need and programs have beforehand: it is not measured.</summary>
    public virtual void Prepare(int connections)
    {
    }

    /// <summary>Joins two ends by a full handshake.</summary>
    /// <param name="client">The client's transport.</param>
    /// <param name="server">The server's transport.</param>
    /// <param name="carriesMessages">Whether messages or bytes will be sent.</param>
    public abstract Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages);
}

/// <summary>Both ends of a secured connection, and the loops that are measured: each contender's are its own, as a program would write them.</summary>
internal abstract class ChannelPair : IAsyncDisposable
{
    /// <summary>What is written at once.</summary>
    public const int PieceSize = 16 * 1024;

    /// <summary>The client writes pieces of <see cref="PieceSize"/> bytes.</summary>
    public abstract Task WritePiecesAsync(int count);

    /// <summary>The server reads so many pieces.</summary>
    public abstract Task ReadPiecesAsync(int count);

    /// <summary>The client sends messages; each is handed to the transport before the next, or as many as possible together.</summary>
    public abstract Task SendTicksAsync(int count, bool oneByOne);

    /// <summary>The server reads so many messages.</summary>
    /// <returns>The sum of a field of all.</returns>
    public abstract Task<long> ReceiveTicksAsync(int count);

    /// <summary>The client sends a message and waits for the answer, so many times.</summary>
    public abstract Task PingAsync(int count);

    /// <summary>The server answers each message with the same.</summary>
    public abstract Task PongAsync(int count);

    /// <summary>Both ends wait for what never comes, with no memory to put it in.</summary>
    public abstract Task WaitIdleAsync();

    public abstract ValueTask DisposeAsync();
}
