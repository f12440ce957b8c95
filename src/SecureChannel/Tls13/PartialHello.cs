using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The part of a ClientHello that a binder covers: all but the list of binders (RFC 9846 section 4.3.11.2).</summary>
internal static class PartialHello
{
    private const int HeaderLength = 4;
    private const int ListLength = 2;

    /// <summary>Encodes the part with the header of the message. All lengths are those of the complete message.</summary>
    /// <param name="hello">The complete message. Its extensions end with the list of binders.</param>
    /// <param name="bindersLength">The length of the binders, each with its length byte.</param>
    public static ReadOnlyMemory<byte> Encode(ClientHello hello, int bindersLength)
    {
        var length = WireSerializer.GetSize(hello);
        var message = new byte[HeaderLength + length];
        (message[0], message[1], message[2], message[3]) = (1, (byte)(length >> 16), (byte)(length >> 8), (byte)length);
        WireSerializer.Write(message.AsSpan(HeaderLength), hello);
        return message.AsMemory(0, message.Length - ListLength - bindersLength);
    }
}
