using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>
/// Computes the maximum size of a message from the declared bounds of its fields, in all versions. A receiver refuses a longer message at its header.
/// </summary>
internal static class GreatestSize
{
    /// <summary>Computes the maximum size of a message or union in bytes.</summary>
    /// <returns>The size, or null if a field has no bound or if the fields are not known, as in a type of another assembly.</returns>
    public static int? Of(INamedTypeSymbol message) =>
        OfMessage(message, new HashSet<ISymbol>(SymbolEqualityComparer.Default)) is { } size and < 1 << 30 ? (int)size : null;

    private static long? OfMessage(INamedTypeSymbol message, HashSet<ISymbol> around)
    {
        // Metadata does not contain all private members, and a type argument may have any encoding.
        var isKnown = message.GetAttributes().Any(KnownTypes.IsMessageOrUnion) && !message.IsGenericType && !message.DeclaringSyntaxReferences.IsEmpty;
        if (!isKnown || around.Count == 64 || !around.Add(message))
            return null;
        var size = MessageReader.IsUnion(message) ? OfUnion(message, around)
            : FieldReader.EncodedState(message) is { } fields ? Sum(fields, field => OfField(field.Type, field.Attributes, around))
            : null;
        around.Remove(message);
        return size;
    }

    private static long? OfField(ITypeSymbol type, IReadOnlyList<AttributeData> attributes, HashSet<ISymbol> around)
    {
        if (Find("ConverterAttribute") is not null)
            return null;
        if (Find("RemainderAttribute") is { } remainder)
            return BoundOf(remainder)?.Max;
        var bound = BoundOf(Find("ByteLengthAttribute"));
        if (WireTypeReader.UnwrapNullable(type) is { } inner)
            return 1 + (bound is null ? OfType(inner, around) : OfVector(bound));
        return bound is null ? OfType(type, around) : OfVector(bound);

        AttributeData? Find(string name) => attributes.FirstOrDefault(attribute => KnownTypes.Is(attribute, name));
    }

    private static long? OfType(ITypeSymbol type, HashSet<ISymbol> around) => type switch
    {
        _ when WireTypeReader.UnwrapNullable(type) is { } inner => 1 + OfType(inner, around),
        _ when type.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "ConverterAttribute")) => null,
        _ when WireTypeReader.ReadValue(type) is { } value => value.Size,
        INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => WireTypeReader.ReadValue(underlying)!.Size,
        INamedTypeSymbol { IsTupleType: true } tuple => Sum(tuple.TupleElements, element => OfType(element.Type, around)),
        INamedTypeSymbol message when KnownTypes.IsMessage(message) => OfNested(message, FieldReader.IsOpenEnded(message), around),
        // A vector without a bound.
        _ => null,
    };

    private static long? OfUnion(INamedTypeSymbol union, HashSet<ISymbol> around)
    {
        var attributes = union.GetAttributes();
        var tag = attributes.First(attribute => KnownTypes.Is(attribute, "UnionAttribute"))
            .NamedArguments.FirstOrDefault(argument => argument.Key == "Tag").Value.Value is ITypeSymbol type ? OfType(type, around) : 1;
        if (BoundOf(attributes.FirstOrDefault(attribute => KnownTypes.Is(attribute, "ByteLengthAttribute"))) is { } bound)
            return tag + OfVector(bound);
        if (union.GetTypeMembers().Any(nested => nested.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "UnknownCaseAttribute"))))
            return null;

        var cases = attributes.Where(attribute => KnownTypes.Is(attribute, "UnionCaseAttribute"))
            .Select(attribute => attribute.AttributeClass?.TypeArguments.FirstOrDefault() as INamedTypeSymbol)
            .ToArray();
        var isVector = cases.Any(declared => declared is not null && FieldReader.IsOpenEnded(declared));
        long? greatest = 0;
        foreach (var declared in cases)
            greatest = Greater(greatest, declared is null ? null : OfNested(declared, isVector, around));
        return tag + greatest;
    }

    private static long? OfNested(INamedTypeSymbol message, bool isVector, HashSet<ISymbol> around) =>
        OfMessage(message, around) is { } size ? size + (isVector ? 4 : 0) : null;

    private static long? Greater(long? first, long? second) => first is null || second is null ? null : Math.Max(first.Value, second.Value);

    private static long? Sum<T>(IEnumerable<T> parts, Func<T, long?> sizeOf)
    {
        long? sum = 0;
        foreach (var part in parts)
            sum += sizeOf(part);
        return sum;
    }

    private static ByteBound? BoundOf(AttributeData? attribute) => attribute?.ConstructorArguments switch
    {
        [{ Value: int exact }] => new ByteBound(exact, exact),
        [{ Value: int min }, { Value: int max }] => new ByteBound(min, max),
        _ => null,
    };

    private static long OfVector(ByteBound bound) => bound.Min == bound.Max ? bound.Max : (long)WidthOf(bound.Max) + bound.Max;

    private static int WidthOf(int max) => max <= 0xFF ? 1 : max <= 0xFFFF ? 2 : max <= 0xFFFFFF ? 3 : 4;
}
