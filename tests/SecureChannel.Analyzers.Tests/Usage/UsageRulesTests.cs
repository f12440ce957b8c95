using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>Tests of all usage rules together.</summary>
public sealed class UsageRulesTests
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
        [.. typeof(SCH3001UsedBeforeEstablished).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && type.Name.StartsWith("SCH3", StringComparison.Ordinal) && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    public static TheoryData<string> Programs => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(AppContext.BaseDirectory, path))];

    [Fact]
    public async Task Rules_report_misuse_of_generated_code_but_nothing_inside_it()
    {
        var source = CSharpSyntaxTree.ParseText(RuleTest.Usings + """
            public static class Customer
            {
                public static async Task RunAsync(MessageChannel channel)
                {
                    var ready = BankClient.Begin(channel);
                    _ = await ready.SendAsync(new Login("a", "b"));
                    await ready.SendAsync(new Login("a", "b"));
                    _ = BankClient.Begin(channel).SendAsync(new Login("a", "b"));
                }
            }
            """, Options, "Customer.cs");
        var reported = await ReportAsync([.. BankLibrary.Trees, source]);
        Assert.Equal(["SCH3002", "SCH3003", "SCH3006", "SCH3008"], reported.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
        Assert.All(reported, diagnostic => Assert.Equal("Customer.cs", diagnostic.Location.SourceTree!.FilePath));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task No_rule_throws_on_an_incomplete_program(string program)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, program), TestContext.Current.CancellationToken);
        var random = new Random(7);
        foreach (var number in Enumerable.Range(1, 6))
        {
            var length = text.Length * number / 6;
            await ReportAsync([CSharpSyntaxTree.ParseText(RuleTest.Usings + text[..length], Options, "Truncated.cs")], BankLibrary.Reference);
            var (from, size) = (random.Next(text.Length), random.Next(1, 40));
            await ReportAsync([CSharpSyntaxTree.ParseText(RuleTest.Usings + text.Remove(from, Math.Min(size, text.Length - from)), Options, "Torn.cs")], BankLibrary.Reference);
        }
    }

    [Fact]
    public async Task No_rule_throws_on_incomplete_bodies()
    {
        // Each case of the rule with the most cases, cut at every twentieth character.
        var trees = SCH3002Tests.Bodies.SelectMany(body => Enumerable.Range(1, body.Length / 20).Select(part => body[..(part * 20)])).Select((body, index) =>
            CSharpSyntaxTree.ParseText(RuleTest.Usings + $$"""
                class Case{{index}}
                {
                    async Task RunAsync(MessageChannel channel, BankClient.Authenticating authenticating, BankClient.Ready ready, BankClient.Answering answering, bool flag, int number)
                    {
                        {{body}}
                """, Options, $"Case{index}.cs"));
        await ReportAsync(trees, BankLibrary.Reference);
    }

    private static async Task<ImmutableArray<Diagnostic>> ReportAsync(IEnumerable<SyntaxTree> trees, params MetadataReference[] references)
    {
        var compilation = CSharpCompilation.Create("Program", trees, [.. BankLibrary.Platform, .. references], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var reported = await compilation.WithAnalyzers(Rules).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        // The compiler reports AD0001 for a rule that throws.
        Assert.DoesNotContain(reported, diagnostic => diagnostic.Id == "AD0001");
        return reported;
    }
}
