using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.CodeFixes.Tests;

/// <summary>Applies a fix to a message.</summary>
internal static class MessageFixTest
{
    /// <summary>Checks a fix of a rule.</summary>
    /// <param name="id">The rule; other rules about messages are disabled.</param>
    /// <param name="source">The message, with the location of the diagnostic in <c>[|...|]</c>.</param>
    /// <param name="expected">The message after the fix.</param>
    public static Task CheckAsync<TFix>(string id, string source, string expected)
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<MessageAnalyzer, TFix, DefaultVerifier>
        {
            TestCode = "using System;\nusing SecureChannel;\n" + source.Replace("[|", $"{{|{id}:", StringComparison.Ordinal).Replace("|]", "|}", StringComparison.Ordinal),
            FixedCode = "using System;\nusing SecureChannel;\n" + expected,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
        };
        test.DisabledDiagnostics.AddRange(new MessageAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Where(other => other != id));
        test.TestState.AdditionalReferences.AddRange(Net100.References.All);
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
