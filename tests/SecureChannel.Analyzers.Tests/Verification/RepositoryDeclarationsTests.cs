using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Analyzers.Tests.Protocols;
using SecureChannel.Testing;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>The rules report nothing about the declarations of the library, its samples and its tests.</summary>
public sealed class RepositoryDeclarationsTests
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading.Tasks; global using SecureChannel;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    // Tests of rules, fixes and the generator contain invalid declarations on purpose.
    public static TheoryData<string> Files =>
    [
        .. Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs"))
            .Where(file => !new[] { "Analyzers.Tests", "CodeFixes.Tests", "Generators.Tests", "Testing" }.Any(project => file.StartsWith($"tests/SecureChannel.{project}/", StringComparison.Ordinal)))
            .Where(file => File.ReadLines(Repository.PathOf(file)).Any(line => line.StartsWith("[Protocol(", StringComparison.Ordinal) || line.StartsWith("[Handshake(", StringComparison.Ordinal))),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_rule_reports_more_than_information_about_a_declaration_of_the_repository(string file)
    {
        // The messages are in the same folder. Declarations need no generated code.
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
    public async Task SCH2001_reports_the_races_of_the_run_time_tests()
    {
        // The file disables the rules so that it compiles.
        var source = File.ReadAllText(Repository.PathOf("tests", "SecureChannel.Tests", "Protocols", "Races.cs")).Replace("#pragma warning disable", "//", StringComparison.Ordinal);
        var compilation = CSharpCompilation.Create(
            "Races", [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Usings)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var declarations = DeclarationTest.Read(compilation, compilation.SyntaxTrees[0]);

        var found = await DeclarationTest.ReportAsync(compilation, compilation.SyntaxTrees[0]);

        Assert.True(declarations.Count >= 3);
        Assert.All(declarations, declaration => Assert.Contains(found, diagnostic => diagnostic.Id == "SCH2001" && declaration.Syntax.Span.Contains(diagnostic.Location.SourceSpan)));
    }
}
