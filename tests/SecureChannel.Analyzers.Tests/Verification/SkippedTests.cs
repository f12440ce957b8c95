using Microsoft.CodeAnalysis;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>The generator is silent about what it leaves out. Whatever that is, a rule says so.</summary>
public sealed class SkippedTests
{
    private static readonly string[] States = ["Start", "Begin", "Split", "@event", "A", "B", "PClient", "Handler", "Middle", "End"];
    private static readonly string[] Messages = ["A", "A", "B", "B", "C", "D", "AlsoA", "Other.A", "Chunk", "Part", "SpecialA", "string", "int[]"];
    private static readonly string[] Names = ["", "", "", "", ", As = \"Named\"", ", As = \"Reply\"", ", As = \"two words\"", ", As = \"B\""];

    [Fact]
    public async Task What_the_generator_leaves_out_has_a_rule_that_tells_why()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var skipped = 0;
        for (var number = 0; number < 150; number++)
        {
            var source = Make(random);
            var declaration = DeclarationTest.Read(source);
            if (declaration.Model is { States.Count: > 0 } model && IsWhole(declaration, model))
            {
                continue;
            }

            skipped++;
            if ((await DeclarationTest.ReportAsync(source)).All(diagnostic => diagnostic.Severity < DiagnosticSeverity.Warning))
            {
                Assert.Fail($"Seed {seed}, declaration {number}: nothing is said about\n{source}");
            }
        }

        Assert.InRange(skipped, 50, 150);
    }

    private static bool IsWhole(DeclaredEnum declaration, DeclarationModel model) =>
        declaration.Transitions.All(transition => transition.TransitionCount > 0)
        && (model.Kind == DeclarationKind.Protocol
            ? new RoleView(model, RoleModel.Client).IsComplete && new RoleView(model, RoleModel.Server).IsComplete
            : model.States.All(state => state.Transitions.All(transition => transition.Message.Code is not null)));

    private static string Make(Random random)
    {
        var states = random.GetItems(States, 4).Distinct().ToArray();
        var handshake = random.Next(4) == 0;
        var members = states.Select((state, index) =>
        {
            var transitions = Enumerable.Range(0, random.Next(3)).Select(_ =>
                $"[{(random.Next(2) == 0 ? "Client" : "Server")}<{Pick(Messages)}>({(random.Next(8) == 0 ? Pick(["\"End\"", "7", "(P)9", "null!"]) : Pick(states))}{Pick(Names)})] ");
            return string.Concat(transitions) + (random.Next(3) == 0 ? handshake ? "[Established] " : "[Final] " : "") + state + (random.Next(12) == 0 ? $" = {index + 1}" : "");
        });
        var anytime = random.Next(5) == 0 ? $"[Anytime<{Pick(Messages)}>] " : "";
        return $"{anytime}[{(handshake ? "Handshake" : "Protocol")}(\"p/1\")] public enum P {{ {string.Join(", ", members)} }}";

        string Pick(string[] items) => items[random.Next(items.Length)];
    }
}
