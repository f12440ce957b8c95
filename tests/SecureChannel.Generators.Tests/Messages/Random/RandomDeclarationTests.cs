using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>Tests of random declarations: a message survives a round trip, accepted input is written back unchanged, and nothing throws.</summary>
public sealed class RandomDeclarationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_come_back_and_accepted_bytes_are_the_only_ones_for_their_value(int seed)
    {
        // The messages of the second assembly contain messages of both assemblies.
        var first = new RandomDeclarations(seed, "First", []);
        var second = new RandomDeclarations(1000 + seed, "Second", first.Messages.Where(message => !message.MayBeEmpty));
        using var stream = Compile("First", first.Source, [Tools.Source], [], out var firstCompilation);
        using var secondStream = Compile("Second", second.Source, [], [MetadataReference.CreateFromImage(stream.ToArray())], out var secondCompilation);
        var context = new AssemblyLoadContext(null, isCollectible: true);
        context.Resolving += (_, name) => AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == name.Name);
        stream.Position = secondStream.Position = 0;
        var cases = Cases(context.LoadFromStream(stream), "First", firstCompilation).Concat(Cases(context.LoadFromStream(secondStream), "Second", secondCompilation)).ToArray();
        Assert.InRange(cases.Count(@case => @case.MaxSize is not null), 5, cases.Length);

        var values = new Values(seed);
        var accepted = cases.Sum(@case => Enumerable.Range(0, 6).Sum(_ => @case.Check(values)));
        // Half of the checks need accepted mutations.
        Assert.InRange(accepted, cases.Length * 6, cases.Length * 6 * 29);
    }

    private static MessageCase[] Cases(Assembly assembly, string namespaceName, Compilation compilation)
    {
        var cases = (MessageCase[])assembly.GetType($"{namespaceName}.Cases", throwOnError: true)!.GetProperty("All")!.GetValue(null)!;
        foreach (var @case in cases)
            @case.MaxSize = DeclarationReader.ReadMessage(compilation.GetTypeByMetadataName(@case.TypeName)!, TestContext.Current.CancellationToken).MaxSize;
        return cases;
    }

    private static MemoryStream Compile(string name, string source, string[] more, MetadataReference[] references, out Compilation output)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        var compilation = CSharpCompilation.Create(
            name,
            more.Prepend(source).Select(text => CSharpSyntaxTree.ParseText(text, options, cancellationToken: TestContext.Current.CancellationToken)),
            [
                .. Basic.Reference.Assemblies.Net100.References.All,
                MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location),
                MetadataReference.CreateFromFile(typeof(MessageCase).Assembly.Location),
                .. references,
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        var driver = CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: options);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out output, out _, TestContext.Current.CancellationToken);
        var stream = new MemoryStream();
        var result = output.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        var problems = output.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning).Take(20).Select(Show);
        Assert.True(result.Success && !problems.Any(), string.Join("\n", problems));
        return stream;
    }

    private static string Show(Diagnostic diagnostic)
    {
        var text = diagnostic.Location.SourceTree?.GetText(CancellationToken.None);
        return $"{diagnostic.GetMessage(CultureInfo.InvariantCulture)} in {text?.Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start)}";
    }
}
