using System.Diagnostics;

namespace Samples.Banking;

/// <summary>Starts this program twice more, as server and as client, and shows what both say.</summary>
internal static class Tour
{
    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("bank-");
        string[] common = ["--handshake", options.Handshake, "--authority", Path.Combine(folder.FullName, "authority.pem")];
        try
        {
            var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var server = Start("server", ["server", "--port", $"{options.Port}", .. common], line =>
            {
                if (line.StartsWith("listening on port ", StringComparison.Ordinal))
                {
                    listening.TrySetResult(line.Split(' ', ',')[3]);
                }
            });
            try
            {
                server.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The server did not start."));
                server.EnableRaisingEvents = true;
                using var client = Start(
                    "client", ["client", "--port", await listening.Task, "--idle-timeout", $"{options.IdleTimeout.TotalSeconds}", .. common], _ => { });
                await client.WaitForExitAsync();
                return client.ExitCode;
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

    private static Process Start(string name, IEnumerable<string> arguments, Action<string> read)
    {
        // Under `dotnet Bank.dll` the process is dotnet, and the program its first argument.
        var program = Environment.ProcessPath!;
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var process = new Process { StartInfo = new ProcessStartInfo(program, [.. before, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += (_, line) => Show(line.Data);
        process.ErrorDataReceived += (_, line) => Show(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Show(string? line)
        {
            if (line is not null)
            {
                Console.WriteLine($"{name} | {line}");
                read(line);
            }
        }
    }
}
