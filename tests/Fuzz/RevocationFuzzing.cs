using System.Diagnostics;

namespace SecureChannel.Fuzz;

/// <summary>The commands that fuzz the verification of revocation data.</summary>
internal static class RevocationFuzzing
{
    private static readonly HashSet<string> Code =
    [
        "SecureChannel.CertificateRevocationList", "SecureChannel.CrlFile", "SecureChannel.CrlParser", "SecureChannel.CrlScope", "SecureChannel.OcspIdentifier",
        "SecureChannel.OcspResponseParser", "SecureChannel.OcspVerifier", "SecureChannel.ParsedOcspResponse", "SecureChannel.RevocationChecker",
        "SecureChannel.RevocationStatus", "SecureChannel.SignatureCache", "SecureChannel.SingleOcspResponse",
    ];

    /// <summary>Returns a value that indicates whether the branches of a type are counted.</summary>
    public static bool IsInstrumented(string type) => Code.Contains(type);

    /// <summary>Fuzzes for a time.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(TimeSpan duration)
    {
        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(RevocationTarget)), Environment.TickCount);
        foreach (var input in RevocationTarget.Seeds())
        {
            if (fuzzing.Add(input) is { } finding)
                return Report(input, finding);
        }

        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration;)
        {
            if (fuzzing.Step() is { } found)
                return Report(found.Input, found.Finding);
        }

        Console.WriteLine($"{fuzzing.Runs} runs, {fuzzing.Corpus.Count} inputs, {fuzzing.Branches} branches");
        return 0;
    }

    /// <summary>Checks one input.</summary>
    /// <returns>The exit code.</returns>
    public static int Check(byte[] input)
    {
        var finding = RevocationTarget.Run(input);
        Console.WriteLine(finding ?? "All checks passed.");
        return finding is null ? 0 : 1;
    }

    private static int Report(byte[] input, string finding)
    {
        Console.WriteLine(finding);
        Console.WriteLine($"check-revocation {Convert.ToHexString(input)}");
        return 1;
    }
}
