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
}
