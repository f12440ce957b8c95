using System.Reflection;
using Microsoft.CodeAnalysis;
using SecureChannel.Model.Declarations;
using SecureChannel.Protocols;

namespace SecureChannel.Generators.Tests.Protocols;

public sealed class RandomRunsTests
{
    private const int Declarations = 20;
    private const int RunsOfEach = 50;
    private const int StepsOfARun = 60;

    private static readonly string Messages = "using SecureChannel;\n" + string.Concat(
        Enumerable.Range(1, RandomDeclarations.Messages).Select(code => $"[Message({code})] internal readonly partial record struct M{code};\n"));

    [Fact]
    public void A_thousand_random_legal_runs_of_random_declarations_that_verify_meet_no_refusal_and_end_in_one_state()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var declarations = Choose(random);
        var assembly = Compile(declarations.Select(declaration => declaration.Text));
        var (splits, moves) = (0, 0);

        foreach (var (name, text) in declarations)
        {
            for (var run = 0; run < RunsOfEach; run++)
            {
                try
                {
                    Play(assembly, name, random, ref splits, ref moves);
                }
                catch (Exception exception) when (exception is TargetInvocationException or InvalidOperationException or SessionException or Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"seed {seed}, run {run} of\n{text}\n{exception.GetBaseException()}");
                }
            }
        }

        Assert.True(splits > 100, $"only {splits} runs were split");
        Assert.True(moves > 5000, $"only {moves} messages were sent");
    }

    private static void Play(Assembly assembly, string name, Random random, ref int splits, ref int moves)
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
            moves++;
        }

        client.Settle();
        server.Settle();
        Assert.Equal(client.State, server.State);
        splits += client.Splits + server.Splits;
    }

    /// <summary>Random declarations that verify, with a state in which both may send.</summary>
    private static (string Name, string Text)[] Choose(Random random)
    {
        var candidates = Enumerable.Range(0, 300).Select(index => (Name: $"P{index}", Text: RandomDeclarations.Write($"P{index}", random))).ToArray();
        var compilation = Compiled.CreateCompilation([Messages, "using SecureChannel;\n" + string.Concat(candidates.Select(candidate => candidate.Text))]);
        var chosen = candidates.Where(candidate => IsGood(compilation.GetTypeByMetadataName(candidate.Name)!)).Take(Declarations).ToArray();
        Assert.Equal(Declarations, chosen.Length);
        return chosen;
    }

    private static bool IsGood(INamedTypeSymbol type)
    {
        var attribute = type.GetAttributes().Single(found => found.AttributeClass!.Name == "ProtocolAttribute");
        var declaration = DeclarationReader.Read(type, attribute, TestContext.Current.CancellationToken)!;
        return declaration.States.Any(state => state.IsDuplex) && RandomDeclarations.Verifies(declaration);
    }

    private static Assembly Compile(IEnumerable<string> declarations)
    {
        Compiled.CreateDriver().RunGeneratorsAndUpdateCompilation(
            Compiled.CreateCompilation([Messages, "using SecureChannel;\n" + string.Concat(declarations)]), out var compilation, out _, TestContext.Current.CancellationToken);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(5)));
        return Assembly.Load(image.ToArray());
    }
}
