using System.Globalization;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>Reads the cases of a type with <c>[Union]</c>.</summary>
internal static class UnionReader
{
    /// <summary>Reads the cases.</summary>
    /// <returns>Null if the tag, a case or the unknown case is not supported, or two cases share a tag.</returns>
    public static UnionModel? Read(INamedTypeSymbol union, CancellationToken cancellationToken)
    {
        if (!union.IsRecord || ReadTag(union, out var tagType) is not { } tag)
            return null;

        var cases = new List<CaseModel>();
        foreach (var attribute in union.GetAttributes())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!OurTypes.Is(attribute.AttributeClass, "CaseAttribute"))
                continue;
            if (attribute is not { AttributeClass.TypeArguments: [INamedTypeSymbol message], ConstructorArguments: [{ Value: { } value }] }
                || !OurTypes.IsMessage(message) || !DerivesFrom(message, union) || TagLiteral(tagType, tag, value) is not { } literal)
                return null;
            cases.Add(new CaseModel(literal, WireTypeReader.NameOf(message, union), message.Name));
        }

        if (cases.Select(declared => declared.Tag).Distinct().Count() < cases.Count || cases.Select(declared => declared.TypeName).Distinct().Count() < cases.Count)
            return null;
        var unknown = union.GetTypeMembers().FirstOrDefault(nested => nested.GetAttributes().Any(attribute => OurTypes.Is(attribute.AttributeClass, "UnknownAttribute")));
        var kept = unknown is null ? null : ReadUnknown(unknown, union, tagType, cancellationToken);
        if (unknown is not null && kept is null || !WireTypeReader.TryReadBound(union.GetAttributes(), out var bound))
            return null;
        return new UnionModel(tag, new EquatableArray<CaseModel>([.. cases]), kept, kept is not null || bound is not null, bound);
    }

    private static WireType? ReadTag(INamedTypeSymbol union, out ITypeSymbol? tagType)
    {
        var attribute = union.GetAttributes().First(attribute => OurTypes.Is(attribute.AttributeClass, "UnionAttribute"));
        tagType = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Tag").Value.Value as ITypeSymbol;
        var tag = tagType is null ? new WireType(WireKind.Value, "byte", "Byte", 1) : WireTypeReader.Read(tagType, [], union);
        return tag is { Kind: WireKind.Enum or WireKind.ClosedEnum } or { Method: "Byte" or "UInt16" or "UInt32" or "UInt64" } ? tag : null;
    }

    private static string? TagLiteral(ITypeSymbol? tagType, WireType tag, object value)
    {
        if (tagType is not INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
            return decimal.TryParse(value.ToString(), out var number) && number >= 0 && number <= Greatest(tag.Size) ? number.ToString(CultureInfo.InvariantCulture) : null;
        var member = enumeration.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
        return member is null ? $"({tag.Name})({value})" : $"{tag.Name}.{OurTypes.Escape(member.Name)}";
    }

    private static decimal Greatest(int size) => size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1;

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol union)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(parent, union))
                return true;
        }

        return false;
    }

    private static UnknownCaseModel? ReadUnknown(INamedTypeSymbol unknown, INamedTypeSymbol union, ITypeSymbol? tagType, CancellationToken cancellationToken)
    {
        if (!unknown.IsRecord || !DerivesFrom(unknown, union))
            return null;
        foreach (var constructor in unknown.InstanceConstructors)
        {
            if (constructor.Parameters is [var tag, var content]
                && (tagType is null ? tag.Type.SpecialType == SpecialType.System_Byte : SymbolEqualityComparer.Default.Equals(tag.Type, tagType))
                && WireTypeReader.Read(content.Type, [], union) is { Kind: WireKind.ByteMemory })
                return new UnknownCaseModel(WireTypeReader.NameOf(unknown, union), OurTypes.Escape(tag.Name), OurTypes.Escape(content.Name), FieldReader.RunsCode(unknown, constructor, [], cancellationToken));
        }

        return null;
    }
}
