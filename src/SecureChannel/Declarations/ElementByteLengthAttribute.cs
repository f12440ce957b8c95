namespace SecureChannel;

/// <summary>
/// Specifies the bounds of each element of a list in bytes. <see cref="ByteLengthAttribute"/> specifies the bounds of the whole list. In
/// <c>opaque ProtocolName&lt;1..2^8-1&gt;; ProtocolName protocol_name_list&lt;2..2^16-1&gt;</c> (RFC 7301 section 3.1), each name has 1 to 255 bytes.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ElementByteLengthAttribute : Attribute
{
    /// <summary>Specifies that each element is a vector of exactly <paramref name="exact"/> bytes, which has no length prefix.</summary>
    /// <param name="exact">The size in bytes, 1 or more.</param>
    public ElementByteLengthAttribute(int exact) => (Min, Max) = (exact, exact);

    /// <summary>Specifies that each element is a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The minimum size in bytes, 0 or more.</param>
    /// <param name="max">The maximum size in bytes, at least <paramref name="min"/>, and 1 or more.</param>
    public ElementByteLengthAttribute(int min, int max) => (Min, Max) = (min, max);

    /// <summary>Gets the minimum size in bytes.</summary>
    public int Min { get; }

    /// <summary>Gets the maximum size in bytes.</summary>
    public int Max { get; }
}
