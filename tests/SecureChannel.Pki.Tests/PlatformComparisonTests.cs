using System.Globalization;
using SecureChannel.Testing;

namespace SecureChannel.Pki.Tests;

/// <summary>Compares path validation with X509Chain. The environment variable PKI_PLATFORM_COUNT sets the number of random infrastructures.</summary>
public sealed class PlatformComparisonTests
{
    private const int DefaultCount = 200;

    [Fact]
    public async Task Every_disagreement_with_X509Chain_has_a_known_reason()
    {
        var count = Environment.GetEnvironmentVariable("PKI_PLATFORM_COUNT") ?? DefaultCount.ToString(CultureInfo.InvariantCulture);
        var result = await Command.DotnetAsync(AppContext.BaseDirectory, null, "SecureChannel.Pki.dll", "platform", count);

        Assert.True(result.ExitCode == 0, result.Output);
        var counts = result.Lines.Select(line => line.Split(": ")).ToDictionary(
            parts => Enum.Parse<PlatformDifference>(parts[0]), parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
        Assert.Equal(int.Parse(count, CultureInfo.InvariantCulture), counts.Values.Sum());
        // Agreement is frequent in both directions, and the comparison has disagreements to explain.
        Assert.InRange(counts[PlatformDifference.BothAccept], counts.Values.Sum() / 8, counts.Values.Sum());
        Assert.InRange(counts[PlatformDifference.BothReject], counts.Values.Sum() / 8, counts.Values.Sum());
        Assert.Contains(PlatformDifference.PlatformDoesNotBacktrack, counts.Keys);
    }
}
