using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH3006: awaits an operation whose task is thrown away, in a function that is async.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH3006Await : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH3006TransitionNotAwaited.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call || !IsThrownAway(call) || !IsInAsync(call))
            return;
        context.RegisterCodeFix(
            CodeAction.Create("Await the operation", _ => Task.FromResult(Fix(context.Document, root, call)), SCH3006TransitionNotAwaited.Id), context.Diagnostics);
    }

    private static bool IsThrownAway(InvocationExpressionSyntax call) => call.Parent is ExpressionStatementSyntax
        or AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Parent: ExpressionStatementSyntax };

    private static bool IsInAsync(SyntaxNode call)
    {
        var function = call.Ancestors().FirstOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax);
        return function switch
        {
            AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
            BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            // Top-level statements may await.
            _ => call.FirstAncestorOrSelf<GlobalStatementSyntax>() is not null,
        };
    }

    private static Document Fix(Document document, SyntaxNode root, InvocationExpressionSyntax call)
    {
        var wait = SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), call.WithoutLeadingTrivia());
        return document.WithSyntaxRoot(root.ReplaceNode(call, wait.WithLeadingTrivia(call.GetLeadingTrivia())));
    }
}
