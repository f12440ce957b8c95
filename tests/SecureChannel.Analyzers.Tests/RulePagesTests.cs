using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Analyzers.Protocols;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests;

/// <summary>The page of each rule agrees with its descriptor, and its examples compile and have the diagnostics that the page shows.</summary>
public sealed partial class RulePagesTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(MessageAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static TheoryData<string> Ids => [.. Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_wrong_example_is_reported_and_the_right_one_is_not(string id)
    {
        var page = await ReadAsync(id);
        Assert.Contains(await ReportAsync(page, "Wrong"), diagnostic => diagnostic.Id == id);
        // Other rules about declarations must not report more than information either.
        Assert.DoesNotContain(
            await ReportAsync(page, "Right"),
            diagnostic => diagnostic.Id == id || (diagnostic.Id.StartsWith("SCH2", StringComparison.Ordinal) && diagnostic.Severity > DiagnosticSeverity.Info));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_heading_is_the_title_and_the_first_paragraph_is_the_description(string id)
    {
        var page = await ReadAsync(id);
        var rules = Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(rule => rule.Id == id).ToArray();
        Assert.Equal($"# {id}: {rules[0].Title}", page.Split('\n')[0]);
        // Code in backticks is quoted in the description.
        var paragraph = WhiteSpace().Replace(page.Split("\n\n")[1], " ").Trim().Replace('`', '\'');
        Assert.All(rules, rule =>
        {
            Assert.Equal(paragraph, rule.Description.ToString(CultureInfo.InvariantCulture));
            Assert.Equal($"{HelpLinkBase}{id}.md", rule.HelpLinkUri);
        });
    }

    [Fact]
    public void Each_descriptor_is_declared_in_the_table_of_its_range_and_supported_by_one_analyzer()
    {
        var tables = new[] { typeof(MessageDiagnostics), typeof(ProtocolDiagnostics), typeof(UsageDiagnostics) };
        foreach (var (table, range) in tables.Zip(["SCH1", "SCH2", "SCH3"]))
        {
            var declared = table.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>().ToArray();
            var supported = Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(rule => rule.Id.StartsWith(range, StringComparison.Ordinal));
            Assert.Equal(declared.OrderBy(rule => rule.Id).ThenBy(rule => rule.DefaultSeverity), supported.OrderBy(rule => rule.Id).ThenBy(rule => rule.DefaultSeverity));
        }
    }

    private static string HelpLinkBase => typeof(MessageAnalyzer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RuleHelpLinkBase").Value!;

    private static Task<string> ReadAsync(string id) =>
        File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", id + ".md"), TestContext.Current.CancellationToken);

    private static async Task<ImmutableArray<Diagnostic>> ReportAsync(string page, string section)
    {
        var example = Regex.Match(page, $@"^## {section}\n+```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value;
        var tree = CSharpSyntaxTree.ParseText(RuleTest.Usings + example, cancellationToken: TestContext.Current.CancellationToken);
        var kind = example.StartsWith("static", StringComparison.Ordinal) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var compilation = CSharpCompilation.Create("Example", [tree], [.. BankLibrary.Platform, BankLibrary.Reference], new CSharpCompilationOptions(kind));
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
