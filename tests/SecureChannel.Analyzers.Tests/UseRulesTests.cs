using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Tests;

/// <summary>What holds for all rules of use together.</summary>
public sealed class UseRulesTests
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules =
        [.. typeof(SCH3001SendBeforeEstablished).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && type.Name.StartsWith("SCH3", StringComparison.Ordinal) && !type.IsSubclassOf(typeof(DiagnosticSuppressor)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    public static TheoryData<string> Programs => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(AppContext.BaseDirectory, path))];

    [Fact]
    public async Task Generated_code_of_the_same_compilation_is_understood_and_nothing_is_reported_in_it()
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
    public async Task A_program_that_is_being_written_never_breaks_a_rule(string program)
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
    public async Task Bodies_of_every_kind_that_are_being_written_never_break_a_rule()
    {
        // Every case of the rule with the most of them, cut at each twentieth character.
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
        // What a compiler says of a rule that has thrown.
        Assert.DoesNotContain(reported, diagnostic => diagnostic.Id == "AD0001");
        return reported;
    }
}
