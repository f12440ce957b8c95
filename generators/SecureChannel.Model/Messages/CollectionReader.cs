using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>The reader of the wire types of lists and dictionaries.</summary>
internal static class CollectionReader
{
    /// <summary>
    /// Gets the list kind and the element type of a type; null if the type is not a list. Callers must first handle byte arrays and memory of bytes.
    /// </summary>
    public static WireKind? ListKindOf(ITypeSymbol type, out ITypeSymbol? element)
    {
        element = type switch
        {
            IArrayTypeSymbol { IsSZArray: true } array => array.ElementType,
            INamedTypeSymbol { TypeArguments: [var argument] } => argument,
            _ => null,
        };
        return type switch
        {
            IArrayTypeSymbol { IsSZArray: true } => WireKind.Array,
            INamedTypeSymbol { Arity: 1 } generic => CodeNames.FullNameOf(generic) switch
            {
                "System.Collections.Generic.List`1" => WireKind.List,
                "System.Collections.Generic.IReadOnlyList`1" => WireKind.ReadOnlyList,
                "System.Collections.Immutable.ImmutableArray`1" => WireKind.ImmutableArray,
                _ => null,
            },
            _ => null,
        };
    }

    /// <summary>Gets the dictionary kind of a type; null if the type is not a dictionary.</summary>
    public static WireKind? DictionaryKindOf(ITypeSymbol type) => type is not INamedTypeSymbol { Arity: 2 } generic
        ? null
        : CodeNames.FullNameOf(generic) switch
        {
            "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.IReadOnlyDictionary`2" => WireKind.Dictionary,
            "System.Collections.Immutable.ImmutableDictionary`2" => WireKind.ImmutableDictionary,
            _ => null,
        };

    /// <summary>Reads the wire type of a list.</summary>
    public static WireType? ReadList(WireKind kind, ITypeSymbol type, ITypeSymbol element, ByteBound? bound, FieldContext field)
    {
        if (element.IsRefLikeType)
            return field.Fail(MessageProblemKind.UnsupportedType, WireTypeReader.Display(type), "a list cannot contain a ref struct");
        if (!TryReadElementBound(element, field, out var elementBound) || WireTypeReader.ReadWithin(element, field, elementBound) is not { } item)
            return null;
        if (bound is not null && item.Size > 0 && (bound.Max / item.Size) * item.Size < bound.Min)
            return field.Fail(MessageProblemKind.BoundWithoutMultiple, bound.Min, bound.Max, item.Size);
        var least = item.Size > 0 ? item.Size : item.Kind == WireKind.Message && element is INamedTypeSymbol message ? LeastSize.Of(message) : 0;
        if (bound is { Max: > 0 } && least > bound.Max)
            return field.Fail(MessageProblemKind.BoundBelowContent, WireTypeReader.Display(element), least, bound.Max);
        return new WireType(kind, WireTypeReader.NameOf(type), Size: WireTypeReader.ExactSize(bound), Bound: bound, Element: item);
    }

    // The bound applies to the outermost list whose elements are vectors.
    private static bool TryReadElementBound(ITypeSymbol element, FieldContext field, out ByteBound? bound)
    {
        bound = null;
        if (field.ElementByteLength is null || field.HasUsedElementBound || !WireTypeReader.IsVector(element))
            return true;
        field.HasUsedElementBound = true;
        if (!WireTypeReader.TryReadBound(field.ElementByteLength, field, out bound))
            return false;
        if (bound!.Max > 0)
            return true;
        field.Fail(MessageProblemKind.ElementBoundWithoutBytes);
        return false;
    }

    /// <summary>Reads the wire type of a dictionary.</summary>
    public static WireType? ReadDictionary(WireKind kind, INamedTypeSymbol type, ByteBound? bound, FieldContext field)
    {
        if (WireTypeReader.ReadWithin(type.TypeArguments[0], field) is not { } key || WireTypeReader.ReadWithin(type.TypeArguments[1], field) is not { } value)
            return null;
        if (!IsKey(key))
            return field.Fail(MessageProblemKind.UnsupportedKey, WireTypeReader.Display(type.TypeArguments[0]));
        return new WireType(
            kind, WireTypeReader.NameOf(type), Size: WireTypeReader.ExactSize(bound), Bound: bound, Element: value, Key: key);
    }

    // Types whose values are equal exactly if their bytes are, and whose bytes the run time can hash with a secret.
    private static bool IsKey(WireType type) =>
        type.Kind is WireKind.Text or WireKind.Enum or WireKind.ClosedEnum
        || type is { Kind: WireKind.Value, Method: not ("Half" or "Single" or "Double" or "Decimal") };
}
