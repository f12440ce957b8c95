namespace SecureChannel;

/// <summary>
/// Declares a message in the TLS presentation language (RFC 9846 section 3, with the additions of RFC 9420 section 2.1): its fields, in the order of
/// declaration, are its bytes. The generator emits reading, writing and the exact size. The type must be partial.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class MessageAttribute : Attribute
{
    /// <summary>A message that occurs only inside others, and so needs no code.</summary>
    public MessageAttribute()
    {
    }

    /// <summary>A message that travels by itself.</summary>
    /// <param name="code">What tells it apart on the wire, 1 to 2^30 - 1 (0 to 255 for a message of a handshake). Unique within a protocol.</param>
    public MessageAttribute(int code) => Code = code;

    /// <summary>What tells the message apart on the wire; null if it occurs only inside others.</summary>
    public int? Code { get; }
}
