using System.Diagnostics;
using Samples.Common;

namespace Samples.Banking;

/// <summary>Starts this program twice, as server and as client, and shows the output of both.</summary>
internal static class Demo
{
    private const string Listening = "listening on port ";

    public static async Task RunAsync(SampleOptions options, TimeSpan idleTimeout)
    {
        var folder = Directory.CreateTempSubdirectory("bank-");
        string[] common = ["--handshake", options.Handshake, "--authority", Path.Combine(folder.FullName, "authority.pem")];
        try
        {
            var port = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = Start("server", ["server", "--port", $"{options.Port}", .. common], line =>
            {
                if (line.StartsWith(Listening, StringComparison.Ordinal))
                    port.TrySetResult(line[Listening.Length..].Split(',')[0]);
            });
            try
            {
                server.Exited += (_, _) => port.TrySetException(new InvalidOperationException("The server did not start."));
                server.EnableRaisingEvents = true;
                using var client = Start("client", ["client", "--port", await port.Task, "--idle-timeout", $"{idleTimeout.TotalSeconds}", .. common], _ => { });
                await client.WaitForExitAsync();
                if (client.ExitCode != 0)
                    throw new InvalidOperationException($"The client exited with code {client.ExitCode}.");
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(string name, IEnumerable<string> arguments, Action<string> onLine)
    {
        // Under 'dotnet Bank.dll' the process is dotnet, and the program is its first argument.
        var program = Environment.ProcessPath!;
        string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(program, [.. prefix, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Show(e.Data);
        process.ErrorDataReceived += (_, e) => Show(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Show(string? line)
        {
            if (line is null)
                return;
            Console.WriteLine($"{name} | {line}");
            onLine(line);
        }
    }
}
