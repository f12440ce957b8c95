namespace SecureChannel;

/// <summary>
/// Bytes that take all that is left of the message, or of the vector around it, without a length before them: <c>opaque verify_data[Hash.length]</c>
/// (RFC 9846 section 4.5.3). On the last field. It makes a message extensible: what a newer peer appends is kept, and written back as it came. A message that
/// ends so has no end of its own: where it is a field, an element or a case of another, it is the content of a vector.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class RemainderAttribute : Attribute
{
    /// <summary>Any number of bytes.</summary>
    public RemainderAttribute()
        : this(0, int.MaxValue)
    {
    }

    /// <summary>A bounded number of bytes.</summary>
    /// <param name="min">The least size in bytes, 0 or more.</param>
    /// <param name="max">The greatest size in bytes, at least <paramref name="min"/>.</param>
    public RemainderAttribute(int min, int max) => (Min, Max) = (min, max);

    /// <summary>The least size in bytes.</summary>
    public int Min { get; }

    /// <summary>The greatest size in bytes.</summary>
    public int Max { get; }
}
