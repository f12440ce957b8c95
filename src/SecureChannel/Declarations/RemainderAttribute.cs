namespace SecureChannel;

/// <summary>
/// Specifies that the last field contains the rest of the message, or of the enclosing vector, without a length prefix: <c>opaque verify_data[Hash.length]</c>
/// (RFC 9846 section 4.5.3). The field makes a message extensible: the field preserves bytes that a newer peer appends, and writes them back unchanged. The
/// encoding of such a message does not contain its length. As a field, an element or a case of another message, it is therefore encoded as the content of a
/// vector.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class RemainderAttribute : Attribute
{
    /// <summary>Specifies any number of bytes.</summary>
    public RemainderAttribute()
        : this(0, int.MaxValue)
    {
    }

    /// <summary>Specifies <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <param name="min">The minimum size in bytes, 0 or more.</param>
    /// <param name="max">The maximum size in bytes, at least <paramref name="min"/>.</param>
    public RemainderAttribute(int min, int max) => (Min, Max) = (min, max);

    /// <summary>Gets the minimum size in bytes.</summary>
    public int Min { get; }

    /// <summary>Gets the maximum size in bytes.</summary>
    public int Max { get; }
}
