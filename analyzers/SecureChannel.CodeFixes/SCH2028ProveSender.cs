using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH2028: lets the message prove its sender's identity.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2028ProveSender : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH2028ProofByAnother.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Prove the sender's identity";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var name = node.FirstAncestorOrSelf<AttributeArgumentSyntax>()!.Expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Last();
        return root.ReplaceNode(name, SyntaxFactory.IdentifierName(name.Identifier.ValueText == "Server" ? "Client" : "Server").WithTriviaFrom(name));
    }
}
