using System.Globalization;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>Measures the memory of idle connections, in which both endpoints wait for data. Each contender runs in a process of its own.</summary>
internal static class IdleMemory
{
    public const string Title = "idle endpoints over TCP";

    private const int Pairs = 1000;

    public static void Print(IEnumerable<ChannelContender> contenders)
    {
        Console.WriteLine();
        Console.WriteLine($"| {Title} | KB per endpoint, resident | KB per endpoint, managed |");
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

    public static (long Resident, long Managed) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        // Only anonymous memory: mapped files, such as code, are shared.
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024, GC.GetTotalMemory(true));
    }
}
