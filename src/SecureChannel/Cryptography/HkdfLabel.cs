using System.Text;
using SecureChannel.Messages;

namespace SecureChannel.Cryptography;

/// <summary>HKDF-Expand bound to a label and a context (RFC 9846 section 7.1).</summary>
public static class HkdfLabel
{
    /// <summary>HKDF-Expand-Label, with a label prefix that is each protocol's own ("tls13 " for TLS).</summary>
    /// <param name="provider">The cryptography.</param>
    /// <param name="hash">The hash function.</param>
    /// <param name="secret">What to expand.</param>
    /// <param name="prefix">What every label of the protocol begins with.</param>
    /// <param name="label">The label; with the prefix 7 to 255 characters of ASCII.</param>
    /// <param name="context">What the output is bound to: at most 255 bytes, mostly a hash.</param>
    /// <param name="output">Where the result goes: at most 255 times the hash's length.</param>
    /// <exception cref="ArgumentException">A length lies outside its bounds, or a label is not ASCII.</exception>
    public static void ExpandLabel(
        CryptographyProvider provider, HashFunction hash, Secret secret, string prefix, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, 255 * hash.Length, nameof(output));
        if (!Ascii.IsValid(prefix) || !Ascii.IsValid(label))
            throw new ArgumentException("A label is ASCII.", nameof(label));

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
