using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2004 that removes the explicit value of a state.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2004RemoveValue : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.ExplicitValue.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Remove explicit value";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var state = node.FirstAncestorOrSelf<EnumMemberDeclarationSyntax>()!;
        return root.ReplaceNode(state, state
            .WithIdentifier(state.Identifier.WithTrailingTrivia(state.EqualsValue!.GetTrailingTrivia()))
            .WithEqualsValue(null));
    }
}
