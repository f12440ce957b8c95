namespace SecureChannel;

/// <summary>The certificates and the reasons that a CRL covers: its issuingDistributionPoint (RFC 5280 section 5.2.5). Immutable and thread-safe.</summary>
internal sealed class CrlScope
{
    /// <summary>All reasons, as <see cref="DerReader.TryReadNamedBits"/> returns the bits 1 to 8 of ReasonFlags (RFC 5280 section 4.2.1.13).</summary>
    public const ushort AllReasons = 0x7F80;

    private ReadOnlyMemory<byte>? _names;
    private bool _hasOnlyEndEntities;
    private bool _hasOnlyAuthorities;
    private ushort _reasons = AllReasons;

    /// <summary>Gets the scope of a CRL without the extension: all certificates of its issuer.</summary>
    public static CrlScope Complete { get; } = new();

    /// <summary>Parses the value of the extension. Returns null, or the rest of a sentence whose subject is the CRL.</summary>
    public static string? Parse(ReadOnlyMemory<byte> value, out CrlScope scope)
    {
        const string malformed = "has a malformed issuingDistributionPoint";
        scope = new();
        var outer = new DerReader(value);
        if (!outer.TryEnter(DerReader.Sequence, out var fields) || !outer.IsEmpty || fields.IsEmpty)
            return malformed;
        if (fields.IsNext(DerReader.ContextConstructed(0)) && !TryReadFullName(ref fields, out scope._names))
            return "names its distribution point relative to its issuer, which is not supported";
        if (!TryReadFlag(ref fields, 1, out scope._hasOnlyEndEntities) || !TryReadFlag(ref fields, 2, out scope._hasOnlyAuthorities))
            return malformed;
        if (fields.IsNext(DerReader.Context(3)) && !TryReadReasons(ref fields, 3, out scope._reasons))
            return malformed;
        if (!TryReadFlag(ref fields, 4, out var isIndirect) || !TryReadFlag(ref fields, 5, out var hasOnlyAttributes) || !fields.IsEmpty)
            return malformed;

        // RFC 5280 section 5.2.5: "at most one of onlyContainsUserCerts, onlyContainsCACerts, and onlyContainsAttributeCerts may be set to TRUE".
        if ((scope._hasOnlyEndEntities ? 1 : 0) + (scope._hasOnlyAuthorities ? 1 : 0) + (hasOnlyAttributes ? 1 : 0) > 1)
            return malformed;
        return isIndirect ? "is an indirect CRL, which is not supported" : hasOnlyAttributes ? "contains only attribute certificates" : null;
    }

    /// <summary>Returns the reasons for which the CRL lists a certificate of its issuer, or 0 if the certificate is not in its scope (section 6.3.3).</summary>
    public ushort FindReasons(ParsedCertificate certificate) =>
        certificate.IsAuthority ? _hasOnlyEndEntities ? (ushort)0 : FindReasonsByName(certificate)
        : _hasOnlyAuthorities ? (ushort)0
        : FindReasonsByName(certificate);

    private ushort FindReasonsByName(ParsedCertificate certificate)
    {
        if (_names is not { } names)
            return _reasons;

        // Section 6.3.3: a certificate without the extension has the distribution point of its issuer's name.
        if (certificate.Extensions.CrlDistributionPoints is not { } value)
            return Contains(names, new GeneralName(GeneralNameType.Directory, certificate.Issuer)) ? _reasons : (ushort)0;

        var result = 0;
        var outer = new DerReader(value);
        outer.TryEnter(DerReader.Sequence, out var points);
        while (points.TryEnter(DerReader.Sequence, out var point))
        {
            ReadOnlyMemory<byte>? pointNames = null;
            var reasons = AllReasons;
            if (point.IsNext(DerReader.ContextConstructed(0)) && !TryReadFullName(ref point, out pointNames))
                continue;
            if (point.IsNext(DerReader.Context(1)) && !TryReadReasons(ref point, 1, out reasons))
                continue;

            // A point with the name of another issuer refers to an indirect CRL.
            if (point.IsEmpty && pointNames is { } candidates && Intersects(names, candidates))
                result |= reasons & _reasons;
        }

        return (ushort)result;
    }

    private static bool Intersects(ReadOnlyMemory<byte> names, ReadOnlyMemory<byte> others)
    {
        var reader = new DerReader(others);
        while (GeneralNames.TryRead(ref reader, out var name))
        {
            if (Contains(names, name))
                return true;
        }

        return false;
    }

    private static bool Contains(ReadOnlyMemory<byte> names, GeneralName name)
    {
        var reader = new DerReader(names);
        while (GeneralNames.TryRead(ref reader, out var other))
        {
            if (other.Type == name.Type && other.Value.Span.SequenceEqual(name.Value.Span))
                return true;
        }

        return false;
    }

    // RFC 5280 section 4.2.1.13: DistributionPointName is a choice, so its tag is inside the tag of the field.
    private static bool TryReadFullName(ref DerReader fields, out ReadOnlyMemory<byte>? names)
    {
        names = null;
        if (!fields.TryEnter(DerReader.ContextConstructed(0), out var choice) || !choice.TryRead(DerReader.ContextConstructed(0), out var content)
            || !choice.IsEmpty || content.IsEmpty)
        {
            return false;
        }

        var reader = new DerReader(content);
        while (!reader.IsEmpty)
        {
            if (!GeneralNames.TryRead(ref reader, out _))
                return false;
        }

        names = content;
        return true;
    }

    // DER omits default values, so the flag is true if it is present.
    private static bool TryReadFlag(ref DerReader fields, int number, out bool value)
    {
        value = fields.IsNext(DerReader.Context(number));
        return !value || (fields.TryRead(DerReader.Context(number), out var content) && content.Length == 1 && content.Span[0] == 0xFF);
    }

    private static bool TryReadReasons(ref DerReader fields, int number, out ushort reasons)
    {
        reasons = 0;
        return fields.TryRead(DerReader.Context(number), out var content) && DerReader.TryDecodeNamedBits(content.Span, out reasons)
            && (reasons &= AllReasons) != 0;
    }
}
