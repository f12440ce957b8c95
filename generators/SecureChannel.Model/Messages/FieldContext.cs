using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>The state of reading one field: the field's attributes, and the collection that receives the problems of the field.</summary>
/// <param name="member">The field's name.</param>
/// <param name="attributes">The field's attributes.</param>
/// <param name="problems">The collection that receives problems.</param>
internal sealed class FieldContext(string member, IReadOnlyList<AttributeData> attributes, ICollection<MessageProblem> problems)
{
    /// <summary>Gets the type of the field's <c>[Converter]</c>, or null if the field has none.</summary>
    public INamedTypeSymbol? Converter { get; } = Find(attributes, "ConverterAttribute")?.AttributeClass?.TypeArguments.FirstOrDefault() as INamedTypeSymbol;

    /// <summary>Gets or sets a value that indicates whether the converter was applied to the field's type or to a type within it.</summary>
    public bool HasUsedConverter { get; set; }

    /// <summary>Gets a value that indicates whether the field has <c>[ClosedEnum]</c>.</summary>
    public bool IsClosed { get; } = Find(attributes, "ClosedEnumAttribute") is not null;

    /// <summary>Gets or sets a value that indicates whether the field's type contains an enum to which <c>[ClosedEnum]</c> can apply.</summary>
    public bool HasClosedEnum { get; set; }

    /// <summary>Gets the field's <c>[ElementByteLength]</c>, or null if it has none.</summary>
    public AttributeData? ElementByteLength => Find(attributes, "ElementByteLengthAttribute");

    /// <summary>Gets or sets a value that indicates whether <c>[ElementByteLength]</c> was applied to a list in the field's type.</summary>
    public bool HasUsedElementBound { get; set; }

    /// <summary>Gets the field's <c>[Remainder]</c>, or null if it has none.</summary>
    public AttributeData? Remainder => Find(attributes, "RemainderAttribute");

    /// <summary>Gets the field's <c>[ByteLength]</c>, or null if it has none.</summary>
    public AttributeData? ByteLength => Find(attributes, "ByteLengthAttribute");

    /// <summary>Gets the version in the field's <c>[Since]</c>, or null if it has none.</summary>
    public int? Since => Find(attributes, "SinceAttribute") is { } since ? since.ConstructorArguments is [{ Value: int version }] ? version : 0 : null;

    /// <summary>Records a problem with the field.</summary>
    /// <returns>Null, which the reader then returns.</returns>
    public WireType? Fail(MessageProblemKind kind, params object[] arguments)
    {
        problems.Add(MessageProblem.Of(kind, member, arguments));
        return null;
    }

    private static AttributeData? Find(IEnumerable<AttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => KnownTypes.Is(attribute, name));
}
