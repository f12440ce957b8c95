using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>What is known about a field while its type is read, and what is wrong with it.</summary>
/// <param name="member">The field's name.</param>
/// <param name="attributes">Its attributes.</param>
/// <param name="problems">Receives what is wrong.</param>
internal sealed class FieldContext(string member, IReadOnlyList<AttributeData> attributes, ICollection<MessageProblem> problems)
{
    /// <summary>The converter that the field names; null if there is none.</summary>
    public INamedTypeSymbol? Converter { get; } = Find(attributes, "ConverterAttribute")?.AttributeClass?.TypeArguments.FirstOrDefault() as INamedTypeSymbol;

    /// <summary>Whether the converter was found to be one for the field's type, or a type within it.</summary>
    public bool HasUsedConverter { get; set; }

    /// <summary>Whether enums are closed.</summary>
    public bool IsClosed { get; } = Find(attributes, "ClosedEnumAttribute") is not null;

    /// <summary>Whether there was an enum to close.</summary>
    public bool HasClosedEnum { get; set; }

    /// <summary>The field's <c>[ElementByteLength]</c>; null if there is none.</summary>
    public AttributeData? ElementByteLength => Find(attributes, "ElementByteLengthAttribute");

    /// <summary>Whether there was a list whose elements have that bound.</summary>
    public bool HasUsedElementBound { get; set; }

    /// <summary>The field's <c>[Remainder]</c>; null if it is not all that is left of the message.</summary>
    public AttributeData? Remainder => Find(attributes, "RemainderAttribute");

    /// <summary>The field's <c>[ByteLength]</c>; null if there is none.</summary>
    public AttributeData? ByteLength => Find(attributes, "ByteLengthAttribute");

    /// <summary>The first version that has the field; 0 if all have it.</summary>
    public int? Since => Find(attributes, "SinceAttribute") is { } since ? since.ConstructorArguments is [{ Value: int version }] ? version : 0 : null;

    /// <summary>Tells that something is wrong with the field.</summary>
    /// <returns>Null, as what a reader then gives.</returns>
    public WireType? Fail(MessageProblemKind kind, params object[] arguments)
    {
        problems.Add(MessageProblem.Of(kind, member, arguments));
        return null;
    }

    private static AttributeData? Find(IEnumerable<AttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => KnownTypes.Is(attribute.AttributeClass, name));
}
