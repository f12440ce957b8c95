using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix that changes one location in a file.</summary>
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

    /// <summary>Gets the title of the fix, or null if the diagnostic has no fix.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    protected abstract string? TitleOf(Diagnostic diagnostic);

    /// <summary>Applies the fix.</summary>
    /// <param name="root">The root of the file.</param>
    /// <param name="node">The node at the location of the diagnostic.</param>
    /// <param name="diagnostic">The diagnostic.</param>
    /// <returns>The root with the fix.</returns>
    protected abstract SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic);
}
