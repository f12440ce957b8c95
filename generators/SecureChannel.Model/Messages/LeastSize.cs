using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>Computes the minimum size of a message. A vector with a smaller maximum size cannot contain the message.</summary>
internal static class LeastSize
{
    /// <summary>Computes the minimum size of a message or union in bytes.</summary>
    public static int Of(INamedTypeSymbol message) => OfMessage(message, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    // A message that always contains itself has no finite size: RecursionFinder reports it.
    private static int OfMessage(INamedTypeSymbol message, HashSet<ISymbol> around)
    {
        if (message.IsAbstract || around.Count == 64 || !around.Add(message))
            return 0;
        var size = FieldReader.StoredState(message).Sum(field => OfField(field.Type, field.Attributes, around));
        around.Remove(message);
        return size;
    }

    private static int OfField(ITypeSymbol type, IReadOnlyList<AttributeData> attributes, HashSet<ISymbol> around)
    {
        if (Has("SinceAttribute") || Has("RemainderAttribute") || Has("ConverterAttribute"))
            return 0;
        if (WireTypeReader.UnwrapNullable(type) is not null)
            return 1;
        var bound = attributes.FirstOrDefault(attribute => KnownTypes.Is(attribute, "ByteLengthAttribute"))?.ConstructorArguments switch
        {
            [{ Value: int exact }] => new ByteBound(exact, exact),
            [{ Value: int min }, { Value: int max }] => new ByteBound(min, max),
            _ => null,
        };
        return bound is null ? OfType(type, around) : bound.Min == bound.Max ? bound.Max : WidthOf(bound.Max) + bound.Min;

        bool Has(string name) => attributes.Any(attribute => KnownTypes.Is(attribute, name));
    }

    private static int OfType(ITypeSymbol type, HashSet<ISymbol> around) => type switch
    {
        _ when WireTypeReader.UnwrapNullable(type) is not null => 1,
        _ when WireTypeReader.ReadValue(type) is { } value => value.Size,
        INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => WireTypeReader.ReadValue(underlying)!.Size,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Sum(element => OfType(element.Type, around)),
        // A message that ends with a remainder has a length prefix here.
        INamedTypeSymbol named when KnownTypes.IsMessage(named) => OfMessage(named, around) + (FieldReader.IsOpenEnded(named) ? 1 : 0),
        _ when WireTypeReader.IsVector(type) => 1,
        _ => 0,
    };

    private static int WidthOf(int max) => max <= 0xFF ? 1 : max <= 0xFFFF ? 2 : max <= 0xFFFFFF ? 3 : 4;
}
