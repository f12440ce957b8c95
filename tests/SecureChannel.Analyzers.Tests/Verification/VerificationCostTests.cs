using System.Diagnostics;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers.Protocols;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>The cost of verification, and the caching of its results.</summary>
public sealed class VerificationCostTests
{
    private const int Side = 14;

    [Fact]
    public void Verification_of_200_states_and_400_transitions_takes_less_than_50_ms()
    {
        var declaration = Models.Of(Grid());
        Assert.InRange(declaration.States.Count, 190, 210);
        Assert.InRange(declaration.States.Sum(state => state.Transitions.Count), 390, 420);
        // The fastest of several runs, because other work on the machine is not the cost of verification.
        Assert.InRange(Fastest(run => Assert.Empty(VerificationResult.Of(declaration with { ProtocolName = $"right/{run}" }).Crossings)), 0, 50);
    }

    [Fact]
    public void Verification_of_an_equally_large_declaration_with_many_errors_takes_no_longer()
    {
        var grid = Grid();
        // Every second transition leads to a different state.
        var wrong = Models.Of(grid with
        {
            States = [.. grid.States.Select((state, index) => state with
            {
                Transitions = [.. state.Transitions.Select((transition, place) => place % 2 == 1 ? transition with { Next = (transition.Next * 7) % grid.States.Count } : transition)],
            })],
        });
        Assert.InRange(Fastest(run => Assert.True(VerificationResult.Of(wrong with { ProtocolName = $"wrong/{run}" }).Crossings.Count > 20)), 0, 50);
    }

    [Fact]
    public void Declarations_of_equal_content_share_a_verification()
    {
        var declaration = RandomDeclarations.Next(new Random(7));
        var (one, other) = (Models.Of(declaration), Models.Of(declaration));
        Assert.NotSame(one, other);
        Assert.Same(VerificationResult.Of(one), VerificationResult.Of(other));
        Assert.NotSame(VerificationResult.Of(one), VerificationResult.Of(one with { ProtocolName = "other/1" }));
    }

    [Fact]
    public void Edit_inside_a_body_does_not_read_the_declaration_again()
    {
        var before = Compile("class Service { void Run() { } }");
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[1], Parse("class Service { void Run() { System.Console.WriteLine(); } }"));
        Assert.Same(Read(before), Read(after));
    }

    [Fact]
    public void Edit_of_another_declaration_reuses_the_verification()
    {
        var before = Compile("class Service { }");
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[1], Parse("class Service { void Run() { } }"));
        Assert.NotSame(Read(before), Read(after));
        Assert.Same(Read(before).Verification, Read(after).Verification);
    }

    [Fact]
    public void Edit_elsewhere_in_the_file_reuses_the_verification()
    {
        var before = Compile("");
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[0], Parse("// A comment.\n" + before.SyntaxTrees[0]));
        Assert.NotSame(Read(before), Read(after));
        Assert.Same(Read(before).Verification, Read(after).Verification);
    }

    [Fact]
    public void Edit_of_the_declaration_or_its_messages_verifies_again()
    {
        var before = Compile("");
        foreach (var (old, @new) in new[] { ("[SecureChannel.Final]", "[SecureChannel.Final, SecureChannel.Client<M1>(S0)]"), ("Message(1)", "Message(9)") })
        {
            var after = before.ReplaceSyntaxTree(before.SyntaxTrees[0], Parse(before.SyntaxTrees[0].ToString().Replace(old, @new, StringComparison.Ordinal)));
            Assert.NotSame(Read(before).Verification, Read(after).Verification);
        }
    }

    private static double Fastest(Action<int> run)
    {
        var fastest = Enumerable.Range(0, 8).Min(number =>
        {
            var start = Stopwatch.GetTimestamp();
            run(number);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{fastest:F1} ms");
        return fastest;
    }

    // Each role sends a chain of 13 messages of its own, in any order, and can repeat messages in the first row and column.
    private static SampleDeclaration Grid() => new(
        [.. Enumerable.Range(0, Side * Side).Select(cell => new SampleState(cell == (Side * Side) - 1,
        [
            .. cell / Side < Side - 1 ? [new SampleTransition(Role.Client, 100 + (cell / Side), cell + Side)] : Array.Empty<SampleTransition>(),
            .. cell % Side < Side - 1 ? [new SampleTransition(Role.Server, 200 + (cell % Side), cell + 1)] : Array.Empty<SampleTransition>(),
            .. cell / Side == 0 ? [new SampleTransition(Role.Client, 300, cell)] : Array.Empty<SampleTransition>(),
            .. cell % Side == 0 ? [new SampleTransition(Role.Server, 301, cell)] : Array.Empty<SampleTransition>(),
        ]))], []);

    private static DeclaredEnum Read(CSharpCompilation compilation)
    {
        var tree = compilation.SyntaxTrees[0];
        var syntax = tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<EnumDeclarationSyntax>().Single();
        return DeclaredEnumReader.Read(syntax, compilation.GetSemanticModel(tree), TestContext.Current.CancellationToken)!;
    }

    private static CSharpCompilation Compile(string beside) => CSharpCompilation.Create(
        "Costs",
        [Parse(new SampleDeclaration([new(false, [new(Role.Client, 1, 1)]), new(true, [])], []).ToSource("P")), Parse(beside)],
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken);
}
