namespace SecureChannel.Benchmarks.Channel;

/// <summary>A contender: a way to secure a connection.</summary>
internal abstract class ChannelContender(string name)
{
    public const string ServerName = "bench.example";

    /// <summary>Gets the authority that issues the certificates.</summary>
    protected static DevelopmentAuthority Authority { get; } = DevelopmentAuthority.Create("Benchmark authority");

    public string Name { get; } = name;

    /// <summary>Gets a value that indicates whether only the handshake differs from another contender.</summary>
    public virtual bool IsForHandshakesOnly => false;

    /// <summary>Gets a value that indicates whether the client authenticates with a certificate too.</summary>
    public virtual bool IsMutual => false;

    /// <summary>Creates objects for a number of connections that a program would create beforehand. It is not measured.</summary>
    public virtual void Prepare(int connections)
    {
    }

    /// <summary>Connects two endpoints with a full handshake.</summary>
    /// <param name="client">The client's transport.</param>
    /// <param name="server">The server's transport.</param>
    /// <param name="carriesMessages">True if the connection carries messages; false if it carries bytes.</param>
    public abstract Task<ChannelPair> ConnectAsync(Stream client, Stream server, bool carriesMessages);
}

/// <summary>The two endpoints of a connection, and the measured loops, which each contender implements like a program would.</summary>
internal abstract class ChannelPair : IAsyncDisposable
{
    /// <summary>The size of a write in bytes.</summary>
    public const int PieceSize = 16 * 1024;

    /// <summary>Writes pieces of <see cref="PieceSize"/> bytes on the client.</summary>
    public abstract Task WritePiecesAsync(int count);

    /// <summary>Reads a number of pieces on the server.</summary>
    public abstract Task ReadPiecesAsync(int count);

    /// <summary>Sends messages on the client, each with a write of its own or as many as possible in a write.</summary>
    public abstract Task SendTicksAsync(int count, bool oneByOne);

    /// <summary>Receives a number of messages on the server.</summary>
    /// <returns>The sum of a field of all messages.</returns>
    public abstract Task<long> ReceiveTicksAsync(int count);

    /// <summary>Sends a message and waits for the answer on the client, a number of times.</summary>
    public abstract Task PingAsync(int count);

    /// <summary>Answers each message with the same message on the server.</summary>
    public abstract Task PongAsync(int count);

    /// <summary>Waits for data on both endpoints without a buffer.</summary>
    public abstract Task WaitIdleAsync();

    public abstract ValueTask DisposeAsync();
}
