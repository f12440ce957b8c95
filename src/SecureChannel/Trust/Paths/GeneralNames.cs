namespace SecureChannel;

/// <summary>The types of a GeneralName (RFC 5280 section 4.2.1.6). The values are the numbers of the tags.</summary>
internal enum GeneralNameType
{
    Other = 0,
    Email = 1,
    Dns = 2,
    X400Address = 3,
    Directory = 4,
    EdiParty = 5,
    Uri = 6,
    IPAddress = 7,
    RegisteredId = 8,
}

/// <summary>A GeneralName: for a directory name the encoded name, for all other types the content of the tag.</summary>
internal readonly record struct GeneralName(GeneralNameType Type, ReadOnlyMemory<byte> Value);

/// <summary>A reader of GeneralName values.</summary>
internal static class GeneralNames
{
    // Directory names and ediPartyNames, otherNames and x400Addresses are constructed.
    private const int Constructed = 1 << 0 | 1 << 3 | 1 << 4 | 1 << 5;

    /// <summary>Tries to read the next name.</summary>
    public static bool TryRead(ref DerReader reader, out GeneralName name)
    {
        name = default;
        if (!reader.TryReadAny(out var tag, out var content, out _))
            return false;
        var number = tag & 0x1F;
        var isConstructed = (tag & 0x20) != 0;
        if ((tag & 0xC0) != 0x80 || number > 8 || isConstructed != ((Constructed >> number & 1) != 0))
            return false;
        name = new((GeneralNameType)number, content);
        return number != (int)GeneralNameType.Directory || DistinguishedName.IsWellFormed(content);
    }

    /// <summary>Returns a value that indicates whether a value is a non-empty sequence of names that are well-formed.</summary>
    public static bool AreWellFormed(ReadOnlyMemory<byte> names)
    {
        var reader = new DerReader(names);
        if (reader.IsEmpty)
            return false;
        while (!reader.IsEmpty)
        {
            if (!TryRead(ref reader, out var name) || !IsWellFormed(name))
                return false;
        }

        return true;
    }

    private static bool IsWellFormed(GeneralName name) => name.Type switch
    {
        GeneralNameType.Dns => DnsName.IsPresentable(name.Value.Span),
        GeneralNameType.IPAddress => name.Value.Length is 4 or 16,
        GeneralNameType.Email or GeneralNameType.Uri => !name.Value.IsEmpty && !name.Value.Span.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E),
        _ => true,
    };
}
