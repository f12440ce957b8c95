using SecureChannel.Messages;

namespace SecureChannel.Fuzz;

/// <summary>The readers to fuzz. The first byte of an input selects the message; the rest is read as that message.</summary>
public static class Target
{
    private delegate string? Check(ReadOnlySpan<byte> input, out WireError outcome);

    private static readonly Check[] All =
    [
        Checks.Everywhere<Scalars>, Checks.Everywhere<Mixed>, Checks.Everywhere<Vectors>, Checks.Everywhere<Tree>, Checks.Alike<View, Copy>,
        Checks.Everywhere<Paint>, Checks.Everywhere<Paints>, Checks.Everywhere<Composites>, Checks.Everywhere<Extended>, Checks.Version<Versioned>,
    ];

    /// <summary>Gets one input for each message, with which a run without a corpus starts.</summary>
    public static byte[][] Seeds() => [.. Enumerable.Range(0, All.Length).Select(index => new byte[] { (byte)index, 0 })];

    /// <summary>Checks one input.</summary>
    /// <returns>The failed check, or null.</returns>
    public static string? Run(byte[] input)
    {
        try
        {
            return Observe(input).Finding;
        }
        // Any exception of a reader is a finding.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
    }

    /// <summary>Checks one input.</summary>
    /// <returns>The index of the message, the reason of the rejection or <see cref="WireErrorReason.None"/>, and the failed check or null.</returns>
    public static (int Message, WireErrorReason Reason, string? Finding) Observe(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length == 0)
            return (0, WireErrorReason.Truncated, null);
        var message = input[0] % All.Length;
        var finding = All[message](input.AsSpan(1), out var outcome);
        return (message, outcome.Reason, finding);
    }
}
