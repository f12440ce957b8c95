using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH1001MakePartialTests
{
    [Theory]
    [InlineData("[Message(1)] class [|M|];", "[Message(1)] partial class M;")]
    [InlineData("[Message(1)] public readonly record struct [|M|](int A);", "[Message(1)] public readonly partial record struct M(int A);")]
    [InlineData("[Message(1)] readonly ref struct [|M|] { }", "[Message(1)] readonly ref partial struct M { }")]
    [InlineData("[Message(1)]\n// Why.\nstruct [|M|] { }", "[Message(1)]\n// Why.\npartial struct M { }")]
    [InlineData("[Union] public abstract record [|U|];", "[Union] public abstract partial record U;")]
    [InlineData("public class C { struct D { [Message(1)] class [|M|]; } }", "public partial class C { partial struct D { [Message(1)] partial class M; } }")]
    [InlineData("/// <summary>C.</summary>\nstatic class C\n{\n    [Message(1)] partial class [|M|];\n}", "/// <summary>C.</summary>\nstatic partial class C\n{\n    [Message(1)] partial class M;\n}")]
    public Task Adds_partial(string source, string expected) => CheckAsync(source, expected);

    [Fact]
    public Task Fixes_all_messages_of_one_type_at_once() => CheckAsync(
        "class C\n{\n    [Message(1)] class [|A|];\n    [Message(2)] partial class [|B|];\n    [Message(3)] record struct [|D|](int X);\n}",
        "partial class C\n{\n    [Message(1)] partial class A;\n    [Message(2)] partial class B;\n    [Message(3)] partial record struct D(int X);\n}");

    private static Task CheckAsync(string source, string expected)
    {
        var test = new CSharpCodeFixTest<MessageAnalyzer, SCH1001MakePartial, DefaultVerifier>
        {
            TestCode = "using SecureChannel;\n" + source.Replace("[|", "{|SCH1001:", StringComparison.Ordinal).Replace("|]", "|}", StringComparison.Ordinal),
            FixedCode = "using SecureChannel;\n" + expected,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck,
            // One fix can apply to a type that contains several messages.
            NumberOfIncrementalIterations = -3,
        };
        test.DisabledDiagnostics.AddRange(new MessageAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Where(id => id != "SCH1001"));
        test.TestState.AdditionalReferences.AddRange(Net100.References.All);
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
