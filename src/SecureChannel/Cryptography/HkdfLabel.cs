using System.Text;
using SecureChannel.Messages;

namespace SecureChannel.Cryptography;

/// <summary>The key derivation function HKDF-Expand-Label (RFC 9846 section 7.1).</summary>
public static class HkdfLabel
{
    /// <summary>Computes HKDF-Expand-Label with a label prefix that each protocol defines, such as "tls13 " in TLS.</summary>
    /// <param name="provider">The cryptography provider.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="secret">The secret to expand.</param>
    /// <param name="prefix">The prefix of all labels of the protocol.</param>
    /// <param name="label">The label in ASCII. Together with the prefix, it must have 7 to 255 characters.</param>
    /// <param name="context">The context that the output is bound to: at most 255 bytes, usually a hash.</param>
    /// <param name="output">The output buffer: at most 255 times the length of the hash.</param>
    /// <exception cref="ArgumentException">A length is out of range, or a label is not ASCII.</exception>
    public static void ExpandLabel(
        CryptographyProvider provider, HashFunction hash, Secret secret, string prefix, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, 255 * hash.Length, nameof(output));
        if (!Ascii.IsValid(prefix) || !Ascii.IsValid(label))
            throw new ArgumentException("The label contains a character that is not ASCII. Use ASCII characters only.", nameof(label));

        var length = prefix.Length + label.Length;
        Span<byte> text = length <= 255 ? stackalloc byte[length] : new byte[length];
        Encoding.ASCII.GetBytes(label, text[Encoding.ASCII.GetBytes(prefix, text)..]);

        // HkdfLabel of RFC 9846 section 7.1.
        Span<byte> info = stackalloc byte[2 + 1 + 255 + 1 + 255];
        var writer = new WireWriter(info);
        writer.WriteUInt16((ushort)output.Length);
        writer.WriteBytes(7, 255, text, "The label");
        writer.WriteBytes(0, 255, context, "The context");
        provider.HkdfExpand(hash, secret.Bytes, info[..writer.BytesWritten], output);
    }
}
