namespace SecureChannel;

/// <summary>The syntax and comparison of DNS names in certificates. Names are ASCII and compared without regard to case (RFC 9525 section 6.3).</summary>
internal static class DnsName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>Returns a value that indicates whether a name consists of valid labels without a final dot. An underscore is accepted in a label.</summary>
    public static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
            return false;
        foreach (var label in name.Split((byte)'.'))
        {
            if (!IsLabel(name[label]))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Returns a value that indicates whether a certificate may present a name: a name, or an asterisk that represents the left-most label (RFC 9525 section 6.3).
    /// </summary>
    public static bool IsPresentable(ReadOnlySpan<byte> name) => IsName(WithoutWildcard(name));

    /// <summary>Returns a value that indicates whether a presented name matches a requested name. An asterisk matches exactly one label.</summary>
    public static bool Matches(ReadOnlySpan<byte> presented, ReadOnlySpan<byte> requested)
    {
        if (!IsWildcard(presented))
            return AreEqual(presented, requested);
        var dot = requested.IndexOf((byte)'.');
        return dot > 0 && AreEqual(presented[2..], requested[(dot + 1)..]);
    }

    /// <summary>Returns a value that indicates whether all names that a presented name matches are in a subtree (RFC 5280 section 4.2.1.10).</summary>
    public static bool IsWithin(ReadOnlySpan<byte> presented, ReadOnlySpan<byte> subtree) => IsSameOrBelow(WithoutWildcard(presented), subtree);

    /// <summary>Returns a value that indicates whether a presented name matches any name in a subtree.</summary>
    public static bool Intersects(ReadOnlySpan<byte> presented, ReadOnlySpan<byte> subtree)
    {
        if (IsWithin(presented, subtree))
            return true;

        // '*.test' matches the name 'x.test', which is the root of its own subtree.
        return IsWildcard(presented) && Matches(presented, subtree);
    }

    /// <summary>Returns a value that indicates whether a name is a host or a subdomain of it. Every name is below the empty name.</summary>
    public static bool IsSameOrBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> host) =>
        host.IsEmpty || (name.Length == host.Length ? AreEqual(name, host) : IsBelow(name, host));

    /// <summary>Returns a value that indicates whether a name is a subdomain of a host.</summary>
    public static bool IsBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> host) =>
        name.Length > host.Length && name[^(host.Length + 1)] == '.' && AreEqual(name[^host.Length..], host);

    /// <summary>Returns a value that indicates whether two names are equal, apart from the case of ASCII letters.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => System.Text.Ascii.EqualsIgnoreCase(left, right);

    private static bool IsWildcard(ReadOnlySpan<byte> name) => name.StartsWith("*."u8);

    private static ReadOnlySpan<byte> WithoutWildcard(ReadOnlySpan<byte> name) => IsWildcard(name) ? name[2..] : name;

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (var letter in label)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'-' or (byte)'_'))
                return false;
        }

        return true;
    }
}
