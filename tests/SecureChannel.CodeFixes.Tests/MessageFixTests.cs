using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes.Tests;

public sealed class MessageFixTests
{
    [Theory]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1)] int [|X|]);", "[Message] public partial record struct A(int X);")]
    [InlineData("[Message] public partial record struct A([property: ByteLength(1), Obsolete] int [|X|]);", "[Message] public partial record struct A([property: Obsolete] int X);")]
    [InlineData(
        "[Message] public partial class A\n{\n    /// <summary>X.</summary>\n    [ByteLength(1)]\n    public int [|X|] { get; set; }\n}",
        "[Message] public partial class A\n{\n    /// <summary>X.</summary>\n    public int X { get; set; }\n}")]
    [InlineData("[Message] public partial record A([property: ByteLength(0, 40), ElementByteLength(1, 4)] int[] [|X|]);", "[Message] public partial record A([property: ByteLength(0, 40)] int[] X);")]
    public Task Removes_a_bound_that_bounds_nothing(string source, string expected) => CheckAsync<SCH1008BoundWithoutVector, SCH1008RemoveBound>(source, expected);

    [Theory]
    [InlineData("[Message] public partial record struct A([property: ClosedEnum] int [|X|]);", "[Message] public partial record struct A(int X);")]
    [InlineData("[Message] public partial class A { [ClosedEnum] public int [|X|] { get; set; } }", "[Message] public partial class A { public int X { get; set; } }")]
    public Task Removes_Closed_where_there_is_no_enum(string source, string expected) => CheckAsync<SCH1010ClosedWithoutEnum, SCH1010RemoveClosed>(source, expected);

    [Theory]
    [InlineData("[Message] file partial record struct [|A|](int X);", "[Message] internal partial record struct A(int X);")]
    [InlineData("file partial class Outer { [Message] public partial record struct [|A|](int X); }", "internal partial class Outer { [Message] public partial record struct A(int X); }")]
    public Task Makes_internal_what_its_file_keeps(string source, string expected) => CheckAsync<SCH1002MessageInFileOnly, SCH1002MakeInternal>(source, expected);

    private static Task CheckAsync<TRule, TFix>(string source, string expected)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TRule, TFix, DefaultVerifier>
        {
            TestCode = "using System;\nusing SecureChannel;\n" + source,
            FixedCode = "using System;\nusing SecureChannel;\n" + expected,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
        };
        test.TestState.AdditionalReferences.AddRange(Net100.References.All);
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
