using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH2012: removes what has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2012RemoveMarker : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH2012MarkerOutOfPlace.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Remove what has no effect";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic) => node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument
        ? root.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia)!
        : AttributePlacement.Remove(root, node.FirstAncestorOrSelf<AttributeSyntax>()!);
}
