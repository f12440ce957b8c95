using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.Analyzers.Tests.Protocols;

/// <summary>
/// Runs all rules about declarations on a source, as an IDE does on an open file, and compares the diagnostics with the marks in it: <c>{|SCH2001:...|}</c>, or
/// <c>{|SCH2001,SCH2002:...|}</c> for several at one location.
/// </summary>
internal static partial class DeclarationTest
{
    /// <summary>Messages A to H with the codes 1 to 8, and other messages that the examples use.</summary>
    private const string Messages = """
        using System;
        using SecureChannel;
        [Message(1)] public readonly partial record struct A; [Message(2)] public readonly partial record struct B; [Message(3)] public readonly partial record struct C;
        [Message(4)] public readonly partial record struct D; [Message(5)] public readonly partial record struct E; [Message(6)] public readonly partial record struct F;
        [Message(7)] public readonly partial record struct G; [Message(8)] public readonly partial record struct H;
        [Message(20)] public sealed partial record Say(string Text); [Message(21)] public readonly partial record struct Goodbye;
        [VariantOf<A>] public readonly partial record struct SpecialA; [VariantOf<A>] public readonly partial record struct OtherA;
        [Message(22)] public readonly ref partial struct Chunk; [Message] public readonly partial record struct Part; [Message(1)] public readonly partial record struct AlsoA;
        namespace Other { [Message(31)] public readonly partial record struct A; }

        """;

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
    [
        .. typeof(DeclarationRule).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.Name.StartsWith("SCH2", StringComparison.Ordinal) && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>
    /// Checks the marks and returns the diagnostics in file order. Informational diagnostics count only if <paramref name="informs"/> is set.
    /// </summary>
    public static async Task<IReadOnlyList<Diagnostic>> CheckAsync(string source, bool informs = false)
    {
        var marks = new List<string>();
        var plain = Mark().Replace(source, match =>
        {
            marks.AddRange(match.Groups["ids"].Value.Split(',').Select(id => $"{id} {match.Groups["text"].Value}"));
            return match.Groups["text"].Value;
        });
        var found = await ReportAsync(plain);
        Diagnostic[] relevant = [.. found.Where(diagnostic => informs || diagnostic.Severity > DiagnosticSeverity.Info)];
        Assert.Equal(marks.Order(), relevant.Select(diagnostic => $"{diagnostic.Id} {TextOf(diagnostic)}").Order());
        return relevant;
    }

    /// <summary>Gets the diagnostics of all rules on a source that uses the messages above, in file order.</summary>
    public static Task<IReadOnlyList<Diagnostic>> ReportAsync(string source)
    {
        var compilation = Compile(source);
        // A source that does not compile would test nothing.
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return ReportAsync(compilation, compilation.SyntaxTrees[0]);
    }

    /// <summary>Gets the diagnostics of all rules on a file, in file order, as an IDE requests them: without compilation-end diagnostics.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> ReportAsync(CSharpCompilation compilation, SyntaxTree tree)
    {
        var failed = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (exception, _, _) => failed.Add(exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var found = await new CompilationWithAnalyzers(compilation, Rules, options)
            .GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, TestContext.Current.CancellationToken);
        Assert.Empty(failed);
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];
    }

    /// <summary>Reads the only declaration in a source that uses the messages above.</summary>
    public static DeclaredEnum Read(string source)
    {
        var compilation = Compile(source);
        return Read(compilation, compilation.SyntaxTrees[0]).Single();
    }

    /// <summary>Reads the declarations in a file.</summary>
    public static IReadOnlyList<DeclaredEnum> Read(CSharpCompilation compilation, SyntaxTree tree) =>
    [
        .. tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<EnumDeclarationSyntax>()
            .Select(syntax => DeclaredEnumReader.Read(syntax, compilation.GetSemanticModel(tree), TestContext.Current.CancellationToken)).OfType<DeclaredEnum>(),
    ];

    /// <summary>Compiles a source that uses the messages above; it can contain errors.</summary>
    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Declarations",
        [CSharpSyntaxTree.ParseText(Messages + source, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14), "Declaration.cs", cancellationToken: TestContext.Current.CancellationToken)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static string TextOf(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    [GeneratedRegex(@"\{\|(?<ids>SCH[\d,SCH]+):(?<text>.*?)\|\}")]
    private static partial Regex Mark();
}
