using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Benchmarks.Generator;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>What a build pays for is source that has to be compiled: a message gives little of it.</summary>
public sealed class GeneratedSizeTests
{
    // 1.4 KB, of 1024 bytes each, as the table of what the generator costs counts them.
    private const int MostBytes = 1433;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    [Fact]
    public void Each_of_500_average_messages_gives_at_most_1_4_KB_of_source_that_compiles()
    {
        // The types carry the attribute of another serializer too, whose package is not needed here.
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
        Assert.All(result.GeneratedTrees, tree => Assert.InRange(Encoding.UTF8.GetByteCount(tree.ToString()), 400, MostBytes));
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning));
    }
}
