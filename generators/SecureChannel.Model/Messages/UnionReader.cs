using System.Globalization;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>The reader of the cases of a type with <c>[Union]</c>.</summary>
internal static class UnionReader
{
    /// <summary>Reads the cases.</summary>
    /// <param name="union">The union.</param>
    /// <param name="problems">The collection that receives problems.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    /// <returns>The cases, or null if the tag is not supported. Problems with cases are recorded.</returns>
    public static UnionModel? Read(INamedTypeSymbol union, ICollection<MessageProblem> problems, CancellationToken cancellationToken)
    {
        var context = new FieldContext("", union.GetAttributes(), problems);
        WireTypeReader.TryReadBound(context.ByteLength, context, out var bound);
        if (ReadTag(union, context, out var tagType) is not { } tag)
            return null;

        var cases = new List<CaseModel>();
        var (isOpenEnded, isDeclared) = (false, false);
        foreach (var attribute in union.GetAttributes())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (attribute is not { AttributeClass.TypeArguments: [var declared], ConstructorArguments: [{ Value: { } value }] } || !KnownTypes.Is(attribute, "UnionCaseAttribute"))
                continue;
            isDeclared = true;
            if (ReadCase(union, declared, value, tag, tagType, context) is { } model)
            {
                AddCase(cases, model, context);
                isOpenEnded |= FieldReader.IsOpenEnded(declared);
            }
        }

        var unknown = union.GetTypeMembers().FirstOrDefault(nested => nested.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "UnknownCaseAttribute")));
        var kept = unknown is null ? null : ReadUnknown(unknown, union, tagType, cancellationToken);
        if (unknown is not null && kept is null)
            context.Fail(MessageProblemKind.MalformedUnknownCase, unknown.Name, tagType is null ? "byte" : WireTypeReader.Display(tagType));
        else if (!isDeclared && kept is null)
            context.Fail(MessageProblemKind.NoCase);
        return new UnionModel(tag, new EquatableArray<CaseModel>([.. cases]), kept, kept is not null || bound is not null || isOpenEnded, bound);
    }

    private static CaseModel? ReadCase(INamedTypeSymbol union, ITypeSymbol declared, object value, WireType tag, ITypeSymbol? tagType, FieldContext context)
    {
        if (!KnownTypes.IsMessage(declared) || !DerivesFrom(declared, union))
            context.Fail(MessageProblemKind.CaseNotDerived, declared.Name);
        else if (TagLiteral(tagType, tag, value) is { } literal)
            return new CaseModel(literal, WireTypeReader.NameOf(declared), declared.Name);
        else
            context.Fail(MessageProblemKind.TagOutOfRange, declared.Name, value);
        return null;
    }

    private static void AddCase(List<CaseModel> cases, CaseModel added, FieldContext context)
    {
        if (cases.FirstOrDefault(other => other.Tag == added.Tag) is { } same)
            context.Fail(MessageProblemKind.DuplicateTag, added.Tag, same.Name, added.Name);
        else if (cases.Any(other => other.TypeName == added.TypeName))
            context.Fail(MessageProblemKind.DuplicateCase, added.Name);
        cases.Add(added);
    }

    private static WireType? ReadTag(INamedTypeSymbol union, FieldContext context, out ITypeSymbol? tagType)
    {
        var attribute = union.GetAttributes().First(attribute => KnownTypes.Is(attribute, "UnionAttribute"));
        tagType = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Tag").Value.Value as ITypeSymbol;
        if (tagType is null)
            return new WireType(WireKind.Value, "byte", "Byte", 1);
        if (tagType is { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 })
            return WireTypeReader.ReadWithin(tagType, context);
        return context.Fail(MessageProblemKind.UnsupportedTag, WireTypeReader.Display(tagType));
    }

    private static string? TagLiteral(ITypeSymbol? tagType, WireType tag, object value)
    {
        if (tagType is not INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration)
            return decimal.TryParse(value.ToString(), out var number) && number >= 0 && number <= Greatest(tag.Size) ? number.ToString(CultureInfo.InvariantCulture) : null;
        var member = enumeration.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
        return member is null ? $"({tag.Name})({value})" : $"{tag.Name}.{CodeNames.Escape(member.Name)}";
    }

    private static decimal Greatest(int size) => size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1;

    private static bool DerivesFrom(ITypeSymbol type, INamedTypeSymbol union)
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
                && content.Type is INamedTypeSymbol { Name: "ReadOnlyMemory", TypeArguments: [{ SpecialType: SpecialType.System_Byte }] })
                return new UnknownCaseModel(WireTypeReader.NameOf(unknown), CodeNames.Escape(tag.Name), CodeNames.Escape(content.Name), FieldReader.RunsCode(unknown, constructor, [], cancellationToken));
        }

        return null;
    }
}
