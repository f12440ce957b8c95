using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2012 that removes an attribute or argument that has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2012RemoveAttribute : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.AttributeWithoutEffect.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Remove attribute or argument without effect";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic) => node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument
        ? root.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia)!
        : AttributePlacement.Remove(root, node.FirstAncestorOrSelf<AttributeSyntax>()!);
}
