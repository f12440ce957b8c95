using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2015 that removes a duplicate transition.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2015RemoveDuplicate : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.AmbiguousTransition.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey(SCH2015AmbiguousTransition.IsDuplicate) ? "Remove duplicate transition" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic) =>
        AttributePlacement.Remove(root, node.FirstAncestorOrSelf<AttributeSyntax>()!);
}
