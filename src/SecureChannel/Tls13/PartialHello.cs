using System.Buffers;
using SecureChannel.Cryptography;
using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The part of a ClientHello that a binder covers: all but the list of binders (RFC 9846 section 4.3.11.2).</summary>
internal static class PartialHello
{
    private const int HeaderLength = 4;
    private const int ListLength = 2;

    /// <summary>Computes a binder over the part with the header of the message. All lengths in it are those of the complete message.</summary>
    /// <param name="secret">The secret of the pre-shared key.</param>
    /// <param name="before">The messages before the ClientHello.</param>
    /// <param name="hello">The complete message. Its extensions end with the list of binders.</param>
    /// <param name="bindersLength">The length of the binders, each with its length byte.</param>
    /// <param name="binder">Receives the binder.</param>
    /// <returns>The length of the binder.</returns>
    public static int ComputeBinder(PreSharedSecret secret, in Transcript before, ClientHello hello, int bindersLength, Span<byte> binder)
    {
        var length = WireSerializer.GetSize(hello);

        // A ClientHello is public, so the buffer needs no wiping.
        var message = ArrayPool<byte>.Shared.Rent(HeaderLength + length);
        try
        {
            (message[0], message[1], message[2], message[3]) = (1, (byte)(length >> 16), (byte)(length >> 8), (byte)length);
            WireSerializer.Write(message.AsSpan(HeaderLength), hello);
            return secret.ComputeBinder(before, message.AsSpan(0, HeaderLength + length - ListLength - bindersLength), binder);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }
}
