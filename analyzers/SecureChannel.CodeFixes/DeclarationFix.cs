using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace SecureChannel.CodeFixes;

/// <summary>A fix of a declaration that changes one place in a file, and has one right answer.</summary>
public abstract class DeclarationFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (TitleOf(diagnostic) is { } title)
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(FixDocument(diagnostic)), title), diagnostic);
        }

        Document FixDocument(Diagnostic diagnostic) =>
            context.Document.WithSyntaxRoot(Fix(root, root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true), diagnostic));
    }

    /// <summary>What the fix does; null if there is none for this finding.</summary>
    protected abstract string? TitleOf(Diagnostic diagnostic);

    /// <summary>The file with the fix.</summary>
    /// <param name="root">The file.</param>
    /// <param name="node">Where the finding is.</param>
    /// <param name="diagnostic">The finding.</param>
    protected abstract SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic);
}
