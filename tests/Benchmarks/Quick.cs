using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime;
using BenchmarkDotNet.Attributes;

namespace SecureChannel.Benchmarks;

/// <summary>
/// Runs all message benchmarks in two minutes. The contenders alternate in many short turns, so that other work on the machine affects all of them alike. The
/// result is the fastest tenth of the turns, which nothing else interrupted, in ns and as a ratio to the baseline.
/// </summary>
internal static class Quick
{
    private const int Rounds = 161;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs the benchmarks whose names contain all words of the filter, such as <c>Small Write</c>. An empty filter runs all benchmarks.</summary>
    public static int Run(string[] filter)
    {
        var types = typeof(Quick).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute))))
            .OrderBy(type => type.Name switch { "SmallBenchmarks" => 0, "MediumBenchmarks" => 1, "LargeBenchmarks" => 2, _ => 3 });
        foreach (var type in types)
        {
            var instance = Activator.CreateInstance(type)!;
            foreach (var group in Contenders(type, instance).GroupBy(contender => contender.Group))
            {
                if (filter.All(word => $"{type.Name} {group.Key}".Contains(word, StringComparison.OrdinalIgnoreCase)))
                    Print($"{type.Name.Replace("Benchmarks", "", StringComparison.Ordinal)}, {group.Key}", [.. group]);
            }
        }

        return 0;
    }

    private static IEnumerable<Contender> Contenders(Type type, object instance) => type.GetMethods()
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null)
        .Select(method => new Contender(
            method.GetCustomAttribute<BenchmarkCategoryAttribute>()?.Categories[0] ?? "",
            method.Name[(method.Name.IndexOf('_', StringComparison.Ordinal) + 1)..],
            method.GetCustomAttribute<BenchmarkAttribute>()!.Baseline,
            Loop(method, instance)));

    private static Action<int> Loop(MethodInfo method, object instance) => (Action<int>)typeof(Quick)
        .GetMethod(nameof(LoopOf), BindingFlags.Static | BindingFlags.NonPublic)!
        .MakeGenericMethod(method.ReturnType)
        .Invoke(null, [method, instance])!;

    private static Action<int> LoopOf<T>(MethodInfo method, object instance)
    {
        var call = method.CreateDelegate<Func<T>>(instance);
        return count =>
        {
            for (var i = 0; i < count; i++)
                call();
        };
    }

    private static void Print(string title, Contender[] contenders)
    {
        // Warms up until the JIT compiler has optimized all contenders, and counts the calls that fill a turn.
        int[] counts;
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            counts = [.. contenders.Select(contender => WarmUp(contender.Loop))];
        }
        while (JitInfo.GetCompiledMethodCount() != compiled);

        var turns = contenders.Select(_ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
                turns[i][round] = Measure(contenders[i].Loop, counts[i]);
        }

        var times = turns.Select(FastestTenth).ToArray();
        var baseline = times[Math.Max(0, Array.FindIndex(contenders, contender => contender.IsBaseline))];
        Console.WriteLine();
        Console.WriteLine($"| {title} | ns | ratio | bytes allocated |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (var i = 0; i < contenders.Length; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            contenders[i].Loop(16);
            var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 16;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {contenders[i].Name} | {times[i]:F1} | {times[i] / baseline:F2} | {allocated} |"));
        }
    }

    private static int WarmUp(Action<int> loop)
    {
        for (var i = 0; i < 40; i++)
        {
            var until = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 100;
            while (Stopwatch.GetTimestamp() < until)
                loop(8);
        }

        return Math.Max(1, (int)(Turn.TotalNanoseconds / Enumerable.Range(0, 5).Min(_ => Measure(loop, 64))));
    }

    private static double Measure(Action<int> loop, int count)
    {
        var start = Stopwatch.GetTimestamp();
        loop(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    private static double FastestTenth(double[] values) => values.Order().ElementAt(values.Length / 10);

    private sealed record Contender(string Group, string Name, bool IsBaseline, Action<int> Loop);
}
