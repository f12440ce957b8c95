using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Model;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>Tests of the edits that change declarations. A cached model is reused only if no declaration changed.</summary>
public sealed class MessageCacheTests
{
    private const string Other = "namespace Bank; class Other { int _x = 1; int X() { return 1; } int Y => 2; Other() { X(); } } enum Currency : byte { Euro = 1 }";

    [Theory]
    [InlineData("return 1;", "return 3;")]
    [InlineData("=> 2", "=> X()")]
    [InlineData("{ X(); }", "{ int local = 3; X(); }")]
    [InlineData("class Other", "/* a comment */ class Other")]
    public void An_edit_inside_a_body_does_not_change_the_declarations(string old, string @new) =>
        Assert.Equal(Of(Other), Of(Other.Replace(old, @new, StringComparison.Ordinal)));

    [Theory]
    [InlineData("_x = 1", "_x = 2")]
    [InlineData("int X()", "long X()")]
    [InlineData("int Y => 2", "int Y { get; } = 2")]
    [InlineData("byte", "short")]
    [InlineData("Euro = 1", "Euro = 2")]
    [InlineData("class Other", "[System.Obsolete] class Other")]
    [InlineData("class Other", "\n#nullable disable\nclass Other")]
    [InlineData("{ return 1; }", "{\n#if X\n} class Transfer {\n#endif\n return 1; }")]
    [InlineData("namespace Bank;", "global using System; namespace Bank;")]
    public void An_edit_outside_of_bodies_changes_the_declarations(string old, string @new) =>
        Assert.NotEqual(Of(Other), Of(Other.Replace(old, @new, StringComparison.Ordinal)));

    [Fact]
    public void A_change_of_the_size_of_an_enum_in_another_file_changes_the_codec()
    {
        var before = Compile("namespace Bank; public enum Currency : byte;");
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[1], CSharpSyntaxTree.ParseText("namespace Bank; public enum Currency : long;"));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new MessageGenerator());
        Assert.Contains("=> 1;", Codec(driver = driver.RunGenerators(before, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Contains("=> 8;", Codec(driver.RunGenerators(after, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    private static string Codec(GeneratorDriver driver) => Assert.Single(driver.GetRunResult().GeneratedTrees).ToString();

    private static DeclaredSources Of(string other) => DeclaredSources.Of(Compile(other));

    private static CSharpCompilation Compile(string other) => CSharpCompilation.Create(
        "Tests",
        [Message, CSharpSyntaxTree.ParseText(other)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static readonly SyntaxTree Message = CSharpSyntaxTree.ParseText("namespace Bank; [SecureChannel.Message] public partial record struct Price(Currency Currency);");

    private static readonly MetadataReference[] References =
        [.. Basic.Reference.Assemblies.Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)];
}
