using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The signed content of a CertificateVerify (RFC 9846 section 4.5.2).</summary>
internal static class HandshakeSignature
{
    private const int PadLength = 64;

    /// <summary>The maximum length of the signed content, in bytes.</summary>
    public const int MaxLength = PadLength + 33 + 1 + HashFunctions.MaxLength;

    /// <summary>Writes the signed content: 64 spaces, the context string, a zero byte and the transcript hash.</summary>
    /// <param name="signer">The role that signs.</param>
    /// <param name="throughCertificate">The messages through the Certificate of that role.</param>
    /// <param name="content">Receives the content; <see cref="MaxLength"/> bytes are always enough.</param>
    /// <returns>The length of the content.</returns>
    public static int Write(Role signer, in Transcript throughCertificate, Span<byte> content)
    {
        var context = signer == Role.Server ? "TLS 1.3, server CertificateVerify"u8 : "TLS 1.3, client CertificateVerify"u8;
        content[..PadLength].Fill((byte)' ');
        context.CopyTo(content[PadLength..]);
        content[PadLength + context.Length] = 0;
        var length = PadLength + context.Length + 1;
        return length + throughCertificate.Hash(content[length..]);
    }
}
