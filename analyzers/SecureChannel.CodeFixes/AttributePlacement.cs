using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.CodeFixes;

/// <summary>Puts attributes on members of an enum, and takes them away, as a developer would: on a line of their own where the others are.</summary>
internal static class AttributePlacement
{
    /// <summary>The member with one more attribute, after those that it has.</summary>
    /// <param name="member">The member.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="newLine">How the file ends its lines.</param>
    public static EnumMemberDeclarationSyntax Add(EnumMemberDeclarationSyntax member, AttributeSyntax attribute, SyntaxTrivia newLine)
    {
        // Tokens without elastic trivia: nothing around them is formatted anew.
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

    /// <summary>The file without an attribute of a member or parameter, and without its brackets if nothing else stands in them.</summary>
    public static SyntaxNode Remove(SyntaxNode root, AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
            return root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!;
        // What stands before the first list, such as documentation, is the member's.
        return list.Parent switch
        {
            ParameterSyntax parameter => root.ReplaceNode(parameter, parameter.WithAttributeLists(parameter.AttributeLists.Remove(list)).WithLeadingTrivia(parameter.GetLeadingTrivia())),
            MemberDeclarationSyntax member => root.ReplaceNode(member, member.WithAttributeLists(member.AttributeLists.Remove(list)).WithLeadingTrivia(member.GetLeadingTrivia())),
            _ => root,
        };
    }

    /// <summary>How a file ends its lines.</summary>
    public static SyntaxTrivia NewLineOf(SyntaxNode root) =>
        root.DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } found ? found : SyntaxFactory.LineFeed;

    private static SyntaxTriviaList Indentation(SyntaxTriviaList trivia) =>
        trivia is [.., var last] && last.IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(last) : default;
}
