using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>Rules for all generated code of protocols.</summary>
public sealed class GeneratedNameTests
{
    private const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"SecureChannel\", \"0.2.0\")]";

    private static readonly Compiled Bank = new(BankSource.Messages, BankSource.Protocol);
    private static readonly Compiled Chat = new(ChatSource.Text);

    public static TheoryData<string> Files { get; } = ["BankClient", "BankServer", "ChatClient", "ChatServer"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_generated_type_has_the_GeneratedCode_attribute(string file)
    {
        var types = TreeOf(file).GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>().ToArray();

        Assert.True(types.Length > 8);
        Assert.All(types, type => Assert.Equal([GeneratedCode], type.AttributeLists.Select(list => list.ToString())));
    }

    [Fact]
    public void The_GeneratedCode_attribute_has_the_version_of_the_package() =>
        Assert.Contains($"\"{typeof(ProtocolGenerator).Assembly.GetName().Version!.ToString(3)}\"", GeneratedCode);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_name_outside_the_generated_class_is_qualified_with_global(string file)
    {
        var tree = TreeOf(file);
        var model = CompilationOf(file).GetSemanticModel(tree);
        var names = tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>()
            .Where(name => name.Parent is not AliasQualifiedNameSyntax and not NamespaceDeclarationSyntax and not FileScopedNamespaceDeclarationSyntax
                && !IsRightOf(name.Parent, name) && !name.IsVar)
            .Select(name => (Name: name, model.GetSymbolInfo(name).Symbol))
            .Where(found => found.Symbol is INamedTypeSymbol or INamespaceSymbol)
            .ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, found => Assert.True(IsGeneratedIn(found.Symbol!, tree), $"{found.Name} in: {found.Name.Parent}"));
    }

    private static bool IsRightOf(SyntaxNode? parent, SimpleNameSyntax name) => parent switch
    {
        QualifiedNameSyntax qualified => qualified.Right == name,
        MemberAccessExpressionSyntax access => access.Name == name,
        QualifiedCrefSyntax cref => cref.Member.Span.Contains(name.Span),
        NameMemberCrefSyntax { Parent: QualifiedCrefSyntax } => true,
        _ => false,
    };

    private static bool IsGeneratedIn(ISymbol symbol, SyntaxTree tree) => symbol.Locations.Any(location => location.SourceTree == tree);

    private static SyntaxTree TreeOf(string file) => CompilationOf(file).SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == $"Example.{file}.g.cs");

    private static Compilation CompilationOf(string file) => file.StartsWith("Bank", StringComparison.Ordinal) ? Bank.Compilation : Chat.Compilation;
}
