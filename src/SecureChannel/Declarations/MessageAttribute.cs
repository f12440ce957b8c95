namespace SecureChannel;

/// <summary>
/// Declares a message in the TLS presentation language (RFC 9846 section 3, with the additions of RFC 9420 section 2.1). A message is encoded as its fields, in
/// the order of their declaration. The generator implements the codec. The type must be partial.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class MessageAttribute : Attribute
{
    /// <summary>Declares a message that is only sent inside other messages, and so does not need a code.</summary>
    public MessageAttribute()
    {
    }

    /// <summary>Declares a message that is sent on its own.</summary>
    /// <param name="code">
    /// The code that identifies the message on the wire, 1 to 2^30 - 1 (0 to 255 for a message of a handshake). It must be unique within a protocol.
    /// </param>
    public MessageAttribute(int code) => Code = code;

    /// <summary>Gets the code that identifies the message on the wire, or null if the message is only sent inside other messages.</summary>
    public int? Code { get; }
}
