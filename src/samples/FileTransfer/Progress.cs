namespace Samples.Files;

/// <summary>Shows how far a transfer has come.</summary>
internal static class Progress
{
    private const int Megabyte = 1_000_000;

    /// <summary>Writes a line for each tenth of the file.</summary>
    public static Action<TransferProgress> Show(string name)
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

    /// <summary>Says how it ended.</summary>
    public static void Tell(string name, Transfer transfer) =>
        Console.WriteLine($"{name}: {transfer.Outcome}, resumed at {transfer.ResumedAt / Megabyte} MB, carried {transfer.Carried / Megabyte} MB{(transfer.Reason.Length > 0 ? $": {transfer.Reason}" : "")}");
}
