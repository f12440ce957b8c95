using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests.Handshakes;

/// <summary>The source of a built-in handshake, which tests compile with changes.</summary>
internal sealed class HandshakeSource
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.Parse);

    private readonly string _folder;

    private HandshakeSource(string folder)
    {
        _folder = Repository.PathOf("src", "SecureChannel", folder);
        Declaration = File.ReadAllText(Path.Combine(_folder, "Handshake.cs"));
    }

    public static HandshakeSource KeyTransport { get; } = new("KeyTransport");

    public static HandshakeSource Tls13 { get; } = new("Tls13");

    public string Declaration { get; }

    /// <summary>Gets the numbers of the lines that declare transitions.</summary>
    public IEnumerable<int> TransitionLines => Declaration.Split('\n').Index().Where(line => IsTransition(line.Item)).Select(line => line.Index);

    public static bool IsTransition(string line) =>
        line.TrimStart().StartsWith("[Client<", StringComparison.Ordinal) || line.TrimStart().StartsWith("[Server<", StringComparison.Ordinal);

    /// <summary>Returns the declaration without one line.</summary>
    public string Without(int line) => string.Join('\n', Declaration.Split('\n').Where((_, index) => index != line));

    /// <summary>Creates a compilation of the handshake with another declaration and an additional file.</summary>
    public CSharpCompilation Create(string declaration, string unrelated = "")
    {
        var files = Directory.GetFiles(_folder, "*.cs").Order().Where(path => Path.GetFileName(path) != "Handshake.cs").Select(File.ReadAllText);
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

    public static Diagnostic[] Errors(CSharpCompilation compilation) =>
        [.. Generate(compilation).GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];

    public static Compilation Generate(CSharpCompilation compilation)
    {
        CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return generated;
    }
}
