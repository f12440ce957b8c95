using System.Text;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>What a CertificateVerify signs (RFC 9846 section 4.5.2).</summary>
internal static class HandshakeSignature
{
    private const int PadLength = 64;

    /// <summary>64 spaces, the context string, a zero and the transcript's hash.</summary>
    /// <param name="signer">Who signs.</param>
    /// <param name="throughCertificate">The messages through the signer's Certificate.</param>
    public static byte[] ContentFor(Role signer, in Transcript throughCertificate)
    {
        var context = signer == Role.Server ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify";
        var content = new byte[PadLength + context.Length + 1 + throughCertificate.Function.Length];
        content.AsSpan(0, PadLength).Fill((byte)' ');
        Encoding.ASCII.GetBytes(context, content.AsSpan(PadLength));
        throughCertificate.Hash(content.AsSpan(PadLength + context.Length + 1));
        return content;
    }
}
