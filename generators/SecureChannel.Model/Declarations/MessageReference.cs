namespace SecureChannel.Model.Declarations;

/// <summary>The properties of a message in a declaration that generated code depends on.</summary>
/// <param name="Namespace">The type's namespace; empty for the global namespace.</param>
/// <param name="Name">The type's simple name, without type arguments.</param>
/// <param name="Identifier">The name as an identifier, such as <c>PageOfInt32</c> for <c>Page&lt;int&gt;</c>.</param>
/// <param name="FullyQualifiedName">The type's name in code, with <c>global::</c>.</param>
/// <param name="IsPublic">True if the type is accessible outside its assembly.</param>
/// <param name="IsRefStruct">True if the type is a ref struct.</param>
/// <param name="IsValueType">True if the type is a struct.</param>
/// <param name="Code">The code that identifies the message on the wire; null if it has none. A variant has the code of its message.</param>
/// <param name="VariantOf">The message that this type is a variant of; null if it is not a variant.</param>
/// <param name="Documentation">The content of the type's summary as XML; null if it has no summary.</param>
/// <param name="IsHandWritten">True if the type implements <c>ICodedMessage</c> by hand without <c>[Message]</c>, so that its code is known only at run
/// time.</param>
/// <param name="MaxSize">The maximum size of the encoded message in bytes; null if its declaration has no maximum.</param>
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
    bool IsHandWritten = false,
    int? MaxSize = null)
{
    /// <summary>Gets a value that indicates whether the message has a code and so can be sent on its own.</summary>
    public bool IsCoded => Code is not null || IsHandWritten;

    /// <summary>Gets the message that is encoded: <see cref="VariantOf"/> for a variant; otherwise, this message.</summary>
    public MessageReference OnTheWire => VariantOf ?? this;

    // The ToString method of a record would print OnTheWire, which is this record, without end.
    /// <summary>Returns the type's fully qualified name.</summary>
    public override string ToString() => FullyQualifiedName;
}
