using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SecureChannel.Analyzers.Tests;

/// <summary>
/// Compiles a source against SecureChannel and compares the diagnostics of one rule with the marks in it: <c>{|error:...|}</c> and <c>{|warning:...|}</c>.
/// </summary>
internal static partial class RuleTest
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Threading;
        using System.Threading.Tasks;
        using SecureChannel;
        using SecureChannel.CodeAnalysis;
        using SecureChannel.CompilerServices;
        using SecureChannel.Protocols;
        using Example;

        """;

    public static Task CheckAsync<TRule>(string id, string source)
        where TRule : DiagnosticAnalyzer, new()
    {
        var test = new CSharpAnalyzerTest<TRule, DefaultVerifier>
        {
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            CompilerDiagnostics = CompilerDiagnostics.Errors,
        };
        test.DisabledDiagnostics.AddRange(new TRule().SupportedDiagnostics.Select(rule => rule.Id).Where(other => other != id));
        test.TestState.AdditionalReferences.AddRange([.. BankLibrary.Platform, BankLibrary.Reference]);
        var count = 0;
        test.TestCode = Usings + Mark().Replace(source, match =>
        {
            var severity = match.Groups[1].Value == "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
            test.ExpectedDiagnostics.Add(new DiagnosticResult(id, severity).WithLocation(count));
            return $"{{|#{count++}:";
        });
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\{\|(error|warning):")]
    private static partial Regex Mark();
}
