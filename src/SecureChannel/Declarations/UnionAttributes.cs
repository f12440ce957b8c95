namespace SecureChannel;

/// <summary>
/// Declares a tagged union (<c>select</c>, RFC 9846 section 3.8) on an abstract record. A union is encoded as a tag, followed by the case that the tag
/// identifies. Each case is a message that derives from the record. If the union has <see cref="ByteLengthAttribute"/>, the case is the content of a vector
/// with the bounds of that attribute, like a TLS extension (RFC 9846 section 4.2): <c>type; opaque data&lt;0..2^16-1&gt;</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnionAttribute : Attribute
{
    /// <summary>Gets the type of the tag: an unsigned integer, or an enum with an unsigned underlying type. The default is <see cref="byte"/>.</summary>
    public Type Tag { get; init; } = typeof(byte);
}

/// <summary>Declares a case of a union and its tag.</summary>
/// <typeparam name="TCase">The case, a message that derives from the union.</typeparam>
/// <param name="tag">The tag, an integer or a member of the enum of the tags. It must be unique in the union.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UnionCaseAttribute<TCase>(object tag) : Attribute
{
    /// <summary>Gets the tag.</summary>
    public object Tag { get; } = tag;
}

/// <summary>
/// Declares the unknown case of a union, which preserves an undeclared tag and its content. The unknown case is a record, nested in the union, with a tag of
/// the union's tag type and a <see cref="ReadOnlyMemory{T}"/> of bytes. In such a union, every case is encoded as the content of a vector, so that a reader
/// finds the end of an unknown case. Writing the unknown case with the tag of a declared case throws an exception.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnknownCaseAttribute : Attribute;

/// <summary>Rejects the undeclared values of an enum. Without this attribute, an enum is open: undeclared values are preserved.</summary>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ClosedEnumAttribute : Attribute;
