using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH2022: gives a message a name of its own, made of its namespace and its name.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2022AddAs : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH2022SameName.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(SCH2022SameName.As, out var name) ? $"Call it {name} here" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var attribute = node.FirstAncestorOrSelf<AttributeSyntax>()!;
        var name = SyntaxFactory.ParseAttributeArgumentList($"(As = \"{diagnostic.Properties[SCH2022SameName.As]}\")")!.Arguments[0];
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var all = SyntaxFactory.SeparatedList(arguments.Append(name), arguments.GetSeparators().Concat(Enumerable.Repeat(comma, arguments.Count == 0 ? 0 : 1)));
        return root.ReplaceNode(attribute, attribute.WithArgumentList((attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList()).WithArguments(all)));
    }
}
