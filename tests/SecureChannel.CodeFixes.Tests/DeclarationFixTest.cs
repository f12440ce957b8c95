using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SecureChannel.CodeFixes.Tests;

/// <summary>Applies a fix to a declaration and checks that only marked diagnostics remain.</summary>
internal static class DeclarationFixTest
{
    private const string Messages = """
        using System;
        using SecureChannel;
        [Message(1)] public readonly partial record struct A; [Message(2)] public readonly partial record struct B; [Message(3)] public readonly partial record struct C;
        [Message(4)] public readonly partial record struct D; [Message(5)] public readonly partial record struct E;
        namespace Other { [Message(31)] public readonly partial record struct A; }

        """;

    /// <summary>Checks a fix.</summary>
    /// <param name="source">The declaration, with the locations of diagnostics in <c>[|...|]</c>.</param>
    /// <param name="expected">The declaration after the fix.</param>
    /// <param name="index">The index of the fix among those that are offered.</param>
    /// <param name="steps">The number of fixes that are applied one after another.</param>
    public static Task CheckAsync<TRule, TFix>(string source, string expected, int index = 0, int steps = 1)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TRule, TFix, DefaultVerifier>
        {
            TestCode = Messages + source,
            FixedCode = Messages + expected,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            CodeActionIndex = index,
            NumberOfIncrementalIterations = steps,
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck,
        };
        test.TestState.AdditionalReferences.AddRange(Net100.References.All);
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
