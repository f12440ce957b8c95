using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>What a CLR type is on the wire.</summary>
internal static class WireTypeReader
{
    /// <summary>Reads a type.</summary>
    /// <param name="type">The type of a field.</param>
    /// <param name="attributes">The field's attributes.</param>
    /// <param name="message">The message that holds it.</param>
    /// <returns>Null if it is not supported.</returns>
    public static WireType? Read(ITypeSymbol type, IReadOnlyList<AttributeData> attributes, INamedTypeSymbol message)
    {
        if (!TryReadBound(attributes, out var bound) || bound is not null && !IsVector(type))
            return null;
        var isClosed = attributes.Any(attribute => OurTypes.Is(attribute.AttributeClass, "ClosedAttribute"));
        return TryReadBound(attributes, out var remainder, "RemainderAttribute") && remainder is null
            ? Read(type, bound, isClosed, message)
            : ReadRemainder(type, bound, remainder, message);
    }

    /// <summary>Reads the bound of a vector, if there is one.</summary>
    /// <returns>False if no vector can have it.</returns>
    public static bool TryReadBound(IEnumerable<AttributeData> attributes, out ByteBound? bound, string name = "ByteLengthAttribute")
    {
        bound = null;
        if (attributes.FirstOrDefault(attribute => OurTypes.Is(attribute.AttributeClass, name)) is not { } length)
            return true;
        bound = length.ConstructorArguments switch
        {
            [{ Value: int exact }] => new ByteBound(exact, exact),
            [{ Value: int min }, { Value: int max }] => new ByteBound(min, max),
            _ => null,
        };
        return bound is { Min: >= 0 } && bound.Max >= bound.Min;
    }

    /// <summary>How code inside a message names a type: simply where that is certain, else in full.</summary>
    public static string NameOf(ITypeSymbol type, INamedTypeSymbol message)
    {
        var isSimple = type is INamedTypeSymbol { Arity: 0, ContainingType: null, SpecialType: SpecialType.None }
            && message.ContainingType is null
            && SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, message.ContainingNamespace)
            && !message.TypeParameters.Any(parameter => parameter.Name == type.Name)
            && message.GetTypeMembers(type.Name).IsEmpty
            && (message.BaseType is not { SpecialType: SpecialType.None } parent || parent.GetTypeMembers(type.Name).IsEmpty);
        return isSimple ? OurTypes.Escape(type.Name) : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(FullName);
    }

    private static readonly SymbolDisplayFormat FullName =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static WireType? Read(ITypeSymbol type, ByteBound? bound, bool isClosed, INamedTypeSymbol message)
    {
        if (UnwrapNullable(type) is { } inner)
            return Read(inner, bound, isClosed, message) is { } optional
                ? new WireType(WireKind.Optional, optional.Name + "?", Element: optional)
                : null;

        if (ReadValue(type) is { } value)
            return value;
        if (type.SpecialType == SpecialType.System_String)
            return new WireType(WireKind.Text, "string", Size: ExactSize(bound), Bound: bound);
        if (type is IArrayTypeSymbol { IsSZArray: true } array)
            return array.ElementType.SpecialType == SpecialType.System_Byte
                ? new WireType(WireKind.ByteArray, "byte[]", Size: ExactSize(bound), Bound: bound)
                : ReadList(WireKind.Array, type, array.ElementType, bound, message);
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
        {
            isClosed |= enumeration.GetAttributes().Any(attribute => OurTypes.Is(attribute.AttributeClass, "ClosedAttribute"));
            var size = ReadValue(enumeration.EnumUnderlyingType!)!.Size;
            return new WireType(isClosed ? WireKind.ClosedEnum : WireKind.Enum, NameOf(type, message), Size: size);
        }

        if (type is INamedTypeSymbol { TypeArguments: [var element] } generic)
        {
            var name = generic.ConstructedFrom.ToDisplayString();
            var isByte = element.SpecialType == SpecialType.System_Byte;
            if (isByte && name == "System.ReadOnlyMemory<T>")
                return new WireType(WireKind.ByteMemory, NameOf(type, message), Size: ExactSize(bound), Bound: bound);
            if (isByte && name == "System.ReadOnlySpan<T>")
                return new WireType(WireKind.ByteSpan, NameOf(type, message), Size: ExactSize(bound), Bound: bound);
            if (name == "System.Collections.Generic.List<T>")
                return ReadList(WireKind.List, type, element, bound, message);
            if (name == "System.Collections.Immutable.ImmutableArray<T>")
                return ReadList(WireKind.ImmutableArray, type, element, bound, message);
        }

        return OurTypes.IsMessage(type) ? new WireType(WireKind.Message, NameOf(type, message), Size: ExactSize(bound), Bound: bound) : null;
    }

    private static WireType? ReadRemainder(ITypeSymbol type, ByteBound? bound, ByteBound? remainder, INamedTypeSymbol message) =>
        remainder is not null && bound is null && Read(type, null, false, message) is { Kind: WireKind.ByteArray or WireKind.ByteMemory or WireKind.ByteSpan } bytes
            ? bytes with { Size = -1, Bound = remainder, IsRemainder = true }
            : null;

    private static WireType? ReadList(WireKind kind, ITypeSymbol type, ITypeSymbol element, ByteBound? bound, INamedTypeSymbol message) =>
        Read(element, null, false, message) is { Kind: not WireKind.ByteSpan } item && !element.IsRefLikeType
            ? new WireType(kind, NameOf(type, message), Size: ExactSize(bound), Bound: bound, Element: item)
            : null;

    private static WireType? ReadValue(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Byte => Value("byte", "Byte", 1),
        SpecialType.System_SByte => Value("sbyte", "SByte", 1),
        SpecialType.System_UInt16 => Value("ushort", "UInt16", 2),
        SpecialType.System_Int16 => Value("short", "Int16", 2),
        SpecialType.System_UInt32 => Value("uint", "UInt32", 4),
        SpecialType.System_Int32 => Value("int", "Int32", 4),
        SpecialType.System_UInt64 => Value("ulong", "UInt64", 8),
        SpecialType.System_Int64 => Value("long", "Int64", 8),
        SpecialType.System_Boolean => Value("bool", "Boolean", 1),
        SpecialType.System_Single => Value("float", "Single", 4),
        SpecialType.System_Double => Value("double", "Double", 8),
        _ => type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true } && type.ContainingType is null
            ? type.Name switch
            {
                "UInt128" => Value("global::System.UInt128", "UInt128", 16),
                "Int128" => Value("global::System.Int128", "Int128", 16),
                "Half" => Value("global::System.Half", "Half", 2),
                "Guid" => Value("global::System.Guid", "Guid", 16),
                "DateTimeOffset" => Value("global::System.DateTimeOffset", "DateTimeOffset", 8),
                "TimeSpan" => Value("global::System.TimeSpan", "TimeSpan", 8),
                _ => null,
            }
            : null,
    };

    private static WireType Value(string name, string method, int size) => new(WireKind.Value, name, method, size);

    private static int ExactSize(ByteBound? bound) => bound is not null && bound.Min == bound.Max ? bound.Max : -1;

    private static bool IsVector(ITypeSymbol type) => (UnwrapNullable(type) ?? type) switch
    {
        { SpecialType: SpecialType.System_String } or IArrayTypeSymbol => true,
        INamedTypeSymbol { Arity: 1, Name: "ReadOnlyMemory" or "ReadOnlySpan" or "List" or "ImmutableArray" } => true,
        var other => OurTypes.IsMessage(other),
    };

    private static ITypeSymbol? UnwrapNullable(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var underlying] })
            return underlying;
        return type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.Annotated
            ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
            : null;
    }
}
