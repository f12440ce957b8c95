namespace SecureChannel.Model.Declarations;

/// <summary>A message as a declaration names it: what generated code needs to know of it.</summary>
/// <param name="Namespace">The type's namespace; empty for the global one.</param>
/// <param name="Name">The type's own name, without type arguments.</param>
/// <param name="Identifier">A name fit for an identifier: <c>PageOfInt32</c> for <c>Page&lt;int&gt;</c>.</param>
/// <param name="FullyQualifiedName">The type with <c>global::</c>, for code.</param>
/// <param name="IsPublic">Whether the type can be named outside its assembly.</param>
/// <param name="IsRefStruct">Whether the type is a ref struct.</param>
/// <param name="IsValueType">Whether the type is a struct.</param>
/// <param name="Code">What tells it apart on the wire; null if it has none. A variant has that of its message.</param>
/// <param name="VariantOf">The message whose content tells this variant apart; null if it is no variant.</param>
/// <param name="Documentation">The content of the type's summary as XML; null if it has none.</param>
/// <param name="IsHandWritten">Whether the type has no <c>[Message]</c> and implements <c>ICodedMessage</c> by hand, so that only running code knows its code.</param>
public sealed record MessageReference(
    string Namespace,
    string Name,
    string Identifier,
    string FullyQualifiedName,
    bool IsPublic,
    bool IsRefStruct,
    bool IsValueType,
    int? Code,
    MessageReference? VariantOf,
    string? Documentation,
    bool IsHandWritten = false)
{
    /// <summary>Whether it can travel by itself.</summary>
    public bool IsCoded => Code is not null || IsHandWritten;

    /// <summary>The message whose bytes travel: the variant's, or this one.</summary>
    public MessageReference OnTheWire => VariantOf ?? this;

    // A record writes all its properties, of which OnTheWire would lead back to it for ever.
    /// <summary>The type as code names it.</summary>
    public override string ToString() => FullyQualifiedName;
}
