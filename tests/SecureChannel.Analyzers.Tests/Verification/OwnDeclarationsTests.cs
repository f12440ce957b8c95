using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Testing;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>The declarations of the library, of its samples and of the tests of what is generated: the rules hold for them too.</summary>
public sealed class OwnDeclarationsTests
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading.Tasks; global using SecureChannel;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    // What the tests of rules, fixes and generator declare is wrong on purpose.
    public static TheoryData<string> Files =>
    [
        .. Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs"))
            .Where(file => !new[] { "Analyzers.Tests", "CodeFixes.Tests", "Generators.Tests", "Testing" }.Any(project => file.StartsWith($"tests/SecureChannel.{project}/", StringComparison.Ordinal)))
            .Where(file => File.ReadLines(Repository.PathOf(file)).Any(line => line.StartsWith("[Protocol(", StringComparison.Ordinal) || line.StartsWith("[Handshake(", StringComparison.Ordinal))),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_rule_has_more_than_information_to_give_about_a_declaration_of_ours(string file)
    {
        // Messages stand in the same folder. What is generated is missing, but a declaration needs none of it.
        var folder = Path.GetDirectoryName(Repository.PathOf(file))!;
        var sources = Directory.EnumerateFiles(folder, "*.cs").Order().ToDictionary(path => path, File.ReadAllText);
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14), source.Key))
            .Append(CSharpSyntaxTree.ParseText(Usings));
        var compilation = CSharpCompilation.Create("Ours", trees, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == Repository.PathOf(file));

        var found = await DeclarationTest.ReportAsync(compilation, tree);

        Assert.NotEmpty(DeclarationTest.Read(compilation, tree));
        Assert.All(DeclarationTest.Read(compilation, tree), declaration => Assert.NotNull(declaration.Model));
        Assert.DoesNotContain(found, diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
    }

    [Fact]
    public async Task The_races_that_the_run_time_is_tested_with_are_found_at_compile_time()
    {
        // The file silences the rules, so that it compiles.
        var source = File.ReadAllText(Repository.PathOf("tests", "SecureChannel.Tests", "Protocols", "Races.cs")).Replace("#pragma warning disable", "//", StringComparison.Ordinal);
        var compilation = CSharpCompilation.Create(
            "Races", [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Usings)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var declarations = DeclarationTest.Read(compilation, compilation.SyntaxTrees[0]);

        var found = await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]);

        Assert.True(declarations.Count >= 3);
        Assert.All(declarations, declaration => Assert.Contains(found, diagnostic => diagnostic.Id == "SCH2001" && declaration.Syntax.Span.Contains(diagnostic.Location.SourceSpan)));
    }
}
