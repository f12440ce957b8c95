using System.Net.Sockets;
using System.Security.Cryptography;

namespace Samples.Common;

/// <summary>The frame of each sample's program: command line, help, Ctrl+C and exit code.</summary>
public static class SampleProgram
{
    /// <summary>Parses the command line and runs the sample.</summary>
    /// <param name="help">The sample's help text, without the shared options.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="ownOptions">The names of the options that only this sample has.</param>
    /// <param name="run">Runs the command. The token is canceled by the first Ctrl+C; the second ends the process.</param>
    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a command line that is not valid.</returns>
    public static async Task<int> RunAsync(string help, string[] arguments, string[] ownOptions, Func<SampleOptions, CancellationToken, Task> run)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancelKey = (_, e) =>
        {
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        Console.CancelKeyPress += onCancelKey;
        try
        {
            var options = SampleOptions.Parse(arguments, ownOptions);
            if (options.ShowHelp)
                Console.WriteLine($"{help}\n{SampleOptions.Help}");
            else
                await run(options, stop.Token);
            return 0;
        }
        catch (ArgumentException invalid)
        {
            Console.Error.WriteLine($"{invalid.Message}\n\n{help}\n{SampleOptions.Help}");
            return 2;
        }
        catch (Exception failure) when (failure is
            SocketException or IOException or CryptographicException or InvalidOperationException or OperationCanceledException)
        {
            Console.Error.WriteLine($"failed: {failure.Message}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= onCancelKey;
        }
    }
}
