using System.Net;
using System.Text;

namespace SecureChannel;

/// <summary>The subtrees of name constraints, by the type of their names (RFC 5280 section 4.2.1.10).</summary>
internal static class NameSubtree
{
    /// <summary>Returns a value that indicates whether a subtree has the syntax of its type. Types that are not supported are opaque.</summary>
    public static bool IsWellFormed(GeneralName subtree) => subtree.Type switch
    {
        GeneralNameType.Dns => subtree.Value.IsEmpty || DnsName.IsName(subtree.Value.Span),
        GeneralNameType.IPAddress => subtree.Value.Length is 8 or 32 && IsMask(subtree.Value.Span[(subtree.Value.Length / 2)..]),
        GeneralNameType.Email => IsMailbox(subtree.Value.Span) || IsHostOrDomain(subtree.Value.Span),
        GeneralNameType.Uri => IsHostOrDomain(subtree.Value.Span),
        _ => true,
    };

    /// <summary>Returns a value that indicates whether a permitted subtree contains a name. The result is false if the subtree or the name is not understood.</summary>
    public static bool Contains(GeneralName subtree, GeneralName name) => subtree.Type switch
    {
        GeneralNameType.Dns => DnsName.IsWithin(name.Value.Span, subtree.Value.Span),
        GeneralNameType.IPAddress => ContainsAddress(subtree.Value.Span, name.Value.Span),
        GeneralNameType.Email => ContainsEmail(subtree.Value.Span, name.Value.Span) == true,
        GeneralNameType.Uri => ContainsUri(subtree.Value, name.Value) == true,
        GeneralNameType.Directory => DistinguishedName.IsWithin(name.Value, subtree.Value),
        _ => false,
    };

    /// <summary>Returns a value that indicates whether an excluded subtree can contain a name. The result is true if the subtree or the name is not understood.</summary>
    public static bool MayContain(GeneralName subtree, GeneralName name) => subtree.Type switch
    {
        GeneralNameType.Dns => DnsName.Intersects(name.Value.Span, subtree.Value.Span),
        GeneralNameType.IPAddress => ContainsAddress(subtree.Value.Span, name.Value.Span),
        GeneralNameType.Email => ContainsEmail(subtree.Value.Span, name.Value.Span) != false,
        GeneralNameType.Uri => ContainsUri(subtree.Value, name.Value) != false,
        GeneralNameType.Directory => DistinguishedName.IsWithin(name.Value, subtree.Value),
        _ => true,
    };

    private static bool IsMask(ReadOnlySpan<byte> mask)
    {
        var isHost = false;
        foreach (var part in mask)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var isSet = (part >> bit & 1) != 0;
                if (isSet && isHost)
                    return false;
                isHost |= !isSet;
            }
        }

        return true;
    }

    private static bool ContainsAddress(ReadOnlySpan<byte> subtree, ReadOnlySpan<byte> address)
    {
        if (subtree.Length != 2 * address.Length)
            return false;
        for (var index = 0; index < address.Length; index++)
        {
            if (((subtree[index] ^ address[index]) & subtree[address.Length + index]) != 0)
                return false;
        }

        return true;
    }

    // A host represents itself, and a domain, which begins with a dot, represents the hosts below it.
    private static bool IsHostOrDomain(ReadOnlySpan<byte> value) =>
        value.IsEmpty || DnsName.IsName(value[0] == '.' ? value[1..] : value);

    private static bool ContainsHost(ReadOnlySpan<byte> subtree, ReadOnlySpan<byte> host) =>
        subtree.IsEmpty || (subtree[0] == '.' ? DnsName.IsBelow(host, subtree[1..]) : DnsName.AreEqual(subtree, host));

    // RFC 5321 section 4.1.2: quoted local parts and address literals are not supported.
    private static bool IsMailbox(ReadOnlySpan<byte> value)
    {
        var at = value.IndexOf((byte)'@');
        return at > 0 && DnsName.IsName(value[(at + 1)..]) && IsDotAtom(value[..at]);
    }

    private static bool IsDotAtom(ReadOnlySpan<byte> local)
    {
        if (local.Length > 64 || local[0] == '.' || local[^1] == '.' || local.IndexOf(".."u8) >= 0)
            return false;
        foreach (var letter in local)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && !"!#$%&'*+-/=?^_`{|}~."u8.Contains(letter))
                return false;
        }

        return true;
    }

    private static bool? ContainsEmail(ReadOnlySpan<byte> subtree, ReadOnlySpan<byte> address)
    {
        if (!IsMailbox(address))
            return null;
        var local = address[..address.IndexOf((byte)'@')];
        var host = address[(local.Length + 1)..];
        var at = subtree.IndexOf((byte)'@');
        return at < 0 ? ContainsHost(subtree, host) : local.SequenceEqual(subtree[..at]) && DnsName.AreEqual(subtree[(at + 1)..], host);
    }

    // RFC 5280: "If the constraint is applied to a subjectAltName ... that does not include an authority component with a host name ... MUST reject".
    private static bool? ContainsUri(ReadOnlyMemory<byte> subtree, ReadOnlyMemory<byte> uri)
    {
        var text = Encoding.Latin1.GetString(uri.Span);
        var start = text.IndexOf("://", StringComparison.Ordinal);
        if (start <= 0)
            return null;
        var authority = text.AsSpan(start + 3);
        var end = authority.IndexOfAny('/', '?', '#');
        authority = end < 0 ? authority : authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.IndexOf(':');
        var host = colon < 0 ? authority : authority[..colon];
        Span<byte> bytes = stackalloc byte[256];
        if (host.Length > bytes.Length || IPAddress.TryParse(host, out _))
            return null;
        var length = Encoding.Latin1.GetBytes(host, bytes);
        return DnsName.IsName(bytes[..length]) ? ContainsHost(subtree.Span, bytes[..length]) : null;
    }
}
