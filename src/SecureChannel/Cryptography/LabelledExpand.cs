using System.Buffers.Binary;
using System.Text;

namespace SecureChannel.Cryptography;

/// <summary>HKDF-Expand bound to a label and a context (RFC 9846 section 7.1).</summary>
public static class LabelledExpand
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
        var labelLength = prefix.Length + label.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(labelLength, 7, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelLength, 255, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, 255, nameof(context));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, 255 * hash.Length, nameof(output));
        if (!Ascii.IsValid(prefix) || !Ascii.IsValid(label))
            throw new ArgumentException("A label is ASCII.", nameof(label));

        Span<byte> info = stackalloc byte[2 + 1 + 255 + 1 + 255];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)output.Length);
        info[2] = (byte)labelLength;
        Encoding.ASCII.GetBytes(prefix, info[3..]);
        Encoding.ASCII.GetBytes(label, info[(3 + prefix.Length)..]);
        info[3 + labelLength] = (byte)context.Length;
        context.CopyTo(info[(4 + labelLength)..]);
        provider.HkdfExpand(hash, secret.Bytes, info[..(4 + labelLength + context.Length)], output);
    }
}
