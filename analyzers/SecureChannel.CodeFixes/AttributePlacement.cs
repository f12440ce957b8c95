using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.CodeFixes;

/// <summary>
/// The addition and removal of attributes in the format of the existing code: an added attribute is on a separate line if the existing attributes are.
/// </summary>
internal static class AttributePlacement
{
    /// <summary>Adds an attribute to a member, after its existing attributes.</summary>
    /// <param name="member">The member.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="newLine">The line ending of the file.</param>
    /// <returns>The member with the attribute.</returns>
    public static EnumMemberDeclarationSyntax Add(EnumMemberDeclarationSyntax member, AttributeSyntax attribute, SyntaxTrivia newLine)
    {
        // Tokens without elastic trivia, so that the code around them is not reformatted.
        var list = SyntaxFactory.AttributeList(
            SyntaxFactory.Token(default, SyntaxKind.OpenBracketToken, default),
            null,
            SyntaxFactory.SingletonSeparatedList(attribute.WithoutTrivia()),
            SyntaxFactory.Token(default, SyntaxKind.CloseBracketToken, default));
        if (member.AttributeLists is [.., var last])
        {
            var isAlone = last.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia);
            return member.AddAttributeLists(list
                .WithLeadingTrivia(isAlone ? Indentation(member.Identifier.LeadingTrivia) : default)
                .WithTrailingTrivia(isAlone ? newLine : SyntaxFactory.Space));
        }

        var leading = member.GetLeadingTrivia();
        var startsLine = member.SyntaxTree?.GetText().Lines.GetLineFromPosition(member.SpanStart) is { } line
            && line.ToString().AsSpan(0, member.SpanStart - line.Start).Trim().IsEmpty;
        return member
            .WithIdentifier(member.Identifier.WithLeadingTrivia(startsLine ? Indentation(leading) : default))
            .AddAttributeLists(list.WithLeadingTrivia(leading).WithTrailingTrivia(startsLine ? newLine : SyntaxFactory.Space));
    }

    /// <summary>Removes an attribute of a member or parameter, and its brackets if they become empty.</summary>
    /// <param name="root">The root of the file.</param>
    /// <param name="attribute">The attribute.</param>
    /// <returns>The root without the attribute.</returns>
    public static SyntaxNode Remove(SyntaxNode root, AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
            return root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!;
        // Trivia before the first list, such as documentation, belongs to the member.
        return list.Parent switch
        {
            ParameterSyntax parameter => root.ReplaceNode(parameter, parameter.WithAttributeLists(parameter.AttributeLists.Remove(list)).WithLeadingTrivia(parameter.GetLeadingTrivia())),
            MemberDeclarationSyntax member => root.ReplaceNode(member, member.WithAttributeLists(member.AttributeLists.Remove(list)).WithLeadingTrivia(member.GetLeadingTrivia())),
            _ => root,
        };
    }

    /// <summary>Gets the line ending of a file.</summary>
    /// <param name="root">The root of the file.</param>
    public static SyntaxTrivia NewLineOf(SyntaxNode root) =>
        root.DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } found ? found : SyntaxFactory.LineFeed;

    private static SyntaxTriviaList Indentation(SyntaxTriviaList trivia) =>
        trivia is [.., var last] && last.IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(last) : default;
}
