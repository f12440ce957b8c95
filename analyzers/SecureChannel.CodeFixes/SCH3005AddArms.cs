using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Formatting;
using SecureChannel.Analyzers.Usage;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH3005 that adds an arm for each case that the switch does not handle.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH3005AddArms : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [UsageDiagnostics.ReplyNotHandled.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(
            CodeAction.Create(
                "Add missing arms", cancellationToken => FixAsync(context.Document, context.Diagnostics[0], cancellationToken), UsageDiagnostics.ReplyNotHandled.Id),
            context.Diagnostics);
        return Task.CompletedTask;
    }

    private static async Task<Document> FixAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        var node = root?.FindToken(diagnostic.Location.SourceSpan.Start).Parent;
        if (root is null || model is null || node is null || model.GetOperation(node, cancellationToken) is not { } operation || ReplySwitch.Missing(operation) is not { } missing)
            return document;
        var patterns = missing.Select(type => PatternOf(type, model, node.SpanStart)).ToList();
        SyntaxNode changed = node switch
        {
            SwitchExpressionSyntax expression => WithArms(expression, patterns),
            SwitchStatementSyntax statement => statement.AddSections([.. patterns.Select(SectionOf)]),
            _ => node,
        };
        return document.WithSyntaxRoot(root.ReplaceNode(node, changed.WithAdditionalAnnotations(Formatter.Annotation)));
    }

    /// <summary>
    /// Gets the pattern of a case with a variable for the message and for the next state. The names of the variables do not conflict with names in scope.
    /// </summary>
    private static string PatternOf(INamedTypeSymbol type, SemanticModel model, int position)
    {
        var taken = new HashSet<string>(model.LookupSymbols(position).Select(symbol => symbol.Name));
        var parts = type.GetMembers("Deconstruct").OfType<IMethodSymbol>().SelectMany(deconstruct => deconstruct.Parameters)
            .Select(part => $"var {NameFor(part.Name == "Next" ? part.Type.Name : type.Name, taken)}");
        return $"{type.ToMinimalDisplayString(model, position)}({string.Join(", ", parts)})";
    }

    private static string NameFor(string type, HashSet<string> taken)
    {
        var name = char.ToLowerInvariant(type[0]) + type.Substring(1);
        var candidate = SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
        for (var number = 2; !taken.Add(candidate); number++)
            candidate = $"{name}{number}";
        return candidate;
    }

    private static SwitchExpressionSyntax WithArms(SwitchExpressionSyntax expression, IReadOnlyList<string> patterns)
    {
        var arms = string.Concat(patterns.Select(pattern => $"{pattern} => throw new System.NotImplementedException(),\n"));
        var added = ((SwitchExpressionSyntax)SyntaxFactory.ParseExpression($"value switch\n{{\n{arms}}}")).Arms;
        var before = expression.Arms;
        if (before.Count > 0 && before.SeparatorCount < before.Count)
        {
            // The comma precedes the line break after the last arm.
            var last = before[before.Count - 1];
            var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(last.GetTrailingTrivia());
            before = SyntaxFactory.SeparatedList<SwitchExpressionArmSyntax>(before.Replace(last, last.WithoutTrailingTrivia()).GetWithSeparators().Add(comma));
        }

        return expression.WithArms(SyntaxFactory.SeparatedList<SwitchExpressionArmSyntax>(before.GetWithSeparators().AddRange(added.GetWithSeparators())));
    }

    private static SwitchSectionSyntax SectionOf(string pattern) =>
        ((SwitchStatementSyntax)SyntaxFactory.ParseStatement($"switch (value)\n{{\ncase {pattern}:\nthrow new System.NotImplementedException();\n}}")).Sections[0];
}
