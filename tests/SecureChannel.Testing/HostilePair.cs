namespace SecureChannel.Testing;

/// <summary>A client session over a <see cref="HostileStream"/>, and a server session over the other end of the connection.</summary>
public sealed class HostilePair : IAsyncDisposable
{
    // Longer than the time that any test lets pass.
    private static readonly TimeSpan NoIdleTimeout = TimeSpan.FromDays(20);

    private HostilePair(string security, TimeSpan idle, int capacity)
    {
        Connection = DuplexConnection.Create(capacity);
        Transport = new HostileStream(Connection.Client);
        Client = SecureSession.Create(Transport, SessionPair.ClientOptions(security, Time, idle));
        Server = SecureSession.Create((Stream)Connection.Server, SessionPair.ServerOptions(security, ServerTime, idle));
    }

    /// <summary>Gets the client's clock.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>Gets the server's clock.</summary>
    public ManualTimeProvider ServerTime { get; } = new();

    public DuplexConnection Connection { get; }

    /// <summary>Gets the client's transport.</summary>
    public HostileStream Transport { get; }

    public SecureSession Client { get; }

    public SecureSession Server { get; }

    /// <summary>Creates two sessions before the handshake.</summary>
    public static HostilePair Create(string security, TimeSpan? idle = null, int capacity = 1 << 20) => new(security, idle ?? NoIdleTimeout, capacity);

    /// <summary>Creates two established sessions.</summary>
    public static async Task<HostilePair> EstablishAsync(string security, TimeSpan? idle = null, int capacity = 1 << 20)
    {
        var pair = Create(security, idle, capacity);
        await Task.WhenAll(pair.Client.HandshakeAsync(), pair.Server.HandshakeAsync()).WaitAsync(SessionPair.Patience);
        return pair;
    }

    /// <summary>Advances the client's clock until a task completes. For tasks that wait for an unknown number of timers and threads.</summary>
    public Task CompleteAsync(Task task) => CompleteAsync(task, [Time]);

    public async ValueTask DisposeAsync()
    {
        Transport.Disposal = TransportFault.None;
        await CompleteAsync(Task.WhenAll(Client.DisposeAsync().AsTask(), Server.DisposeAsync().AsTask()), [Time, ServerTime]);
    }

    private static async Task CompleteAsync(Task task, ManualTimeProvider[] clocks)
    {
        // One hour: longer than every timeout but the idle timeout.
        for (var steps = 0; !task.IsCompleted && steps < 36_000; steps++)
        {
            foreach (var clock in clocks)
                clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        await task.WaitAsync(SessionPair.Patience);
    }
}
