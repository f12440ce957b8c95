namespace Samples.Files;

/// <summary>How a transfer ended.</summary>
public enum TransferOutcome
{
    /// <summary>The file is complete, and its digest right.</summary>
    Complete,

    /// <summary>The server did not want it, or failed; or the digest was wrong.</summary>
    Refused,

    /// <summary>This end cancelled it. What was carried stays for the next time.</summary>
    Cancelled,
}

/// <summary>How a transfer ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="ResumedAt">The offset in bytes at which it went on; 0 if it began anew.</param>
/// <param name="Carried">How many bytes it carried.</param>
/// <param name="Reason">Why it did not succeed, if the other end told.</param>
public sealed record Transfer(TransferOutcome Outcome, long ResumedAt, long Carried, string Reason = "");

/// <summary>How far a transfer has come.</summary>
/// <param name="Done">How many bytes are there, with those of earlier sessions.</param>
/// <param name="Total">How many bytes the file has.</param>
public readonly record struct TransferProgress(long Done, long Total);
