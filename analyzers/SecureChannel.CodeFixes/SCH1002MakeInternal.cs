using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH1002 that makes a file-local type internal.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH1002MakeInternal : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [MessageDiagnostics.FileLocalMessage.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) => "Replace 'file' with 'internal'";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var keyword = node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().SelectMany(type => type.Modifiers).First(modifier => modifier.IsKind(SyntaxKind.FileKeyword));
        return root.ReplaceToken(keyword, SyntaxFactory.Token(keyword.LeadingTrivia, SyntaxKind.InternalKeyword, keyword.TrailingTrivia));
    }
}
