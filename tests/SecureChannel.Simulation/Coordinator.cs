using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>Distributes runs to worker processes, shows the progress, and prints the violations.</summary>
internal sealed class Coordinator(CommandLine options)
{
    private const int MaxLinesPerRule = 10;
    private const int MaxErrorLines = 20;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<Rule, List<ulong>> _violations = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ulong _done;
    private TimeSpan _nextReport = ReportInterval;

    /// <summary>Executes all runs.</summary>
    /// <returns>The exit code of the program.</returns>
    public int Execute()
    {
        var jobs = Math.Min((ulong)options.Jobs, Math.Max(1, options.Runs));
        var threads = new List<Thread>();
        var first = options.Seed;
        for (var i = 0UL; i < jobs; i++)
        {
            var next = options.Seed + options.Runs * (i + 1) / jobs;
            var (begin, end) = (first, next);
            var thread = new Thread(() => ExecuteRange(begin, end));
            thread.Start();
            threads.Add(thread);
            first = next;
        }
        foreach (var thread in threads)
            thread.Join();
        return PrintSummary();
    }

    // A worker that crashes or hangs is replaced by another one, which continues with the next seed.
    private void ExecuteRange(ulong begin, ulong end)
    {
        while (begin < end)
        {
            var last = begin;
            using var worker = StartWorker(begin, end - begin);
            var hasViolation = false;
            // A crash prints a stack trace, which may be endless.
            var errors = new List<string>();
            worker.ErrorDataReceived += (_, error) => AddError(errors, error.Data);
            worker.BeginErrorReadLine();
            while (worker.StandardOutput.ReadLine() is { } line)
            {
                if (line.StartsWith(Worker.RunPrefix, StringComparison.Ordinal))
                {
                    last = ulong.Parse(line.AsSpan(Worker.RunPrefix.Length), CultureInfo.InvariantCulture);
                    hasViolation = false;
                    CountRun();
                }
                else if (line.StartsWith(Worker.ViolationPrefix, StringComparison.Ordinal))
                {
                    hasViolation = true;
                    Report(line[Worker.ViolationPrefix.Length..]);
                }
                else
                {
                    Print(line);
                }
            }
            worker.WaitForExit();
            if (worker.ExitCode is 0 or 1)
                return;
            if (!hasViolation)
                Report($"{last} {Rule.EscapedException} the process ended with code {worker.ExitCode}: {string.Join(" | ", errors)}");
            begin = last + 1;
        }
    }

    private static void AddError(List<string> errors, string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Count < MaxErrorLines)
                errors.Add(line.Trim());
        }
    }

    private Process StartWorker(ulong seed, ulong runs)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Started with "dotnet SecureChannel.Simulation.dll" instead of as a program of its own.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Coordinator).Assembly.Location);
        foreach (var argument in new[] { "--worker", "--seed", $"{seed}", "--runs", $"{runs}" })
            start.ArgumentList.Add(argument);
        if (options.PrintsHashes)
            start.ArgumentList.Add("--hash");
        if (options.UsesSslStream)
            start.ArgumentList.Add("--ssl-stream");
        return Process.Start(start)!;
    }

    private void CountRun()
    {
        lock (_gate)
        {
            _done++;
            if (_clock.Elapsed < _nextReport)
                return;
            _nextReport += ReportInterval;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_clock.Elapsed.TotalSeconds:F0} s: {_done} of {options.Runs} runs, {_violations.Values.Sum(list => list.Count)} violations"));
        }
    }

    // The line has the seed, the rule and the details.
    private void Report(string line)
    {
        var parts = line.Split(' ', 3);
        lock (_gate)
        {
            var rule = Enum.Parse<Rule>(parts[1]);
            if (!_violations.TryGetValue(rule, out var seeds))
                _violations[rule] = seeds = [];
            seeds.Add(ulong.Parse(parts[0], CultureInfo.InvariantCulture));
            if (seeds.Count <= MaxLinesPerRule)
                Console.WriteLine($"seed {parts[0]}: {rule}: {parts[2]}");
        }
    }

    private void Print(string line)
    {
        lock (_gate)
            Console.WriteLine(line);
    }

    private int PrintSummary()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_done} runs in {_clock.Elapsed.TotalSeconds:F1} s"));
        foreach (var (rule, seeds) in _violations)
        {
            var distinct = seeds.Distinct().Order().ToList();
            Console.WriteLine($"{rule}: {distinct.Count} runs, seeds {string.Join(' ', distinct.Take(10))}");
        }
        if (_violations.Count == 0)
        {
            Console.WriteLine("No violation.");
            return 0;
        }
        Console.WriteLine($"To see all events of a run: --seed SEED --runs 1 --trace{(options.UsesSslStream ? " --ssl-stream" : "")}");
        return 1;
    }
}
