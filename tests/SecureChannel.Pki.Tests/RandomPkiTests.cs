using System.Globalization;
using SecureChannel.Testing;

namespace SecureChannel.Pki.Tests;

/// <summary>Compares path validation with an independent oracle. The environment variable PKI_COUNT sets the number of random infrastructures.</summary>
public sealed class RandomPkiTests
{
    private const int DefaultCount = 500;

    [Fact]
    public async Task Path_validation_agrees_with_the_oracle_on_random_infrastructures()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("PKI_COUNT") ?? $"{DefaultCount}", CultureInfo.InvariantCulture);
        var first = int.Parse(Environment.GetEnvironmentVariable("PKI_FIRST") ?? "0", CultureInfo.InvariantCulture);
        var accepted = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var pki = new RandomPki(seed);
            var oracle = new PathOracle([.. pki.Anchors.Select(anchor => anchor.RawData)], [.. pki.Presented.Select(certificate => certificate.RawData)],
                RandomPki.ServerName, TestCertificates.Now.UtcDateTime);
            var expected = oracle.Accepts();
            var actual = await pki.VerifyAsync();
            Assert.True(expected == (actual is null), $"Seed {seed}: the oracle {(expected ? "accepts" : "rejects")}, but the library reports: {actual}");
            accepted += expected ? 1 : 0;
        }

        // Both results must be frequent, or the comparison shows little.
        Assert.InRange(accepted, count / 8, count * 7 / 8);
    }
}
