using System.Buffers;
using System.Buffers.Binary;
using SecureChannel.Messages;

namespace SecureChannel.Handshakes;

/// <summary>The header of a handshake message: type (1 byte) and length (3 bytes), as in RFC 9846 section 4.</summary>
internal static class HandshakeFraming
{
    /// <summary>The length of the header, in bytes.</summary>
    public const int HeaderLength = 4;

    private const int MaxBodyLength = (1 << 24) - 1;

    /// <summary>Encodes a message with its header.</summary>
    public static void Frame<TMessage>(scoped in TMessage message, IBufferWriter<byte> output)
        where TMessage : ICodedMessage<TMessage>, allows ref struct
    {
        var length = WireSerializer.GetSize(message);
        if (length > MaxBodyLength || TMessage.Code is < byte.MinValue or > byte.MaxValue)
            throw new ArgumentException(
                $"'{typeof(TMessage).Name}' cannot be a handshake message. Its code must be 0 to 255 and its length must fit into 24 bits.", nameof(message));

        var bytes = output.GetSpan(HeaderLength + length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ((uint)TMessage.Code << 24) | (uint)length);
        WireSerializer.Write(bytes[HeaderLength..], message);
        output.Advance(HeaderLength + length);
    }

    /// <summary>Returns the length of the body that a header announces.</summary>
    public static int ReadLength(ReadOnlySpan<byte> header) => (int)(BinaryPrimitives.ReadUInt32BigEndian(header) & MaxBodyLength);
}
