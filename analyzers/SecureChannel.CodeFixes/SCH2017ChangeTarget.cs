using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2017 that replaces the target with the state that the target names in another form, such as a string.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2017ChangeTarget : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.TargetNotAState.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(SCH2017TargetNotAState.State, out var state) ? $"Change target to '{state}'" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var target = node.FirstAncestorOrSelf<AttributeArgumentSyntax>()!.Expression;
        return root.ReplaceNode(target, SyntaxFactory.IdentifierName(diagnostic.Properties[SCH2017TargetNotAState.State]!).WithTriviaFrom(target));
    }
}
