using System.Diagnostics;

namespace SecureChannel.Simulation;

/// <summary>Executes runs in this process, and reports each one to standard output.</summary>
internal static class Worker
{
    /// <summary>The prefix of the line before a run.</summary>
    public const string RunPrefix = "run ";

    /// <summary>The prefix of the line of a violation.</summary>
    public const string ViolationPrefix = "violation ";

    // A collection finds exceptions that nobody observed, and costs as much as several runs.
    private const ulong RunsPerCollection = 500;

    // A run that loops. The time of the processor does not depend on what else the machine does.
    private static readonly TimeSpan MaxProcessorTime = TimeSpan.FromSeconds(20);

    // A run that blocks its thread uses no processor.
    private static readonly TimeSpan MaxRealTime = TimeSpan.FromMinutes(3);

    private static ulong _seed;
    private static int _started;

    public static int Execute(CommandLine options)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            Report(Volatile.Read(ref _seed), new Violation(Rule.EscapedException, e.ExceptionObject.ToString()!));
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(output);
        using var probes = new Probes();
        // The main thread of the process watches the only thread of the pool.
        var running = Task.Run(() => ExecuteAsync(options, probes));
        var (watched, processorTime, clock) = (-1, TimeSpan.Zero, Stopwatch.StartNew());
        while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
        {
            if (Volatile.Read(ref _started) is var started && started != watched)
            {
                (watched, processorTime, clock) = (started, Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
                continue;
            }
            if (Environment.CpuUsage.TotalTime - processorTime <= MaxProcessorTime && clock.Elapsed <= MaxRealTime)
                continue;
            Report(Volatile.Read(ref _seed), new Violation(
                Rule.Liveness,
                $"the run did not end within {MaxProcessorTime.TotalSeconds} s of processor time or {MaxRealTime.TotalSeconds} s of real time"));
            Environment.Exit(3);
        }
        return running.GetAwaiter().GetResult() ? 0 : 1;
    }

    private static async Task<bool> ExecuteAsync(CommandLine options, Probes probes)
    {
        var isCorrect = true;
        var batch = options.Seed;
        for (var i = 0UL; i < options.Runs; i++)
        {
            var seed = options.Seed + i;
            isCorrect &= await ExecuteOneAsync(seed, options, probes);
            if (seed + 1 - batch < RunsPerCollection && i + 1 < options.Runs)
                continue;
            if (probes.TakeUnobserved() is { Length: > 0 } unobserved)
            {
                isCorrect = false;
                await FindUnobservedAsync(batch, seed, unobserved[0], options, probes);
            }
            batch = seed + 1;
        }
        return isCorrect;
    }

    private static async Task<bool> ExecuteOneAsync(ulong seed, CommandLine options, Probes probes)
    {
        Volatile.Write(ref _seed, seed);
        Interlocked.Increment(ref _started);
        if (!options.Traces)
            Console.WriteLine(RunPrefix + seed);
        var result = await Run.ExecuteAsync(seed, options, probes);
        if (options.PrintsHashes)
            Console.WriteLine($"hash {seed} {result.Hash:x16}");
        foreach (var violation in result.Violations)
            Report(seed, violation);
        return result.Violations.Count == 0;
    }

    // Repeats the runs one by one to find the first one that left the exception.
    private static async Task FindUnobservedAsync(ulong first, ulong last, string exception, CommandLine options, Probes probes)
    {
        for (var seed = first; seed <= last; seed++)
        {
            Interlocked.Increment(ref _started);
            await Run.ExecuteAsync(seed, options, probes);
            if (probes.TakeUnobserved() is not { Length: > 0 } unobserved)
                continue;
            Report(seed, new Violation(Rule.UnobservedException, unobserved[0]));
            return;
        }
        Report(first, new Violation(Rule.UnobservedException, $"in one of the seeds up to {last}: {exception}"));
    }

    private static void Report(ulong seed, Violation violation) =>
        Console.WriteLine($"{ViolationPrefix}{seed} {violation.Rule} {violation.Detail.ReplaceLineEndings(" | ")}");
}
