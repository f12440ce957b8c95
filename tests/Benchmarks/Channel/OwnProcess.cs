using System.Diagnostics;

namespace SecureChannel.Benchmarks.Channel;

/// <summary>This program once more, for what must find no memory, threads or compiled code of another measurement.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it to its end; it prints where this one prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "SecureChannel.Benchmarks" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)}: failed with {process.ExitCode}.");
    }
}
