using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH2017: names the state, where what is written has its name.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2017NameState : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH2017WrongTarget.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(SCH2017WrongTarget.State, out var state) ? $"Lead to {state}" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var target = node.FirstAncestorOrSelf<AttributeArgumentSyntax>()!.Expression;
        return root.ReplaceNode(target, SyntaxFactory.IdentifierName(diagnostic.Properties[SCH2017WrongTarget.State]!).WithTriviaFrom(target));
    }
}
