using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>The cases of a reply that a switch does not handle.</summary>
public static class ReplySwitch
{
    /// <summary>Gets the cases of the reply that no arm handles unconditionally.</summary>
    /// <param name="operation">A switch statement or expression.</param>
    /// <returns>The missing cases, or null if the operation is not a switch over a reply.</returns>
    public static IReadOnlyList<INamedTypeSymbol>? Missing(IOperation operation) => Missing(operation, new TokenTypes());

    internal static IReadOnlyList<INamedTypeSymbol>? Missing(IOperation operation, TokenTypes types)
    {
        (IOperation? value, IEnumerable<(IPatternOperation? Pattern, IOperation? Guard)> arms) = operation switch
        {
            ISwitchExpressionOperation expression => (expression.Value, expression.Arms.Select(arm => ((IPatternOperation?)arm.Pattern, arm.Guard))),
            ISwitchOperation statement => (statement.Value, statement.Cases.SelectMany(section => section.Clauses).Select(Arm)),
            _ => (null, []),
        };
        if (value?.Type is not { } reply || !types.IsReply(reply))
            return null;
        // A default clause has no pattern.
        var sure = arms.Where(arm => arm.Guard is null or { ConstantValue: { HasValue: true, Value: true } }).Select(arm => arm.Pattern).ToList();
        return [.. TokenTypes.CasesOf(reply).Where(type => !sure.Any(pattern => pattern is null || Patterns.Covers(pattern, type)))];
    }

    internal static SyntaxToken KeywordOf(SyntaxNode node) => node switch
    {
        SwitchExpressionSyntax expression => expression.SwitchKeyword,
        SwitchStatementSyntax statement => statement.SwitchKeyword,
        _ => node.GetFirstToken(),
    };

    private static (IPatternOperation? Pattern, IOperation? Guard) Arm(ICaseClauseOperation clause) => clause switch
    {
        IPatternCaseClauseOperation pattern => (pattern.Pattern, pattern.Guard),
        IDefaultCaseClauseOperation => (null, null),
        // A constant, which no reply equals, acts like a guard that is never true.
        _ => (null, clause),
    };
}
