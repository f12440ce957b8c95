using SecureChannel.Messages;

namespace SecureChannel.Fuzz.Tests;

/// <summary>The fuzzer, its corpus and the readers.</summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests
{
    // The number of inputs of a short run, which takes a few seconds.
    private const int Budget = 100_000;

    private const int HandshakeBudget = 10_000;

    private const int TicketBudget = 50_000;

    private static readonly IReadOnlyList<byte[]> Corpus = CorpusFile.Read(Path.Combine(AppContext.BaseDirectory, "Corpus.txt"));

    [Fact]
    public void All_checks_pass_for_the_corpus() => Assert.All(Corpus, input => Assert.Null(Target.Run(input)));

    [Fact]
    public void All_checks_pass_for_new_inputs_of_a_short_run()
    {
        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(Target)), seed: 20261125);
        Assert.All(Corpus, input => Assert.Null(fuzzing.Add(input)));
        while (fuzzing.Runs < Budget)
            Assert.Null(fuzzing.Step() is { } found ? $"check {Convert.ToHexString(found.Input)}: {found.Finding}" : null);
    }

    [Fact]
    public void Corpus_has_an_accepted_input_for_every_message_and_a_rejected_input_for_every_reason()
    {
        var outcomes = Corpus.Select(Target.Observe).ToList();
        var accepted = outcomes.Where(outcome => outcome.Reason == WireErrorReason.None).Select(outcome => outcome.Message).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, Target.Seeds().Length), accepted);
        Assert.Equal(Enum.GetValues<WireErrorReason>(), outcomes.Select(outcome => outcome.Reason).Distinct().Order());
    }

    [Fact]
    public void Corpus_takes_at_least_twice_the_branches_of_the_seeds()
    {
        var code = new InstrumentedCode(typeof(Target));
        var (fromSeeds, fromCorpus) = (new Fuzzing(code, seed: 1), new Fuzzing(code, seed: 1));
        Assert.All(Target.Seeds(), seed => Assert.Null(fromSeeds.Add(seed)));
        Assert.All(Corpus, input => Assert.Null(fromCorpus.Add(input)));
        Assert.InRange(fromCorpus.Branches, 2 * fromSeeds.Branches, int.MaxValue);
    }

    [Fact]
    public void The_seeds_of_the_handshakes_complete_them_and_a_short_run_finds_nothing()
    {
        Assert.All(HandshakeTarget.Seeds()[..^1], seed => Assert.True(HandshakeTarget.IsEstablished(seed)));
        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(HandshakeTarget)), seed: 20261130);
        Assert.All(HandshakeTarget.Seeds(), seed => Assert.Null(fuzzing.Add(seed)));
        while (fuzzing.Runs < HandshakeBudget)
            Assert.Null(fuzzing.Step() is { } found ? $"check-handshake {Convert.ToHexString(found.Input)}: {found.Finding}" : null);
    }

    [Fact]
    public void The_seeds_of_tickets_are_opened_and_a_short_run_finds_nothing()
    {
        Assert.All(TicketTarget.Seeds(), seed => Assert.True(TicketTarget.IsOpened(seed)));
        var fuzzing = new Fuzzing(new InstrumentedCode(typeof(TicketTarget)), seed: 20261201);
        Assert.All(TicketTarget.Seeds(), seed => Assert.Null(fuzzing.Add(seed)));
        while (fuzzing.Runs < TicketBudget)
            Assert.Null(fuzzing.Step() is { } found ? $"{Convert.ToHexString(found.Input)}: {found.Finding}" : null);
    }

    [Fact]
    public void A_retry_with_a_cookie_of_any_length_is_sent_back_or_refused()
    {
        var retry = HandshakeTarget.Seeds()[^1];
        for (var factor = 0x80; factor <= 0xFF; factor++)
        {
            retry[1] = (byte)factor;
            Assert.Null(HandshakeTarget.Run(retry));
        }
    }

    [Theory]
    [InlineData(typeof(ThrowingTarget), "planted")]
    [InlineData(typeof(LenientTarget), "the encoding is")]
    [InlineData(typeof(TrustingTarget), "bytes were allocated for")]
    public void Short_run_finds_a_planted_defect(Type target, string finding)
    {
        var fuzzing = new Fuzzing(new InstrumentedCode(target), seed: 1);
        Assert.Null(fuzzing.Add([0]));
        (byte[] Input, string Finding)? found = null;
        while (found is null && fuzzing.Runs < Budget)
            found = fuzzing.Step();
        Assert.Contains(finding, found?.Finding, StringComparison.Ordinal);
    }
}
