using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>The memory of the process at one time.</summary>
/// <param name="Heap">The size of the managed heap after a full collection, in bytes.</param>
/// <param name="WorkingSet">The working set in bytes.</param>
/// <param name="Committed">The memory that the garbage collector has committed, in bytes. It is a part of the working set.</param>
/// <param name="Handles">The number of open handles, which include sockets.</param>
internal readonly record struct MemorySample(long Heap, long WorkingSet, long Committed, int Handles);

/// <summary>Measures the memory of the process, and compares the last third of the measurements with the second third.</summary>
internal sealed class SoakMemory
{
    private const double MaxGrowth = 0.05;

    // The arrays in the shared pool vary by about 2 MB. In a third of 30 minutes, a leak of one object per session is larger.
    private const long LeastLimit = 2 << 20;

    private const int MaxHandleGrowth = 20;

    private readonly List<MemorySample> _samples = [];

    /// <summary>Collects all garbage and measures.</summary>
    public MemorySample Measure()
    {
        // The second collection frees what the finalizers of the first one released.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var sample = new MemorySample(heap, process.WorkingSet64, GC.GetGCMemoryInfo().TotalCommittedBytes, CountHandles(process));
        _samples.Add(sample);
        return sample;
    }

    /// <summary>Finds measurements that grew.</summary>
    public IEnumerable<string> FindGrowth()
    {
        if (_samples.Count < 6)
            yield break;
        var third = _samples.Count / 3;
        var (middle, last) = (_samples[^(2 * third)..^third], _samples[^third..]);
        foreach (var (name, measure, limit) in new (string, Func<MemorySample, long>, Func<long, double>)[]
        {
            ("heap", sample => sample.Heap, MaxGrowthOf),
            ("working set", sample => sample.WorkingSet, MaxGrowthOf),
            ("number of handles", sample => sample.Handles, _ => MaxHandleGrowth),
        })
        {
            var (before, after) = (Median(middle, measure), Median(last, measure));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {name}: {before} in the second third, {after} in the last third"));
            if (after - before > limit(before))
                yield return $"the {name} grew from {before} to {after}";
        }
    }

    private static double MaxGrowthOf(long before) => Math.Max(before * MaxGrowth, LeastLimit);

    private static long Median(List<MemorySample> samples, Func<MemorySample, long> measure) => samples.Select(measure).Order().ElementAt(samples.Count / 2);

    private static int CountHandles(System.Diagnostics.Process process) =>
        OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
}
