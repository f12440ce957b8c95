namespace SecureChannel;

/// <summary>
/// The bound of a vector in bytes, as in RFC 9846 section 3.4: <c>T v&lt;min..max&gt;</c>. On a string, byte memory, span or list. The width of the length
/// prefix follows from <see cref="Max"/>. Without this attribute the length is a minimal variable-size integer (RFC 9420 section 2.1.2).
/// On a field that is a message, and on a union for its cases: the message is the content of such a vector and must fill it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class, Inherited = false)]
public sealed class ByteLengthAttribute : Attribute
{
    /// <summary>A vector of exactly <paramref name="exact"/> bytes, which has no length prefix.</summary>
    /// <param name="exact">The size in bytes, 0 or more.</param>
    public ByteLengthAttribute(int exact) => (Min, Max) = (exact, exact);

    /// <summary>A vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The least size in bytes, 0 or more.</param>
    /// <param name="max">The greatest size in bytes, at least <paramref name="min"/>.</param>
    public ByteLengthAttribute(int min, int max) => (Min, Max) = (min, max);

    /// <summary>The least size in bytes.</summary>
    public int Min { get; }

    /// <summary>The greatest size in bytes.</summary>
    public int Max { get; }
}
