namespace SecureChannel;

/// <summary>
/// Declares a tagged union (<c>select</c>, RFC 9846 section 3.8) on an abstract record: a tag, then the case that it names. Each case is a message that
/// derives from the record. With <see cref="ByteLengthAttribute"/> beside it the case is the content of a vector of that bound, as an extension of TLS is
/// (RFC 9846 section 4.2): <c>type; opaque data&lt;0..2^16-1&gt;</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnionAttribute : Attribute
{
    /// <summary>The type of the tag: an unsigned integer or an enum over one; <see cref="byte"/> if not given.</summary>
    public Type Tag { get; init; } = typeof(byte);
}

/// <summary>Names a case of a union and the tag that announces it.</summary>
/// <typeparam name="TCase">The case: a message that derives from the union.</typeparam>
/// <param name="tag">The value of the tag, unique in the union: an integer, or a member of the tag's enum.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UnionCaseAttribute<TCase>(object tag) : Attribute
{
    /// <summary>The value of the tag.</summary>
    public object Tag { get; } = tag;
}

/// <summary>
/// The case of a union that keeps a tag nobody declared, and its content: a record, nested in the union, with a tag of the union's tag type and a
/// <see cref="ReadOnlyMemory{T}"/> of bytes. Every case of such a union is the content of a vector, so that an unknown one can be kept whole. It is not
/// written with a tag that a declared case has.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UnknownCaseAttribute : Attribute;

/// <summary>Refuses values of an enum that it does not name. Without it an enum is open: an unknown value survives a round trip.</summary>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ClosedEnumAttribute : Attribute;
