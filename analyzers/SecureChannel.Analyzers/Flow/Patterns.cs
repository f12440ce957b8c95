using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What a pattern says of the values of a type, whatever they contain.</summary>
internal static class Patterns
{
    /// <summary>Whether a pattern matches each value of the type.</summary>
    public static bool Covers(IPatternOperation pattern, ITypeSymbol type) => pattern switch
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
    public static bool Excludes(IPatternOperation pattern, ITypeSymbol type) => pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => true,
        IDeclarationPatternOperation { MatchesNull: false } declaration => !Is(type, declaration.MatchedType),
        ITypePatternOperation named => !Is(type, named.MatchedType),
        IRecursivePatternOperation recursive => !Is(type, recursive.MatchedType),
        INegatedPatternOperation negated => Covers(negated.Pattern, type),
        _ => false,
    };

    /// <summary>Whether a type is another one, or derives from it.</summary>
    public static bool Is(ITypeSymbol type, ITypeSymbol? matched)
    {
        for (var of = type; of is not null; of = of.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(of, matched))
                return true;
        }

        return matched is not null && type.AllInterfaces.Contains(matched, SymbolEqualityComparer.Default);
    }

    /// <summary>Whether a pattern matches all that a message or a token may be, which is never null.</summary>
    private static bool MatchesAll(IPatternOperation pattern) => Covers(pattern, pattern.InputType);
}
