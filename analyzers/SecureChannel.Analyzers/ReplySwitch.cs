using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>A switch over the reply of a state, and the messages that none of its arms is sure to handle.</summary>
public static class ReplySwitch
{
    /// <summary>The cases that may arrive and that no arm handles whatever they contain.</summary>
    /// <param name="operation">A switch statement or expression.</param>
    /// <returns>Null if it is no switch over a reply.</returns>
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
        return [.. TokenTypes.CasesOf(reply).Where(type => !sure.Any(pattern => pattern is null || Covers(pattern, type)))];
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
        // A constant, which no reply equals: a guard that never holds.
        _ => (null, clause),
    };

    /// <summary>Whether a pattern matches each value of the type.</summary>
    private static bool Covers(IPatternOperation pattern, ITypeSymbol type) => pattern switch
    {
        IDiscardPatternOperation => true,
        IDeclarationPatternOperation declaration => declaration.MatchesNull || Is(type, declaration.MatchedType),
        ITypePatternOperation named => Is(type, named.MatchedType),
        IRecursivePatternOperation recursive => Is(type, recursive.MatchedType)
            && recursive.PropertySubpatterns.All(part => MatchesAll(part.Pattern)) && recursive.DeconstructionSubpatterns.All(MatchesAll),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => Covers(either.LeftPattern, type) || Covers(either.RightPattern, type),
        IBinaryPatternOperation both => Covers(both.LeftPattern, type) && Covers(both.RightPattern, type),
        INegatedPatternOperation negated => Excludes(negated.Pattern, type),
        _ => false,
    };

    /// <summary>Whether a pattern matches no value of the type.</summary>
    private static bool Excludes(IPatternOperation pattern, ITypeSymbol type) => pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => true,
        IDeclarationPatternOperation { MatchesNull: false } declaration => !Is(type, declaration.MatchedType),
        ITypePatternOperation named => !Is(type, named.MatchedType),
        IRecursivePatternOperation recursive => !Is(type, recursive.MatchedType),
        INegatedPatternOperation negated => Covers(negated.Pattern, type),
        _ => false,
    };

    /// <summary>Whether a pattern matches all that a message or a token may be, which is never null.</summary>
    private static bool MatchesAll(IPatternOperation pattern) => Covers(pattern, pattern.InputType);

    private static bool Is(ITypeSymbol type, ITypeSymbol? matched)
    {
        for (var of = type; of is not null; of = of.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(of, matched))
                return true;
        }

        return matched is not null && type.AllInterfaces.Contains(matched, SymbolEqualityComparer.Default);
    }
}
