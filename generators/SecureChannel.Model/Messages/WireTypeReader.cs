using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>The reader of the wire type of a CLR type.</summary>
internal static class WireTypeReader
{
    /// <summary>Reads the wire type of a field.</summary>
    /// <returns>The wire type, or null if the type is not supported; the problem is then recorded in the context.</returns>
    public static WireType? Read(ITypeSymbol type, FieldContext field)
    {
        if (!TryReadBound(field.ByteLength, field, out var bound))
            return null;
        if (bound is not null && (field.Remainder is not null || !IsVector(UnwrapNullable(type) ?? type)))
            return field.Fail(MessageProblemKind.BoundWithoutVector, Display(type));

        var wire = field.Remainder is not null ? ReadRemainder(type, field) : Read(type, bound, field);
        if (wire is null)
            return null;
        if (field.ElementByteLength is not null && !field.HasUsedElementBound)
            return field.Fail(MessageProblemKind.ElementBoundWithoutVector, Display(type));
        if (field.Converter is not null && !field.HasUsedConverter)
            return field.Fail(MessageProblemKind.ConverterMismatch, Display(field.Converter), Display(type));
        return field.IsClosed && !field.HasClosedEnum ? field.Fail(MessageProblemKind.ClosedWithoutEnum, Display(type)) : wire;
    }

    /// <summary>Reads the bound of a vector, if it has one.</summary>
    /// <returns>True if there is no bound or it is valid; otherwise, false.</returns>
    public static bool TryReadBound(AttributeData? attribute, FieldContext field, out ByteBound? bound)
    {
        bound = attribute?.ConstructorArguments switch
        {
            [{ Value: int exact }] => new ByteBound(exact, exact),
            [{ Value: int min }, { Value: int max }] => new ByteBound(min, max),
            [] => new ByteBound(0, int.MaxValue),
            _ => null,
        };
        if (bound is null || bound.Min >= 0 && bound.Max >= bound.Min)
            return true;
        field.Fail(MessageProblemKind.ImpossibleBound, bound.Min, bound.Max);
        return false;
    }

    /// <summary>Gets the name of a type for generated code, qualified with <c>global::</c> so that a user's type cannot hide it.</summary>
    // Without nullable annotations of reference types, because generated code has none. Most types are simple, for which the display of a symbol is slow.
    public static string NameOf(ITypeSymbol type) => type is INamedTypeSymbol { Arity: 0, ContainingType: null, SpecialType: SpecialType.None, IsTupleType: false } simple
        ? "global::" + (simple.ContainingNamespace.IsGlobalNamespace ? "" : CodeNames.FullNameOf(simple.ContainingNamespace) + ".") + CodeNames.Escape(simple.Name)
        : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>Gets the name of a type for diagnostics.</summary>
    public static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    private static WireType? Read(ITypeSymbol type, ByteBound? bound, FieldContext field)
    {
        if (UnwrapNullable(type) is { } inner)
            return Read(inner, bound, field) is { } optional ? new WireType(WireKind.Optional, inner.IsValueType ? optional.Name + "?" : optional.Name, Element: optional) : null;
        if (ConverterOf(type, field) is { } converter)
            return bound is null
                ? new WireType(WireKind.Converted, NameOf(type), NameOf(converter))
                : field.Fail(MessageProblemKind.BoundWithoutVector, Display(type));
        if (ReadValue(type) is { } value)
            return value;
        if (type.SpecialType == SpecialType.System_String)
            return new WireType(WireKind.Text, "string", Size: ExactSize(bound), Bound: bound);
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
            return ReadEnum(enumeration, field);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return ReadTuple(tuple, field);
        if (ByteKindOf(type) is { } bytes)
            return bytes == WireKind.ByteArray
                ? new WireType(bytes, "byte[]", Size: ExactSize(bound), Bound: bound)
                : new WireType(bytes, NameOf(type), Size: ExactSize(bound), Bound: bound);
        if (CollectionReader.ListKindOf(type, out var element) is { } list)
            return CollectionReader.ReadList(list, type, element!, bound, field);
        if (CollectionReader.DictionaryKindOf(type) is { } dictionary)
            return CollectionReader.ReadDictionary(dictionary, (INamedTypeSymbol)type, bound, field);
        return ReadMessage(type, bound, field);
    }

    /// <summary>Reads the wire type of a type within a field's type, such as the element of a list or the value of a dictionary.</summary>
    public static WireType? ReadWithin(ITypeSymbol type, FieldContext field, ByteBound? bound = null) => Read(type, bound, field);

    private static WireType? ReadRemainder(ITypeSymbol type, FieldContext field) =>
        !TryReadBound(field.Remainder!, field, out var bound)
            ? null
            : ByteKindOf(type) is { } bytes
                ? new WireType(bytes, NameOf(type), Bound: bound, IsRemainder: true)
                : field.Fail(MessageProblemKind.RemainderWithoutBytes, Display(type));

    private static WireType ReadEnum(INamedTypeSymbol enumeration, FieldContext field)
    {
        field.HasClosedEnum = true;
        var isClosed = field.IsClosed || enumeration.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "ClosedEnumAttribute"));
        var size = ReadValue(enumeration.EnumUnderlyingType!)!.Size;
        return new WireType(isClosed ? WireKind.ClosedEnum : WireKind.Enum, NameOf(enumeration), Size: size);
    }

    private static WireType? ReadTuple(INamedTypeSymbol tuple, FieldContext field)
    {
        var items = new List<TupleItem>();
        foreach (var element in tuple.TupleElements)
        {
            if (ReadWithin(element.Type, field) is not { } item)
                return null;
            items.Add(new TupleItem(CodeNames.Escape(element.Name), item));
        }

        var size = items.All(item => item.Type.Size >= 0) ? items.Sum(item => item.Type.Size) : -1;
        return new WireType(WireKind.Tuple, NameOf(tuple), Size: size, Items: new EquatableArray<TupleItem>([.. items]));
    }

    private static WireType? ReadMessage(ITypeSymbol type, ByteBound? bound, FieldContext field)
    {
        if (type.TypeKind == TypeKind.Error)
            return field.Fail(MessageProblemKind.MissingType, Display(type));
        if (type is ITypeParameterSymbol { NullableAnnotation: NullableAnnotation.Annotated })
            return field.Fail(MessageProblemKind.UnsupportedType, Display(type), "its type parameter must be constrained to class or struct");
        if (type is ITypeParameterSymbol { AllowsRefLikeType: false } && bound is null && !KnownTypes.IsMessage(type))
            return new WireType(WireKind.Argument, NameOf(type));
        if (!KnownTypes.IsMessage(type))
            return field.Fail(MessageProblemKind.UnsupportedType, Display(type), "it is not a built-in type or a message and has no converter");
        if (type is INamedTypeSymbol named && named.TypeArguments.FirstOrDefault(FieldReader.IsOpenEnded) is { } argument)
            return field.Fail(MessageProblemKind.RemainderAsArgument, Display(type), Display(argument));
        if (type is INamedTypeSymbol generic && generic.TypeArguments.FirstOrDefault(candidate => !IsArgument(candidate)) is { } foreign)
            return field.Fail(MessageProblemKind.UnsupportedType, Display(type), $"a generic message cannot contain {Display(foreign)}");
        if (bound is not null && type is INamedTypeSymbol content && LeastSize.Of(content) is var least && least > bound.Max)
            return field.Fail(MessageProblemKind.BoundBelowContent, Display(type), least, bound.Max);
        return new WireType(WireKind.Message, NameOf(type), Size: ExactSize(bound), Bound: bound, IsVector: bound is not null || FieldReader.IsOpenEnded(type));
    }

    // The type arguments whose encoding the run time knows without generated code.
    private static bool IsArgument(ITypeSymbol type) =>
        type is not { NullableAnnotation: NullableAnnotation.Annotated }
        && (type is ITypeParameterSymbol or { SpecialType: SpecialType.System_String } or INamedTypeSymbol { TypeKind: TypeKind.Enum }
        || ReadValue(type) is not null || ByteKindOf(type) == WireKind.ByteArray || KnownTypes.IsMessage(type));

    private static INamedTypeSymbol? ConverterOf(ITypeSymbol type, FieldContext field)
    {
        if (field.Converter is { } named && KnownTypes.IsConverter(named, type))
        {
            field.HasUsedConverter = true;
            return named;
        }

        var declared = type.GetAttributes().FirstOrDefault(attribute => KnownTypes.Is(attribute, "ConverterAttribute"));
        return declared?.AttributeClass?.TypeArguments.FirstOrDefault() is INamedTypeSymbol converter && KnownTypes.IsConverter(converter, type) ? converter : null;
    }

    /// <summary>Reads the wire type of a fixed-size value; null for any other type.</summary>
    public static WireType? ReadValue(ITypeSymbol type) => type.SpecialType switch
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
        SpecialType.System_Decimal => Value("decimal", "Decimal", 13),
        _ => type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true } && type.ContainingType is null
            ? type.Name switch
            {
                "UInt128" => Value("global::System.UInt128", "UInt128", 16),
                "Int128" => Value("global::System.Int128", "Int128", 16),
                "Half" => Value("global::System.Half", "Half", 2),
                "Guid" => Value("global::System.Guid", "Guid", 16),
                "DateTimeOffset" => Value("global::System.DateTimeOffset", "DateTimeOffset", 8),
                "TimeSpan" => Value("global::System.TimeSpan", "TimeSpan", 8),
                "DateOnly" => Value("global::System.DateOnly", "DateOnly", 4),
                "TimeOnly" => Value("global::System.TimeOnly", "TimeOnly", 8),
                _ => null,
            }
            : null,
    };

    private static WireType Value(string name, string method, int size) => new(WireKind.Value, name, method, size);

    private static WireKind? ByteKindOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { IsSZArray: true, ElementType.SpecialType: SpecialType.System_Byte } => WireKind.ByteArray,
        INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Byte }] } generic => CodeNames.FullNameOf(generic) switch
        {
            "System.ReadOnlyMemory`1" => WireKind.ByteMemory,
            "System.ReadOnlySpan`1" => WireKind.ByteSpan,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Gets the size of a vector if the bound allows only one size; otherwise, -1.</summary>
    public static int ExactSize(ByteBound? bound) => bound is not null && bound.Min == bound.Max ? bound.Max : -1;

    /// <summary>Determines whether a type can have a bound: it is encoded as a vector or can be the content of a vector.</summary>
    public static bool IsVector(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_String
        || ByteKindOf(type) is not null
        || CollectionReader.ListKindOf(type, out _) is not null
        || CollectionReader.DictionaryKindOf(type) is not null
        || KnownTypes.IsMessage(type);

    /// <summary>Gets the underlying type of a nullable type; null if the type is not nullable.</summary>
    public static ITypeSymbol? UnwrapNullable(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var underlying] })
            return underlying;
        return type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.Annotated
            ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
            : null;
    }
}
