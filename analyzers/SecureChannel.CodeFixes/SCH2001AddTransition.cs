using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>
/// A code fix for SCH2001 that adds transitions that receive a crossing message. The rule has verified the declaration with these transitions.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2001AddTransition : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.MessageNotReceived.Id];

    // A repair can include or contradict another, so the rule must check the declaration again after each.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var repair in diagnostic.Properties.OrderBy(property => property.Key, StringComparer.Ordinal))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(repair.Key, cancellationToken => FixAsync(context.Document, repair.Value!, cancellationToken), repair.Key), diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    private static async Task<Document> FixAsync(Document document, string repair, CancellationToken cancellationToken)
    {
        if (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false) is not { } root)
            return document;
        var additions = FixEncoding.Decode(repair)
            .Select(addition => (Copied: root.FindToken(addition.Attribute).Parent!.FirstAncestorOrSelf<AttributeSyntax>()!, addition.State, addition.Next))
            .ToArray();
        var states = additions[0].Copied.FirstAncestorOrSelf<EnumDeclarationSyntax>()!.Members;
        var newLine = AttributePlacement.NewLineOf(root);
        return document.WithSyntaxRoot(root.ReplaceNodes(
            additions.Select(addition => states[addition.State]).Distinct(),
            (state, _) => additions.Where(addition => states[addition.State] == state)
                .Aggregate(state, (member, addition) => AttributePlacement.Add(member, LeadTo(addition.Copied, states[addition.Next].Identifier), newLine))));
    }

    private static AttributeSyntax LeadTo(AttributeSyntax transition, SyntaxToken state)
    {
        var target = transition.ArgumentList!.Arguments.First(argument => argument.NameEquals is null).Expression;
        var name = SyntaxFactory.IdentifierName(state.WithoutTrivia());
        return transition.ReplaceNode(target, target is MemberAccessExpressionSyntax access ? access.WithName(name) : name);
    }
}
