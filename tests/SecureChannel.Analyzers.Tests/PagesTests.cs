using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Tests;

/// <summary>The examples of the rules' pages compile, and do what the page says.</summary>
public sealed class PagesTests
{
    public static TheoryData<Type> Rules => [.. typeof(SCH3001SendBeforeEstablished).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_wrong_example_is_flagged_and_the_right_one_is_not(Type rule)
    {
        var analyzer = (DiagnosticAnalyzer)Activator.CreateInstance(rule)!;
        var id = analyzer.SupportedDiagnostics[0].Id;
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", id + ".md"), TestContext.Current.CancellationToken);
        Assert.Contains(await ReportAsync(page, "Wrong"), diagnostic => diagnostic.Id == id);
        // Nor has any other rule about declarations more than information to give about it.
        Assert.DoesNotContain(
            await ReportAsync(page, "Right"),
            diagnostic => diagnostic.Id == id || (diagnostic.Id.StartsWith("SCH2", StringComparison.Ordinal) && diagnostic.Severity > DiagnosticSeverity.Info));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_s_class_starts_with_its_id_and_links_its_page(Type rule)
    {
        var analyzer = (DiagnosticAnalyzer)Activator.CreateInstance(rule)!;
        Assert.All(analyzer.SupportedDiagnostics, descriptor =>
        {
            Assert.StartsWith(descriptor.Id, rule.Name, StringComparison.Ordinal);
            Assert.EndsWith($"{descriptor.Id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
        });
    }

    private static async Task<ImmutableArray<Diagnostic>> ReportAsync(string page, string section)
    {
        var example = Regex.Match(page, $@"^## {section}\n+```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value;
        var tree = CSharpSyntaxTree.ParseText(RuleTest.Usings + example, cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create("Example", [tree],
            [.. BankLibrary.Platform, BankLibrary.Reference],
            new CSharpCompilationOptions(example.StartsWith("static", StringComparison.Ordinal) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary));
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return await compilation.WithAnalyzers([.. Rules.Select(rule => (DiagnosticAnalyzer)Activator.CreateInstance(rule.Data)!)]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }
}
