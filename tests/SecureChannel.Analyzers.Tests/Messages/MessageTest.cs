using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.Analyzers.Tests.Messages;

/// <summary>Runs all rules about messages on a source and compares the diagnostics with the marks in it: <c>{|SCH1008:...|}</c>.</summary>
internal static partial class MessageTest
{
    public const string Usings = "using System; using System.Collections.Generic; using System.Collections.Immutable; using SecureChannel; using SecureChannel.Messages;\n";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
    [
        .. typeof(MessageAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(MessageRule)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    /// <summary>Compares the diagnostics with the marks in a source. Informational diagnostics count only if <paramref name="informs"/> is set.</summary>
    public static async Task CheckAsync(string source, bool informs = false)
    {
        var marks = new List<string>();
        var plain = Mark().Replace(source, match =>
        {
            marks.Add($"{match.Groups["id"].Value} {match.Groups["text"].Value}");
            return match.Groups["text"].Value;
        });
        var found = (await ReportAsync(plain)).Where(diagnostic => informs || diagnostic.Severity > DiagnosticSeverity.Info);
        Assert.Equal(marks.Order(), found.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}").Order());
    }

    /// <summary>Runs all rules on a source.</summary>
    public static Task<ImmutableArray<Diagnostic>> ReportAsync(string source) =>
        ReportAsync(CSharpSyntaxTree.ParseText(Usings + source, cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>Runs all rules on files.</summary>
    public static async Task<ImmutableArray<Diagnostic>> ReportAsync(params SyntaxTree[] files)
    {
        var compilation = CSharpCompilation.Create("Example", files, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var found = await compilation.WithAnalyzers(Rules).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
        return found;
    }

    [GeneratedRegex(@"\{\|(?<id>SCH\d+):(?<text>.*?)\|\}")]
    private static partial Regex Mark();
}
