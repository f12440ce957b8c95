namespace Samples.Files;

/// <summary>The outcomes of a transfer.</summary>
public enum TransferOutcome
{
    /// <summary>The file is complete and its digest is correct.</summary>
    Completed,

    /// <summary>The server refused the transfer or failed, or the digest is wrong.</summary>
    Failed,

    /// <summary>The client canceled the transfer. A later transfer resumes it.</summary>
    Canceled,
}

/// <summary>The result of a transfer.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="ResumedAt">The offset in bytes at which the transfer resumed an earlier one, or 0 if it started from the beginning.</param>
/// <param name="Transferred">The number of bytes that this transfer carried.</param>
/// <param name="Reason">The reason for a failure, or an empty string.</param>
public sealed record TransferResult(TransferOutcome Outcome, long ResumedAt, long Transferred, string Reason = "");

/// <summary>The progress of a transfer.</summary>
/// <param name="Done">The number of bytes that are transferred, including those of earlier sessions.</param>
/// <param name="Total">The size of the file in bytes.</param>
public readonly record struct TransferProgress(long Done, long Total);
