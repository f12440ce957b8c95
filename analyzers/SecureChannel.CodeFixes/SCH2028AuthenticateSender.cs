using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2028 that declares that the message authenticates its sender.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2028AuthenticateSender : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.AuthenticatesWrongRole.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Authenticate the sender";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var name = node.FirstAncestorOrSelf<AttributeArgumentSyntax>()!.Expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Last();
        return root.ReplaceNode(name, SyntaxFactory.IdentifierName(name.Identifier.ValueText == "Server" ? "Client" : "Server").WithTriviaFrom(name));
    }
}
