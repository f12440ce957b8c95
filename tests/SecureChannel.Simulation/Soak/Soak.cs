using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>Runs pairs of sessions on several threads in real time for minutes, with faults, and observes the memory of the process.</summary>
internal sealed class Soak(CommandLine options)
{
    private const int Workers = 32;

    // The fraction of one processor that the soak uses, so that it does not disturb other programs.
    private const double TargetLoad = 0.5;

    private const double MinPause = 50;
    private const double MaxPause = 5000;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoadInterval = TimeSpan.FromSeconds(1);

    private readonly SoakLog _log = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SoakMemory _memory = new();
    private readonly TimeSpan _duration = TimeSpan.FromMinutes(options.SoakMinutes);
    private double _pause = 200;
    private ulong _next;
    private long _sessions;

    /// <summary>Runs the soak.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> ExecuteAsync()
    {
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            e.SetObserved();
            _log.Report($"an exception of a task was not observed: {e.Exception}");
        };
        while (_clock.Elapsed < _duration)
        {
            await RunIntervalAsync();
            PrintReport();
        }
        foreach (var growth in _memory.FindGrowth())
            _log.Report(growth);
        _log.PrintCounts();
        Console.WriteLine($"{_sessions} sessions, {_log.Violations} violations");
        return _log.Violations == 0 ? 0 : 1;
    }

    // All pairs end before the memory is measured, so that a measurement does not depend on what is in progress.
    private async Task RunIntervalAsync()
    {
        using var stopping = new CancellationTokenSource(ReportInterval);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => RunWorkerAsync(stopping.Token)).Append(ControlLoadAsync(stopping.Token)));
    }

    private async Task RunWorkerAsync(CancellationToken stop)
    {
        while (await PauseAsync(TimeSpan.FromMilliseconds(_pause * 2 * Random.Shared.NextDouble()), stop))
        {
            var plan = SoakPlan.Draw(options.Seed + Interlocked.Increment(ref _next) - 1);
            try
            {
                await SoakPair.RunAsync(plan, _log);
            }
            catch (Exception e)
            {
                _log.Report($"the pair failed with {e} ({plan})");
            }
            Interlocked.Add(ref _sessions, 2);
        }
    }

    private async Task ControlLoadAsync(CancellationToken stop)
    {
        var (time, used) = (_clock.Elapsed, Environment.CpuUsage.TotalTime);
        while (await PauseAsync(LoadInterval, stop))
        {
            var (nextTime, nextUsed) = (_clock.Elapsed, Environment.CpuUsage.TotalTime);
            var load = (nextUsed - used) / (nextTime - time);
            Volatile.Write(ref _pause, Math.Clamp(_pause * Math.Clamp(load / TargetLoad, 0.8, 1.5), MinPause, MaxPause));
            (time, used) = (nextTime, nextUsed);
        }
    }

    private static async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }

    private void PrintReport()
    {
        var sample = _memory.Measure();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:HH:mm:ss} {_clock.Elapsed.TotalSeconds:F0} s: {_sessions} sessions, {_log.Violations} violations, heap {sample.Heap >> 10} KB, "
            + $"working set {sample.WorkingSet >> 10} KB (GC: {sample.Committed >> 10} KB), "
            + $"{Timer.ActiveCount} timers, {sample.Handles} handles, {ThreadPool.ThreadCount} threads, pause {_pause:F0} ms"));
    }
}
