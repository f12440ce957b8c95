namespace SecureChannel.Fuzz.Tests;

/// <summary>The fuzzer of revocation data. Not in parallel with the other fuzzers, because all count the same branches.</summary>
[Collection(nameof(FuzzTests))]
public sealed class RevocationFuzzTests
{
    private const int Budget = 20_000;

    [Fact]
    public void The_seeds_show_a_good_and_a_revoked_status_and_a_short_run_finds_nothing()
    {
        var seeds = RevocationTarget.Seeds();
        Assert.All(seeds[..^1], seed => Assert.Null(RevocationTarget.FindError(seed)));
        Assert.Equal(CertificateErrorKind.Revoked, RevocationTarget.FindError(seeds[^1]));

        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(RevocationTarget)), seed: 20261201);
        Assert.All(seeds, seed => Assert.Null(fuzzing.Add(seed)));
        while (fuzzing.Runs < Budget)
            Assert.Null(fuzzing.Step() is { } found ? $"check-revocation {Convert.ToHexString(found.Input)}: {found.Finding}" : null);
    }
}
