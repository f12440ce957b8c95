using System.Diagnostics;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>A new process of this program, for a measurement that must not share memory, threads or compiled code with another.</summary>
internal static class OwnProcess
{
    /// <summary>Runs the process to its end. It writes to the same console.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static void Run(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "SecureChannel.Benchmarks" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', arguments)}' failed with exit code {process.ExitCode}.");
    }
}
