using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>
/// Compares the local verification with an exploration of every run with queues. The environment variable <c>SECURECHANNEL_DECLARATIONS=200000</c> selects the
/// long run, and <c>SECURECHANNEL_SEED</c> repeats a run.
/// </summary>
public sealed class ExplorerTests
{
    private static readonly int Count = Number("SECURECHANNEL_DECLARATIONS", 1_000);
    private static readonly int Seed = Number("SECURECHANNEL_SEED", Environment.TickCount);

    [Fact]
    public void Verification_and_explorer_agree_on_random_declarations()
    {
        var random = new Random(Seed);
        var (right, wrong) = (0, 0);
        for (var number = 0; number < Count; number++)
        {
            var declaration = RandomDeclarations.Next(random);
            var exploration = DeclarationExplorer.Explore(declaration, bound: 1);
            if (exploration.IsCorrect != (CrossingAnalysis.Check(Models.GraphOf(declaration)).Count == 0))
            {
                Assert.Fail(Explain(declaration, number, $"the explorer found {exploration}, but the verification the opposite"));
            }

            right += exploration.IsCorrect ? 1 : 0;
            wrong += exploration.IsCorrect ? 0 : 1;
        }

        // A generator whose declarations are nearly all correct, or nearly all incorrect, would test little.
        Assert.True(right > Count / 5 && wrong > Count / 5, $"Seed {Seed}: {right} correct, {wrong} incorrect.");
    }

    // The long run of 200,000 declarations takes 6 minutes.
    [Fact(Timeout = 1_800_000)]
    public void No_failing_run_is_shorter_than_the_trace()
    {
        var random = new Random(Seed);
        for (var number = 0; number < Count / 2; number++)
        {
            var declaration = RandomDeclarations.Next(random);
            var graph = Models.GraphOf(declaration);
            var traces = CrossingAnalysis.Check(graph).Select(crossing => (Crossing: crossing, Trace: Trace.Of(graph, crossing))).ToArray();
            if (traces.Length == 0)
            {
                continue;
            }

            // No trace has more messages in transit.
            var exploration = DeclarationExplorer.Explore(declaration, bound: Math.Max(3, traces.Max(item => Replay.MostInTransit(item.Trace))));
            var diverged = traces.Where(item => item.Crossing is Crossing.Diverged).Min(item => (int?)item.Trace.Steps.Count);
            var notReceived = traces.Where(item => item.Crossing is Crossing.NotReceived).Min(item => (int?)item.Trace.Steps.Count);
            // If a declaration has both kinds of failures, a run past one failure can reach the other sooner than the trace that contains only the other.
            if ((diverged is null && notReceived != exploration.NotReceived) || (notReceived is null && diverged != exploration.Diverged))
            {
                Assert.Fail(Explain(declaration, number, $"{exploration}, but {string.Join("\n", traces.Select(item => item.Trace))}"));
            }
        }
    }

    [Fact]
    public void Each_trace_is_a_run_of_the_declaration()
    {
        var random = new Random(Seed);
        for (var number = 0; number < Count / 2; number++)
        {
            var declaration = RandomDeclarations.Next(random);
            var graph = Models.GraphOf(declaration);
            foreach (var crossing in CrossingAnalysis.Check(graph))
            {
                var trace = Trace.Of(graph, crossing);
                var problem = Replay.Run(declaration, crossing, trace);
                if (problem is not null)
                {
                    Assert.Fail(Explain(declaration, number, $"{problem}: {trace}"));
                }
            }
        }
    }

    [Fact]
    public void A_declaration_with_the_proposed_repair_verifies()
    {
        var random = new Random(Seed);
        var repaired = 0;
        for (var number = 0; number < Count; number++)
        {
            var declaration = RandomDeclarations.Next(random);
            var graph = Models.GraphOf(declaration);
            var found = CrossingAnalysis.Check(graph);
            foreach (var arrival in found.OfType<Crossing.NotReceived>())
            {
                if (Repair.Find(graph, arrival, (RoleModel)random.Next(2)) is not { } added)
                {
                    continue;
                }

                repaired++;
                var remaining = CrossingAnalysis.Check(graph.With([.. added.Select(addition => addition.ToTransition(graph))]));
                if (remaining.Contains(arrival) || remaining.Except(found).Any())
                {
                    Assert.Fail(Explain(declaration, number, $"{string.Join(", ", added.Select(addition => $"S{addition.State} receives {addition.Copied.Label}, goes to S{addition.Next}"))} does not repair it"));
                }

                if (remaining.Count == 0)
                {
                    Assert.True(DeclarationExplorer.Explore(Models.With(declaration, added), bound: 1).IsCorrect, Explain(declaration, number, "the explorer refuses the repair"));
                }
            }
        }

        Assert.True(repaired > Count / 20, $"Seed {Seed}: {repaired} repairs.");
    }

    private static string Explain(SampleDeclaration declaration, int number, string what) =>
        $"Seed {Seed}, declaration {number}, {what}\n{declaration.ToSource("P")}";

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
