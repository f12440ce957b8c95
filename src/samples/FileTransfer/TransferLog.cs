namespace Samples.Files;

/// <summary>Writes the progress and the result of transfers to the console.</summary>
internal static class TransferLog
{
    private const int Megabyte = 1_000_000;

    /// <summary>Creates a callback that writes a line for each tenth of the file.</summary>
    public static Action<TransferProgress> CreateProgress(string name)
    {
        var shown = -1L;
        return progress =>
        {
            var tenth = progress.Total == 0 ? 10 : progress.Done * 10 / progress.Total;
            if (tenth == shown)
                return;
            shown = tenth;
            Console.WriteLine($"{name}: {progress.Done / Megabyte} of {progress.Total / Megabyte} MB");
        };
    }

    /// <summary>Writes the result of a transfer.</summary>
    public static void Write(string name, TransferResult result)
    {
        var reason = result.Reason.Length > 0 ? $": {result.Reason}" : "";
        Console.WriteLine($"{name}: {result.Outcome}, resumed at {result.ResumedAt / Megabyte} MB, transferred {result.Transferred / Megabyte} MB{reason}");
    }
}
