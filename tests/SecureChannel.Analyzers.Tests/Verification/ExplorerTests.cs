using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>
/// The local rule against exploring every run with queues. <c>SECURECHANNEL_DECLARATIONS=200000</c> in the environment makes the long run, and
/// <c>SECURECHANNEL_SEED</c> repeats one.
/// </summary>
public sealed class ExplorerTests
{
    private static readonly int Count = Number("SECURECHANNEL_DECLARATIONS", 1_000);
    private static readonly int Seed = Number("SECURECHANNEL_SEED", Environment.TickCount);

    [Fact]
    public void The_rule_and_the_explorer_agree_on_every_random_declaration()
    {
        var random = new Random(Seed);
        var (right, wrong) = (0, 0);
        for (var number = 0; number < Count; number++)
        {
            var declaration = RandomDeclarations.Next(random);
            var exploration = DeclarationExplorer.Explore(declaration, bound: 1);
            if (exploration.IsRight != (CrossingAnalysis.Check(Models.GraphOf(declaration)).Count == 0))
            {
                Assert.Fail(Explain(declaration, number, $"the explorer says {exploration}, the rule the opposite"));
            }

            right += exploration.IsRight ? 1 : 0;
            wrong += exploration.IsRight ? 0 : 1;
        }

        // A generator of which nearly all is right, or nearly all is wrong, would test little.
        Assert.True(right > Count / 5 && wrong > Count / 5, $"Seed {Seed}: {right} right, {wrong} wrong.");
    }

    [Fact]
    public void No_run_that_goes_wrong_is_shorter_than_the_trace()
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

            // No run that a trace tells has more on its way.
            var exploration = DeclarationExplorer.Explore(declaration, bound: Math.Max(3, traces.Max(item => Replay.MostOnTheWay(item.Trace))));
            var parted = traces.Where(item => item.Crossing is Crossing.Parted).Min(item => (int?)item.Trace.Steps.Count);
            var notReceived = traces.Where(item => item.Crossing is Crossing.NotReceived).Min(item => (int?)item.Trace.Steps.Count);
            // Where a declaration is wrong in both ways, a run that goes past one fault may meet the other sooner than the trace that meets it alone.
            if ((parted is null && notReceived != exploration.NotReceived) || (notReceived is null && parted != exploration.Parted))
            {
                Assert.Fail(Explain(declaration, number, $"{exploration}, but {string.Join("\n", traces.Select(item => item.Trace))}"));
            }
        }
    }

    [Fact]
    public void Every_trace_is_a_run_of_the_declaration()
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
                    Assert.Fail(Explain(declaration, number, $"{string.Join(", ", added.Select(addition => $"S{addition.State} receives {addition.Copied.Label}, goes to S{addition.Next}"))} is no repair"));
                }

                if (remaining.Count == 0)
                {
                    Assert.True(DeclarationExplorer.Explore(Models.With(declaration, added), bound: 1).IsRight, Explain(declaration, number, "the explorer refuses the repair"));
                }
            }
        }

        Assert.True(repaired > Count / 20, $"Seed {Seed}: {repaired} repairs.");
    }

    private static string Explain(SampleDeclaration declaration, int number, string what) =>
        $"Seed {Seed}, declaration {number}, {what}\n{declaration.ToSource("P")}";

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
