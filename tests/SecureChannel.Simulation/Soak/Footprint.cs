using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>Measures the managed memory of open sessions. Both endpoints of each session are in this process.</summary>
internal sealed class Footprint(CommandLine options)
{
    private const int MaxIdleBytes = 8 << 10;
    private const int MaxBytesAfterTraffic = 12 << 10;
    private const int Parallelism = 16;
    private const int MessageSize = 1000;

    /// <summary>Measures the sessions of each security.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> ExecuteAsync()
    {
        var isWithinLimits = true;
        foreach (var security in new[] { SessionSecurity.Tls13, SessionSecurity.KeyTransport })
        {
            // The first session loads what all sessions share.
            await MeasureAsync(security, 1);
            var (idle, afterTraffic) = await MeasureAsync(security, options.Sessions);
            isWithinLimits &= idle <= MaxIdleBytes && afterTraffic <= MaxBytesAfterTraffic;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{security.Name}, {options.Sessions} sessions: {idle} bytes per idle endpoint (at most {MaxIdleBytes}), "
                + $"{afterTraffic} bytes after traffic (at most {MaxBytesAfterTraffic})"));
        }
        return isWithinLimits ? 0 : 1;
    }

    private static async Task<(long Idle, long AfterTraffic)> MeasureAsync(SessionSecurity security, int count)
    {
        var pipes = new FootprintPipe[count];
        for (var i = 0; i < count; i++)
            pipes[i] = new FootprintPipe();
        var sessions = new (SecureSession Client, SecureSession Server)[count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ForEachAsync(count, async i => sessions[i] = await ConnectAsync(pipes[i], security));
        var idle = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * count);
        await ForEachAsync(count, i => ExchangeAsync(sessions[i].Client, sessions[i].Server));
        var afterTraffic = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * count);
        await ForEachAsync(count, async i =>
        {
            await sessions[i].Client.DisposeAsync();
            await sessions[i].Server.DisposeAsync();
        });
        return (idle, afterTraffic);
    }

    private static Task ForEachAsync(int count, Func<int, Task> action) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, _) => await action(i));

    private static async Task<(SecureSession Client, SecureSession Server)> ConnectAsync(FootprintPipe pipe, SessionSecurity security)
    {
        var client = SecureSession.Create(pipe.Client, SoakCredentials.Create(Role.Client, security, TimeSpan.FromMinutes(30)));
        var server = SecureSession.Create(pipe.Server, SoakCredentials.Create(Role.Server, security, TimeSpan.FromMinutes(30)));
        await Task.WhenAll(client.HandshakeAsync(), server.HandshakeAsync());
        return (client, server);
    }

    private static async Task ExchangeAsync(SecureSession client, SecureSession server)
    {
        var content = SoakContent.At(Role.Client, 0, MessageSize);
        await client.SendAsync(new Parcel(0, content));
        if (await server.ReceiveAsync() is null)
            throw new InvalidOperationException("The server received the end of the data.");
        await server.SendAsync(new Parcel(0, content));
        if (await client.ReceiveAsync() is null)
            throw new InvalidOperationException("The client received the end of the data.");
    }
}
