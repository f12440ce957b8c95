using System.Diagnostics;
using System.Globalization;

namespace SecureChannel.Simulation;

/// <summary>
/// Starts this program again with a thread pool of several threads. The configuration of the program limits the pool to one thread, and only environment
/// variables have precedence over it.
/// </summary>
internal static class ThreadedProcess
{
    private const int Threads = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Runs the program with its arguments in a process that has several threads.</summary>
    /// <returns>The exit code of the process.</returns>
    public static int Execute(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        // Started with "dotnet SecureChannel.Simulation.dll" instead of as a program of its own.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(ThreadedProcess).Assembly.Location);
        foreach (var argument in arguments.Append("--worker"))
            start.ArgumentList.Add(argument);
        // The runtime reads the values as hexadecimal numbers.
        foreach (var variable in new[] { "DOTNET_ThreadPool_ForceMinWorkerThreads", "DOTNET_ThreadPool_ForceMaxWorkerThreads" })
            start.Environment[variable] = Threads.ToString("x", CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        // A signal that ends this process ends the other one too.
        EventHandler kill = (_, _) => process.Kill();
        AppDomain.CurrentDomain.ProcessExit += kill;
        process.WaitForExit();
        AppDomain.CurrentDomain.ProcessExit -= kill;
        return process.ExitCode;
    }

    /// <summary>Throws an exception unless the pool executes several work items at the same time.</summary>
    public static void CheckThreads()
    {
        using var arrivals = new CountdownEvent(Threads);
        for (var i = 0; i < Threads; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                arrivals.Signal();
                arrivals.Wait(Limit);
            });
        }
        if (!arrivals.Wait(Limit))
            throw new InvalidOperationException($"The thread pool does not run {Threads} work items at the same time.");
    }
}
