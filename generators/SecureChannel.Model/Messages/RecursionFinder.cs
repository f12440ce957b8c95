using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>Finds messages that always hold another of their own type, so that none can ever end.</summary>
internal static class RecursionFinder
{
    /// <summary>The way from a message through fields that are always there back to it, such as <c>Tree.Left</c>; null if there is none.</summary>
    public static IReadOnlyList<string>? Find(INamedTypeSymbol message)
    {
        var way = new List<string>();
        return Leads(message, message, way, new HashSet<ISymbol>(SymbolEqualityComparer.Default)) ? way : null;
    }

    private static bool Leads(INamedTypeSymbol from, INamedTypeSymbol to, List<string> way, HashSet<ISymbol> seen)
    {
        foreach (var (name, type) in StateOf(from))
        {
            foreach (var held in AlwaysHeld(type))
            {
                way.Add($"{from.Name}.{name}");
                // A generic type that holds a larger one of itself never comes back, and does not end either.
                if (way.Count == 64 || SymbolEqualityComparer.Default.Equals(held, to) || seen.Add(held) && Leads(held, to, way, seen))
                    return true;
                way.RemoveAt(way.Count - 1);
            }
        }

        return false;
    }

    private static IEnumerable<(string Name, ITypeSymbol Type)> StateOf(INamedTypeSymbol type) => type.GetMembers()
        .OfType<IFieldSymbol>()
        .Where(field => FieldReader.IsCandidate(field.AssociatedSymbol ?? field))
        .Select(field => (field.AssociatedSymbol?.Name ?? field.Name, field.Type));

    // An optional message, a list, a dictionary and a union can be without.
    private static IEnumerable<INamedTypeSymbol> AlwaysHeld(ITypeSymbol type) => type switch
    {
        { NullableAnnotation: NullableAnnotation.Annotated } => [],
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(element => AlwaysHeld(element.Type)),
        INamedTypeSymbol { IsAbstract: false } named when KnownTypes.IsMessage(named) => [named],
        _ => [],
    };
}
