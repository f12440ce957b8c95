using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix that removes an attribute without effect from a field.</summary>
public abstract class MessageFix : DeclarationFix
{
    /// <summary>Gets the name of the attribute to remove, without the suffix 'Attribute'.</summary>
    /// <param name="problem">The kind of problem that the diagnostic reports.</param>
    protected abstract string AttributeOf(string? problem);

    /// <inheritdoc/>
    protected sealed override string? TitleOf(Diagnostic diagnostic) => $"Remove '[{AttributeOf(diagnostic)}]'";

    /// <inheritdoc/>
    protected sealed override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var field = node.AncestorsAndSelf().First(ancestor => ancestor is ParameterSyntax or MemberDeclarationSyntax);
        var lists = field is ParameterSyntax parameter ? parameter.AttributeLists : ((MemberDeclarationSyntax)field).AttributeLists;
        return lists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => Is(attribute, AttributeOf(diagnostic))) is { } found ? AttributePlacement.Remove(root, found) : root;
    }

    private string AttributeOf(Diagnostic diagnostic) => AttributeOf(diagnostic.Properties.TryGetValue(MessageRule.ProblemProperty, out var problem) ? problem : null);

    private static bool Is(AttributeSyntax attribute, string expected) =>
        attribute.Name.DescendantTokens().LastOrDefault(token => token.IsKind(SyntaxKind.IdentifierToken)).ValueText is var name && (name == expected || name == expected + "Attribute");
}
