using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SecureChannel.Model;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The facts that the attributes of a method or property state about sessions and tokens.</summary>
internal sealed record MemberFacts(States? Requires, States? Ensures, States? Returns, ImmutableArray<ParameterFacts> Parameters)
{
    public static readonly MemberFacts None = new(null, null, null, []);

    public bool Demands => Requires is not null || Parameters.Any(parameter => parameter.InState is not null || parameter.Consumes);
}

/// <summary>The facts that the attributes of a parameter state about the session or token that is passed.</summary>
internal readonly record struct ParameterFacts(States? InState, States? Ensures, bool Consumes, bool Borrows);

/// <summary>
/// The reader of [InState], [RequiresState], [EnsuresState], [Consumes] and [Borrows] on a member, on the members that the member overrides, and on the
/// interface members that the member implements. One instance for each compilation; thread-safe.
/// </summary>
internal sealed class Facts
{
    private readonly ConcurrentDictionary<ISymbol, MemberFacts> _members = new(SymbolEqualityComparer.Default);

    public MemberFacts Of(IMethodSymbol method) => _members.GetOrAdd((method.ReducedFrom ?? method).OriginalDefinition, Read);

    public MemberFacts Of(IPropertySymbol property) => _members.GetOrAdd(property.OriginalDefinition, Read);

    private static MemberFacts Read(ISymbol member)
    {
        var declarations = Declarations(member).ToList();
        var parameters = Parameters(member);
        var facts = new MemberFacts(
            First(declarations, declaration => State(declaration.GetAttributes(), "RequiresStateAttribute")),
            First(declarations, declaration => State(declaration.GetAttributes(), "EnsuresStateAttribute")),
            First(declarations, declaration => declaration is IMethodSymbol method ? State(method.GetReturnTypeAttributes(), "InStateAttribute") : null),
            [.. parameters.Select(parameter => new ParameterFacts(
                First(declarations, declaration => State(Parameters(declaration)[parameter.Ordinal].GetAttributes(), "InStateAttribute")),
                First(declarations, declaration => State(Parameters(declaration)[parameter.Ordinal].GetAttributes(), "EnsuresStateAttribute")),
                declarations.Any(declaration => Has(Parameters(declaration)[parameter.Ordinal].GetAttributes(), "ConsumesAttribute")),
                declarations.Any(declaration => Has(Parameters(declaration)[parameter.Ordinal].GetAttributes(), "BorrowsAttribute"))))]);
        return facts is { Requires: null, Ensures: null, Returns: null } && facts.Parameters.All(parameter => parameter == default) ? MemberFacts.None : facts;
    }

    private static ImmutableArray<IParameterSymbol> Parameters(ISymbol member) => member switch
    {
        IMethodSymbol method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };

    private static States? First(List<ISymbol> declarations, Func<ISymbol, States?> read) =>
        declarations.Select(read).FirstOrDefault(states => states is not null);

    private static IEnumerable<ISymbol> Declarations(ISymbol member)
    {
        for (ISymbol? declaration = member; declaration is not null; declaration = Overridden(declaration))
            yield return declaration;
        if (member.IsStatic || member.ContainingType is not { TypeKind: not TypeKind.Interface } type)
            yield break;
        foreach (var contract in type.AllInterfaces.SelectMany(contract => contract.GetMembers()))
        {
            if (contract.Kind == member.Kind && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(contract)?.OriginalDefinition, member))
                yield return contract;
        }
    }

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    private static States? State(ImmutableArray<AttributeData> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (KnownTypes.IsCodeAnalysis(attribute, name) && attribute.ConstructorArguments is [{ Value: int state }])
                return (States)(1 << state) & States.Stages;
        }

        return null;
    }

    private static bool Has(ImmutableArray<AttributeData> attributes, string name) => attributes.Any(attribute => KnownTypes.IsCodeAnalysis(attribute, name));
}
