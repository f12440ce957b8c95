using SecureChannel.Cryptography;

namespace SecureChannel.Testing;

/// <summary>A client session over a <see cref="HostileStream"/>, and a server session over the other end of the connection.</summary>
public sealed class HostilePair : IAsyncDisposable
{
    // Longer than the time that any test lets pass.
    private static readonly TimeSpan NoIdleTimeout = TimeSpan.FromDays(20);

    private HostilePair(string security, TimeSpan idle, int capacity, ManualTimeProvider time, CryptographyProvider cryptography)
    {
        Time = time;
        Connection = DuplexConnection.Create(capacity);
        Transport = new HostileStream(Connection.Client);
        Client = SecureSession.Create(Transport, SessionPair.ClientOptions(security, time, idle) with { Cryptography = cryptography });
        Server = SecureSession.Create((Stream)Connection.Server, SessionPair.ServerOptions(security, ServerTime, idle));
    }

    /// <summary>Gets the client's clock.</summary>
    public ManualTimeProvider Time { get; }

    /// <summary>Gets the server's clock.</summary>
    public ManualTimeProvider ServerTime { get; } = new();

    public DuplexConnection Connection { get; }

    /// <summary>Gets the client's transport.</summary>
    public HostileStream Transport { get; }

    public SecureSession Client { get; }

    public SecureSession Server { get; }

    /// <summary>Creates two sessions before the handshake.</summary>
    /// <param name="security">The name of the security.</param>
    /// <param name="idle">The idle timeout of both sessions, or null for 20 days.</param>
    /// <param name="capacity">The number of bytes that each direction buffers before a writer waits.</param>
    /// <param name="time">The client's clock, or null for a new one.</param>
    /// <param name="cryptography">The client's provider, or null for the platform's.</param>
    public static HostilePair Create(
        string security, TimeSpan? idle = null, int capacity = 1 << 20, ManualTimeProvider? time = null, CryptographyProvider? cryptography = null) =>
        new(security, idle ?? NoIdleTimeout, capacity, time ?? new(), cryptography ?? CryptographyProvider.Platform);

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

    // The threads that arm timers may be slow. After 100 s, each step therefore gives them real time.
    private static async Task CompleteAsync(Task task, ManualTimeProvider[] clocks)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var steps = 0; !task.IsCompleted && TimeProvider.System.GetElapsedTime(start) < SessionPair.Patience; steps++)
        {
            foreach (var clock in clocks)
                clock.Advance(TimeSpan.FromMilliseconds(100));
            if (steps < 1_000)
                await Task.Yield();
            else
                await task.WaitAsync(TimeSpan.FromMilliseconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await task.WaitAsync(SessionPair.Patience);
    }
}
