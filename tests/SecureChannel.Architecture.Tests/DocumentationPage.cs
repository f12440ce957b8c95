using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>The C# of a documentation page: its blocks build on each other, and on the page's hidden context.</summary>
internal sealed partial class DocumentationPage
{
    private readonly List<(string Path, string Text)> _declarations;
    private readonly List<(string Path, string Text)> _programs;

    public DocumentationPage(string page)
    {
        var blocks = Blocks.Matches(File.ReadAllText(Repository.PathOf(page)).ReplaceLineEndings("\n"))
            .Select((match, index) => (Path: $"{page} block {index + 1}", Text: match.Groups[1].Value))
            .ToList();
        _programs = [.. blocks.Where(block => Parse(block.Text).Members.Any(member => member is GlobalStatementSyntax))];
        // A page imports each namespace once, where it first needs it.
        var usings = blocks.SelectMany(block => Parse(block.Text).Usings).Select(directive => $"global {directive.ToString()}").Distinct();
        _declarations = [.. blocks.Except(_programs), ("Usings", string.Join('\n', usings)), ("Context", ReaderContext.Of(Path.GetFileName(page)))];
    }

    /// <summary>Compiles each program of the page with the page's declarations, or the declarations alone.</summary>
    public IEnumerable<Compilation> Compile() => _programs.Count == 0
        ? [Compile(_declarations, OutputKind.DynamicallyLinkedLibrary)]
        : _programs.Select(program => Compile([.. _declarations, program], OutputKind.ConsoleApplication));

    /// <summary>Returns the diagnostics of the compiler and of the project's own rules.</summary>
    public static async Task<IEnumerable<Diagnostic>> GetDiagnosticsAsync(Compilation compilation, CancellationToken cancellationToken)
    {
        var rules = Assembly.Load("SecureChannel.Analyzers").GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(DiagnosticAnalyzer)) && !type.IsAssignableTo(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type, nonPublic: true)!);
        return compilation.GetDiagnostics(cancellationToken).Concat(await compilation.WithAnalyzers([.. rules]).GetAnalyzerDiagnosticsAsync(cancellationToken));
    }

    private static Compilation Compile(IEnumerable<(string Path, string Text)> sources, OutputKind kind)
    {
        var compilation = Compiled.AgainstLibrary(sources, kind);
        // CS1701: assemblies for an older .NET run on a newer one; the SDK suppresses it too.
        return compilation
            .AddReferences(new[] { "xunit.v3.assert", "xunit.v3.common", "xunit.v3.core" }.Select(name => MetadataReference.CreateFromFile(Assembly.Load(name).Location)))
            .WithOptions(compilation.Options.WithSpecificDiagnosticOptions([KeyValuePair.Create("CS1701", ReportDiagnostic.Suppress)]));
    }

    private static CompilationUnitSyntax Parse(string code) =>
        CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken).GetCompilationUnitRoot(TestContext.Current.CancellationToken);

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }
}
