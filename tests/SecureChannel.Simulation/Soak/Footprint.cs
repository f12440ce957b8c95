using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>Measures the managed memory of open sessions. Both endpoints of each session are in this process.</summary>
internal sealed class Footprint(CommandLine options)
{
    private const int MaxIdleBytes = 8 << 10;
    private const int MaxBytesAfterTraffic = 12 << 10;
    private const int Parallelism = 16;
    private const int WarmUpSessions = 64;

    /// <summary>Measures the sessions of each security.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> ExecuteAsync()
    {
        var isWithinLimits = true;
        foreach (var security in new[] { SessionSecurity.Tls13, SessionSecurity.KeyTransport })
        {
            // The first sessions load what all sessions share.
            await MeasureAsync(security, WarmUpSessions);
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
        // The previous measurement, whose sessions would be in memory, must not be on the stack.
        await Task.Yield();
        var pipes = new FootprintPipe[count];
        for (var i = 0; i < count; i++)
            pipes[i] = new FootprintPipe();
        var pairs = new FootprintPair[count];
        var before = MeasureHeap();
        await ForEachAsync(count, async i => pairs[i] = await FootprintPair.ConnectAsync(pipes[i], security));
        var idle = (MeasureHeap() - before) / (2 * count);
        await ForEachAsync(count, i => pairs[i].ExchangeAsync());
        var afterTraffic = (MeasureHeap() - before) / (2 * count);
        await ForEachAsync(count, i => pairs[i].DisposeAsync());
        return (idle, afterTraffic);
    }

    // The shared array pool retains arrays that no session uses. Each collection frees some of them.
    private static long MeasureHeap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static Task ForEachAsync(int count, Func<int, Task> action) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, _) => await action(i));
}
