using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The relations between a pattern and a type that hold for every value of the type.</summary>
internal static class Patterns
{
    /// <summary>Determines whether a pattern matches every value of a type.</summary>
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

    /// <summary>Determines whether a pattern matches no value of a type.</summary>
    public static bool Excludes(IPatternOperation pattern, ITypeSymbol type) => pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => true,
        IDeclarationPatternOperation { MatchesNull: false } declaration => !Is(type, declaration.MatchedType),
        ITypePatternOperation named => !Is(type, named.MatchedType),
        IRecursivePatternOperation recursive => !Is(type, recursive.MatchedType),
        INegatedPatternOperation negated => Covers(negated.Pattern, type),
        _ => false,
    };

    /// <summary>Determines whether a type is another type or derives from it.</summary>
    public static bool Is(ITypeSymbol type, ITypeSymbol? matched)
    {
        for (var of = type; of is not null; of = of.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(of, matched))
                return true;
        }

        return matched is not null && type.AllInterfaces.Contains(matched, SymbolEqualityComparer.Default);
    }

    /// <summary>Determines whether a pattern matches every value of its input type. Messages and tokens are never null.</summary>
    private static bool MatchesAll(IPatternOperation pattern) => Covers(pattern, pattern.InputType);
}
