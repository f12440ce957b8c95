using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Protocols;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH2022 that sets another name for a message, composed of the message's namespace and name.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH2022AddAs : DeclarationFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ProtocolDiagnostics.DuplicateName.Id];

    /// <inheritdoc/>
    protected override string? TitleOf(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(SCH2022DuplicateName.As, out var name) ? $"Set name to '{name}'" : null;

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, SyntaxNode node, Diagnostic diagnostic)
    {
        var attribute = node.FirstAncestorOrSelf<AttributeSyntax>()!;
        var name = SyntaxFactory.ParseAttributeArgumentList($"(As = \"{diagnostic.Properties[SCH2022DuplicateName.As]}\")")!.Arguments[0];
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        var all = SyntaxFactory.SeparatedList(arguments.Append(name), arguments.GetSeparators().Concat(Enumerable.Repeat(comma, arguments.Count == 0 ? 0 : 1)));
        return root.ReplaceNode(attribute, attribute.WithArgumentList((attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList()).WithArguments(all)));
    }
}
