using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>What a CertificateVerify signs (RFC 9846 section 4.5.2).</summary>
internal static class HandshakeSignature
{
    private const int PadLength = 64;

    /// <summary>The most bytes that are signed.</summary>
    public const int MaxLength = PadLength + 33 + 1 + HashFunctions.MaxLength;

    /// <summary>64 spaces, the context string, a zero and the transcript's hash.</summary>
    /// <param name="signer">Who signs.</param>
    /// <param name="throughCertificate">The messages through the signer's Certificate.</param>
    /// <param name="content">Where it goes: <see cref="MaxLength"/> is always enough.</param>
    /// <returns>Its length.</returns>
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
