using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.CodeFixes;

/// <summary>A fix of a field that removes an attribute which says nothing there.</summary>
public abstract class MessageFix : DeclarationFix
{
    /// <summary>The attribute's name in code.</summary>
    protected abstract string Attribute { get; }

    /// <inheritdoc/>
    protected sealed override string? TitleOf(Diagnostic diagnostic) => $"Remove [{Attribute}]";

    /// <inheritdoc/>
    protected sealed override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var field = node.AncestorsAndSelf().First(ancestor => ancestor is ParameterSyntax or MemberDeclarationSyntax);
        var lists = field is ParameterSyntax parameter ? parameter.AttributeLists : ((MemberDeclarationSyntax)field).AttributeLists;
        return lists.SelectMany(list => list.Attributes).FirstOrDefault(IsIt) is { } attribute ? AttributePlacement.Remove(root, attribute) : root;
    }

    private bool IsIt(AttributeSyntax attribute) =>
        attribute.Name.DescendantTokens().LastOrDefault(token => token.IsKind(SyntaxKind.IdentifierToken)).ValueText is var name && (name == Attribute || name == Attribute + "Attribute");
}
