using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using SecureChannel.Analyzers.Tests;

namespace SecureChannel.CodeFixes.Tests;

/// <summary>Applies a fix to the body of a method that uses protocols.</summary>
internal static class UsageFixTest
{
    public static Task CheckAsync<TRule, TFix>(string body, string expected)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TRule, TFix, DefaultVerifier>
        {
            TestCode = Around(body),
            FixedCode = Around(expected),
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            CompilerDiagnostics = CompilerDiagnostics.Errors,
        };
        var rule = new TRule().SupportedDiagnostics[0];
        foreach (var state in new[] { test.TestState, test.FixedState })
        {
            state.AdditionalReferences.AddRange([.. BankLibrary.Platform, BankLibrary.Reference]);
            if (state.Sources[0].content.ToString().Contains("{|#0:", StringComparison.Ordinal))
                state.ExpectedDiagnostics.Add(new DiagnosticResult(rule.Id, rule.DefaultSeverity).WithLocation(0));
        }

        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Around(string body) => $$"""
        using System.Threading.Tasks;
        using Example;
        using SecureChannel.Protocols;

        public static class Case
        {
            public static async Task RunAsync(BankClient.Authenticating authenticating, BankClient.Ready ready, int closed, ChatClient.Talking.SendLane talker, ReceiveLane<ChatClient.Talking.Incoming> receiving)
            {
                await Task.Yield();
        {{body.Replace("[|", "{|#0:", StringComparison.Ordinal).Replace("|]", "|}", StringComparison.Ordinal)}}
            }
        }
        """;
}
