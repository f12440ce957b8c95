using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH3006 that awaits an operation whose task is discarded, in an async function.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH3006Await : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [UsageDiagnostics.OperationNotAwaited.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call || !IsDiscarded(call) || !IsInAsync(call))
            return;
        context.RegisterCodeFix(
            CodeAction.Create("Add 'await'", _ => Task.FromResult(Fix(context.Document, root, call)), UsageDiagnostics.OperationNotAwaited.Id), context.Diagnostics);
    }

    private static bool IsDiscarded(InvocationExpressionSyntax call) => call.Parent is ExpressionStatementSyntax
        or AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Parent: ExpressionStatementSyntax };

    private static bool IsInAsync(SyntaxNode call)
    {
        var function = call.Ancestors().FirstOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax);
        return function switch
        {
            AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
            BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            // Top-level statements can await.
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
