namespace SecureChannel;

/// <summary>
/// Bytes that take all that is left of the message, or of the vector around it, without a length before them: <c>opaque verify_data[Hash.length]</c>
/// (RFC 9846 section 4.5.3). On the last field; the message must then be the last thing in whatever holds it.
/// </summary>
/// <param name="min">The least size in bytes, 0 or more.</param>
/// <param name="max">The greatest size in bytes, at least <paramref name="min"/>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class RemainderAttribute(int min, int max) : Attribute
{
    /// <summary>The least size in bytes.</summary>
    public int Min { get; } = min;

    /// <summary>The greatest size in bytes.</summary>
    public int Max { get; } = max;
}
