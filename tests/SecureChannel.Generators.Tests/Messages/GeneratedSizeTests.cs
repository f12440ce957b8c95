using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Benchmarks.Generator;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>Tests of the size of generated source, which determines the cost of a build.</summary>
public sealed class GeneratedSizeTests
{
    // 1.4 KB of 1024 bytes each, as in the table of the cost of the generator.
    private const int MaxBytes = 1433;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    [Fact]
    public void The_generated_source_of_each_of_500_average_messages_has_at_most_1_4_KB()
    {
        // The types also have the attribute of another serializer. This stub replaces its package.
        const string Other = "namespace MemoryPack; [System.AttributeUsage(System.AttributeTargets.Class)] public sealed class MemoryPackableAttribute : System.Attribute;";
        var compilation = CSharpCompilation.Create(
            "FiveHundred",
            FiveHundredTypes.Files().Append(("Other.cs", Other)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, Options, file.Item1, cancellationToken: TestContext.Current.CancellationToken)),
            [.. Basic.Reference.Assemblies.Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var result = CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, TestContext.Current.CancellationToken)
            .GetRunResult();

        Assert.Equal(500, result.GeneratedTrees.Length);
        Assert.All(result.GeneratedTrees, tree => Assert.InRange(Encoding.UTF8.GetByteCount(tree.ToString()), 400, MaxBytes));
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning));
    }
}
