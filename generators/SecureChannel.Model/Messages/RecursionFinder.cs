using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>The finder of messages that always contain a message of their own type, and so have infinite size.</summary>
internal static class RecursionFinder
{
    /// <summary>Finds a path of fields that are never absent from a message back to itself, such as <c>Tree.Left</c>; null if there is no such path.</summary>
    public static IReadOnlyList<string>? Find(INamedTypeSymbol message)
    {
        var path = new List<string>();
        return Leads(message, message, path, new HashSet<ISymbol>(SymbolEqualityComparer.Default)) ? path : null;
    }

    private static bool Leads(INamedTypeSymbol from, INamedTypeSymbol to, List<string> path, HashSet<ISymbol> seen)
    {
        foreach (var (name, type) in StateOf(from))
        {
            foreach (var held in AlwaysHeld(type))
            {
                path.Add($"{from.Name}.{name}");
                // A generic type that contains a larger construction of itself never leads back, but is infinite too.
                if (path.Count == 64 || SymbolEqualityComparer.Default.Equals(held, to) || seen.Add(held) && Leads(held, to, path, seen))
                    return true;
                path.RemoveAt(path.Count - 1);
            }
        }

        return false;
    }

    private static IEnumerable<(string Name, ITypeSymbol Type)> StateOf(INamedTypeSymbol type) => type.GetMembers()
        .OfType<IFieldSymbol>()
        .Where(field => FieldReader.IsCandidate(field.AssociatedSymbol ?? field))
        .Select(field => (field.AssociatedSymbol?.Name ?? field.Name, field.Type));

    // An optional message, a list, a dictionary and a union can be empty or end the recursion.
    private static IEnumerable<INamedTypeSymbol> AlwaysHeld(ITypeSymbol type) => type switch
    {
        { NullableAnnotation: NullableAnnotation.Annotated } => [],
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(element => AlwaysHeld(element.Type)),
        INamedTypeSymbol { IsAbstract: false } named when KnownTypes.IsMessage(named) => [named],
        _ => [],
    };
}
