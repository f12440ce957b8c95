using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests.Handshakes;

/// <summary>The library's own handshake as text, to be compiled with changes.</summary>
internal static class KeyTransportSource
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.Parse);

    public static string Folder { get; } = Repository.PathOf("src", "SecureChannel", "KeyTransport");

    public static string Declaration { get; } = File.ReadAllText(Path.Combine(Folder, "Handshake.cs"));

    public static IEnumerable<string> TransitionLines => Declaration.Split('\n').Where(line => line.TrimStart().StartsWith("[Client<", StringComparison.Ordinal)
        || line.TrimStart().StartsWith("[Server<", StringComparison.Ordinal));

    /// <summary>The handshake with another declaration, and another file beside it.</summary>
    public static CSharpCompilation Create(string declaration, string unrelated = "")
    {
        var files = Directory.GetFiles(Folder, "*.cs").Order().Where(path => Path.GetFileName(path) != "Handshake.cs").Select(File.ReadAllText);
        return CSharpCompilation.Create(
            "Copy",
            [.. new[] { declaration, unrelated, Usings }.Concat(files).Select((text, index) => CSharpSyntaxTree.ParseText(text, Options, $"{index}.cs"))],
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(HandshakeAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new HandshakeGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator()],
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static Diagnostic[] Errors(CSharpCompilation compilation)
    {
        CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return [.. generated.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }
}
