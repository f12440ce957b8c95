using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>Source text that is compiled with the generators, as in a user's project.</summary>
internal sealed class Compiled
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14).WithDocumentationMode(DocumentationMode.Diagnose);

    private static readonly MetadataReference[] References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(ProtocolAttribute).Assembly.Location)];

    public Compiled(params string[] sources)
    {
        Driver = CreateDriver().RunGeneratorsAndUpdateCompilation(CreateCompilation(sources), out var compilation, out _);
        Compilation = compilation;
    }

    public GeneratorDriver Driver { get; }

    /// <summary>Gets the compilation, including the generated code.</summary>
    public Compilation Compilation { get; }

    /// <summary>Gets errors and warnings, because users may treat warnings as errors.</summary>
    public string[] Problems => [.. Compilation.GetDiagnostics()
        .Where(found => found.Severity >= DiagnosticSeverity.Warning)
        .Select(found => found.ToString())];

    public string[] Errors => [.. Compilation.GetDiagnostics()
        .Where(found => found.Severity == DiagnosticSeverity.Error)
        .Select(found => found.ToString())];

    public string[] FileNames => [.. Driver.GetRunResult().GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath))];

    public static CSharpCompilation CreateCompilation(params string[] sources) => CSharpCompilation.Create(
        "UsersCode",
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, Options, $"Source{index}.cs")),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        typeof(ProtocolGenerator).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<GeneratorAttribute>() is not null)
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator()),
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public string TextOf(string fileName) => Driver.GetRunResult().GeneratedTrees.Single(tree => Path.GetFileName(tree.FilePath) == fileName).ToString();
}
