using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH2015: removes a transition that stands there twice.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2015RemoveDuplicate : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH2015AmbiguousChoice.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey(SCH2015AmbiguousChoice.IsDuplicate) ? "Remove the duplicate" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic) =>
        AttributePlacement.Remove(root, node.FirstAncestorOrSelf<AttributeSyntax>()!);
}
