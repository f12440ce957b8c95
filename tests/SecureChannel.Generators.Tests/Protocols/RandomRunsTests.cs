using System.Reflection;
using Microsoft.CodeAnalysis;
using SecureChannel.Protocols;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Generators.Tests.Protocols;

public sealed class RandomRunsTests
{
    private const int Declarations = 20;
    private const int RunsOfEach = 50;
    private const int StepsOfARun = 60;

    // The size of the generated lanes grows with the number of state pairs.
    private const int MostStates = 7;

    [Fact]
    public void A_thousand_random_runs_of_verified_declarations_succeed_and_end_in_one_state()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var declarations = Enumerable.Range(0, Declarations).Select(number => $"namespace N{number}\n{{\n{NextDuplex(random).ToSource("P")}}}\n").ToArray();
        var assembly = Compile(declarations);
        var (splits, sends) = (0, 0);

        for (var number = 0; number < Declarations; number++)
        {
            for (var run = 0; run < RunsOfEach; run++)
            {
                try
                {
                    Play(assembly, $"N{number}.P", random, ref splits, ref sends);
                }
                catch (Exception exception) when (exception is TargetInvocationException or InvalidOperationException or SessionException or Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"seed {seed}, run {run} of\n{declarations[number]}\n{exception.GetBaseException()}");
                }
            }
        }

        Assert.True(splits > 100, $"only {splits} runs were split");
        Assert.True(sends > 5000, $"only {sends} messages were sent");
    }

    private static void Play(Assembly assembly, string name, Random random, ref int splits, ref int sends)
    {
        var (one, other) = InMemoryChannel.CreatePair();
        var client = new RandomPlayer(assembly.GetType(name + "Client")!, one, random);
        var server = new RandomPlayer(assembly.GetType(name + "Server")!, other, random);
        for (var step = 0; step < StepsOfARun; step++)
        {
            var (mover, peer) = random.Next(2) == 0 ? (client, server) : (server, client);
            if (!mover.Move())
                continue;
            peer.Arriving++;
            sends++;
        }

        client.Settle();
        server.Settle();
        Assert.Equal(client.State, server.State);
        splits += client.Splits + server.Splits;
    }

    /// <summary>Creates a random declaration that the oracle accepts, with a state in which both roles may send.</summary>
    private static SampleDeclaration NextDuplex(Random random)
    {
        while (true)
        {
            var declaration = RandomDeclarations.NextRight(random);
            if (declaration.States.Count <= MostStates && declaration.States.Any(state => state.Transitions.Select(transition => transition.Sender).Distinct().Count() > 1))
                return declaration;
        }
    }

    private static Assembly Compile(string[] declarations)
    {
        Compiled.CreateDriver().RunGeneratorsAndUpdateCompilation(
            Compiled.CreateCompilation(declarations), out var compilation, out _, TestContext.Current.CancellationToken);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(5)));
        return Assembly.Load(image.ToArray());
    }
}
