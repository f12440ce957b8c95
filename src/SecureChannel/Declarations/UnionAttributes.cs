namespace SecureChannel;

/// <summary>
/// Declares a tagged union (<c>select</c>, RFC 9846 section 3.8) on an abstract record. Its encoding is a tag, followed by the case that the tag identifies.
/// Each case is a message that derives from the record. With <see cref="ByteLengthAttribute"/>, the case is the content of a vector with these bounds, like an
/// extension of TLS (RFC 9846 section 4.2): <c>type; opaque data&lt;0..2^16-1&gt;</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnionAttribute : Attribute
{
    /// <summary>Gets the type of the tag: an unsigned integer, or an enum of one. The default is <see cref="byte"/>.</summary>
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
/// Declares the case of a union that preserves a tag that is not declared, and its content. The case is a record, nested in the union, with a tag of the
/// union's tag type and a <see cref="ReadOnlyMemory{T}"/> of bytes. Every case of such a union is the content of a vector, so that an unknown case can be
/// preserved. The case cannot be written with the tag of a declared case.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnknownCaseAttribute : Attribute;

/// <summary>Rejects values of an enum that it does not declare. Without this attribute, an enum is open: values that are not declared are preserved.</summary>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ClosedEnumAttribute : Attribute;
