using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>The suppression of CS8509 on switch expressions over replies, for which SCH3005 knows all cases.</summary>
public sealed class SCH3005ExhaustiveSwitchSuppressorTests
{
    [Theory]
    [InlineData("BankClient.Authenticating.LoginAccepted => 1, BankClient.Authenticating.LoginRejected => 2")]
    [InlineData("BankClient.Authenticating.LoginAccepted(var a, var next) => 1, BankClient.Authenticating.LoginRejected(var b, _) => 2")]
    [InlineData("BankClient.Authenticating.LoginAccepted when reply.Equals(null) => 0, BankClient.Authenticating.LoginAccepted or BankClient.Authenticating.LoginRejected => 2")]
    public async Task CS8509_is_suppressed_on_a_switch_that_handles_each_case(string arms)
    {
        Assert.Contains("CS8509", await ReportAsync(arms, suppressed: false));
        Assert.Empty(await ReportAsync(arms, suppressed: true));
    }

    [Theory]
    [InlineData("BankClient.Authenticating.LoginAccepted => 1")]
    [InlineData("BankClient.Authenticating.LoginAccepted({ Account: 1 }, _) => 1, BankClient.Authenticating.LoginRejected => 2")]
    public async Task A_switch_that_misses_a_case_has_both_diagnostics(string arms) => Assert.Equal(["CS8509", "SCH3005"], await ReportAsync(arms, suppressed: true));

    [Theory]
    [InlineData("ChatClient.Talking.Incoming", "ChatClient.Talking.Incoming.Say(var say) => 1, ChatClient.Talking.Incoming.Leave => 2")]
    [InlineData("ChatClient.Talking.SendLane.Rejoined", "ChatClient.Talking.SendLane.Rejoined.Talking(var talking) => 1, ChatClient.Talking.SendLane.Rejoined.ServerLeft => 2")]
    public async Task CS8509_is_suppressed_on_switches_over_lanes(string reply, string arms)
    {
        Assert.Contains("CS8509", await ReportAsync(arms, suppressed: false, reply));
        Assert.Empty(await ReportAsync(arms, suppressed: true, reply));
        Assert.Equal(["CS8509", "SCH3005"], await ReportAsync(arms[..arms.IndexOf(" => 1", StringComparison.Ordinal)] + " => 1", suppressed: true, reply));
    }

    [Fact]
    public async Task CS8509_is_not_suppressed_on_other_switches()
    {
        Assert.Contains("CS8509", await ReportAsync("null => 1 }; public static int Other(int number) => number switch { 1 => 1", suppressed: true));
    }

    private static async Task<string[]> ReportAsync(string arms, bool suppressed, string reply = "BankClient.Authenticating.Reply")
    {
        var tree = CSharpSyntaxTree.ParseText(RuleTest.Usings + $$"""
            public static class Case
            {
                public static int Of({{reply}} reply) => reply switch { {{arms}} };
            }
            """);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error);
        var compilation = CSharpCompilation.Create("Case", [tree], [.. BankLibrary.Platform, BankLibrary.Reference], options);
        DiagnosticAnalyzer[] analyzers = suppressed ? [new SCH3005ExhaustiveSwitchSuppressor(), new SCH3005ReplyNotHandled()] : [new SCH3005ReplyNotHandled()];
        var reported = await compilation.WithAnalyzers([.. analyzers]).GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. reported.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal)];
    }
}
