namespace SecureChannel;

/// <summary>
/// Specifies the bounds of a vector in bytes, as in RFC 9846 section 3.4: <c>T v&lt;min..max&gt;</c>. Apply the attribute to a string, byte array, memory,
/// span, list or dictionary. <see cref="Max"/> determines the width of the length prefix. Without this attribute, the length is a minimal variable-size integer
/// (RFC 9420 section 2.1.2). A field that is a message with this attribute is encoded as the content of such a vector, and must fill the vector. On a union,
/// the attribute does the same for each case.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class, Inherited = false)]
public sealed class ByteLengthAttribute : Attribute
{
    /// <summary>Specifies a vector of exactly <paramref name="exact"/> bytes, which has no length prefix.</summary>
    /// <param name="exact">The size in bytes, 0 or more.</param>
    public ByteLengthAttribute(int exact) => (Min, Max) = (exact, exact);

    /// <summary>Specifies a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The minimum size in bytes, 0 or more.</param>
    /// <param name="max">The maximum size in bytes, at least <paramref name="min"/>.</param>
    public ByteLengthAttribute(int min, int max) => (Min, Max) = (min, max);

    /// <summary>Gets the minimum size in bytes.</summary>
    public int Min { get; }

    /// <summary>Gets the maximum size in bytes.</summary>
    public int Max { get; }
}
