using SecureChannel.Messages;

namespace SecureChannel.Fuzz.Tests;

public sealed class FuzzTests
{
    // The number of inputs of a smoke run, which is a few seconds.
    private const int Budget = 100_000;

    private static readonly IReadOnlyList<byte[]> Corpus = CorpusFile.Read(Path.Combine(AppContext.BaseDirectory, "Corpus.txt"));

    [Fact]
    public void Every_input_of_the_corpus_passes_all_checks() => Assert.All(Corpus, input => Assert.Null(Target.Run(input)));

    [Fact]
    public void Every_new_input_that_is_derived_from_the_corpus_passes_all_checks()
    {
        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(Target)), seed: 20261125);
        Assert.All(Corpus, input => Assert.Null(fuzzing.Add(input)));
        while (fuzzing.Runs < Budget)
            Assert.Null(fuzzing.Step() is { } found ? $"check {Convert.ToHexString(found.Input)}: {found.Finding}" : null);
    }

    [Fact]
    public void The_corpus_has_an_accepted_input_for_every_message_and_a_rejected_input_for_every_reason()
    {
        var outcomes = Corpus.Select(Target.Observe).ToList();
        var accepted = outcomes.Where(outcome => outcome.Reason == WireErrorReason.None).Select(outcome => outcome.Message).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, Target.Seeds().Length), accepted);
        Assert.Equal(Enum.GetValues<WireErrorReason>(), outcomes.Select(outcome => outcome.Reason).Distinct().Order());
    }

    [Fact]
    public void The_corpus_reaches_twice_as_many_branches_as_its_seeds()
    {
        var code = new InstrumentedCode(typeof(Target));
        var (fromSeeds, fromCorpus) = (new Fuzzing(code, seed: 1), new Fuzzing(code, seed: 1));
        Assert.All(Target.Seeds(), seed => Assert.Null(fromSeeds.Add(seed)));
        Assert.All(Corpus, input => Assert.Null(fromCorpus.Add(input)));
        Assert.InRange(fromCorpus.Branches, 2 * fromSeeds.Branches, int.MaxValue);
    }

    [Theory]
    [InlineData(typeof(ThrowingTarget), "planted")]
    [InlineData(typeof(LenientTarget), "was written back")]
    [InlineData(typeof(TrustingTarget), "bytes were allocated for")]
    public void A_planted_fault_is_found_within_the_budget_of_a_smoke_run(Type target, string finding)
    {
        var fuzzing = new Fuzzing(new InstrumentedCode(target), seed: 1);
        Assert.Null(fuzzing.Add([0]));
        (byte[] Input, string Finding)? found = null;
        while (found is null && fuzzing.Runs < Budget)
            found = fuzzing.Step();
        Assert.Contains(finding, found?.Finding, StringComparison.Ordinal);
    }
}
