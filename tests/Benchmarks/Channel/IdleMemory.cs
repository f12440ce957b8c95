using System.Globalization;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>What a connection holds on which nothing happens, each end waiting for the other. Each contender has a process of its own.</summary>
internal static class IdleMemory
{
    public const string Title = "idle, both ends waiting, over TCP";

    private const int Pairs = 1000;

    public static void Print(IEnumerable<ChannelContender> contenders)
    {
        Console.WriteLine();
        Console.WriteLine($"| {Title} | KB an end, resident | KB an end, managed |");
        Console.WriteLine("|---|---:|---:|");
        foreach (var contender in contenders)
            OwnProcess.Run("channel", "idle-of", contender.Name);
    }

    public static async Task<int> MeasureAsync(ChannelContender contender)
    {
        var pairs = new List<ChannelPair>();
        await ConnectAsync(contender, pairs, 100).ConfigureAwait(false);
        var (resident, managed) = Measure();
        await ConnectAsync(contender, pairs, Pairs).ConfigureAwait(false);
        var (residentAfter, managedAfter) = Measure();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {contender.Name} | {(residentAfter - resident) / 1024.0 / Pairs / 2:F1} | {(managedAfter - managed) / 1024.0 / Pairs / 2:F1} |"));
        GC.KeepAlive(pairs);
        return 0;
    }

    private static async Task ConnectAsync(ChannelContender contender, List<ChannelPair> pairs, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (client, server) = await TcpLink.CreateAsync().ConfigureAwait(false);
            var pair = await contender.ConnectAsync(client, server, carriesMessages: false).ConfigureAwait(false);
            _ = pair.WaitIdleAsync();
            pairs.Add(pair);
        }
    }

    private static (long Resident, long Managed) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        // Anonymous memory: files that are mapped, such as code, are everybody's.
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024, GC.GetTotalMemory(true));
    }
}
