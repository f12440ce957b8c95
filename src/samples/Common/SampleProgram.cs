using System.Net.Sockets;
using System.Security.Cryptography;

namespace Samples.Common;

/// <summary>How each sample's program begins and ends.</summary>
internal static class SampleProgram
{
    /// <param name="help">What the program does and takes, without what all samples take.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="own">The options that only this sample has.</param>
    /// <param name="run">Does what was asked for; false if it does not know the words.</param>
    /// <returns>The exit code: 0; 1 if it failed; 2 if the command line was not understood.</returns>
    public static async Task<int> RunAsync(string help, string[] arguments, string[] own, Func<SampleOptions, CancellationToken, Task<bool>> run)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler interrupt = (_, interruption) =>
        {
            // The first asks to end in order; the second ends.
            interruption.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        Console.CancelKeyPress += interrupt;
        try
        {
            var options = SampleOptions.Parse(arguments, own);
            if (!options.WantsHelp)
                return await run(options, stop.Token) ? 0 : throw new ArgumentException($"Not understood: {string.Join(' ', options.Words)}");
            Console.WriteLine($"{help}\n\n{SampleOptions.Help}");
            return 0;
        }
        catch (ArgumentException misunderstood)
        {
            Console.Error.WriteLine($"{misunderstood.Message}\n{help}\n\n{SampleOptions.Help}");
            return 2;
        }
        catch (Exception failure) when (failure is SocketException or IOException or CryptographicException or InvalidOperationException or OperationCanceledException)
        {
            Console.Error.WriteLine($"failed: {failure.Message}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= interrupt;
        }
    }
}
