namespace SecureChannel;

/// <summary>The parser of the extensions of certificates (RFC 5280 section 4.2).</summary>
internal static class ExtensionParser
{
    private const int MaxExtensions = 64;

    // The numbers under 2.5.29.
    private const byte SubjectKeyIdentifier = 14;
    private const byte KeyUsage = 15;
    private const byte SubjectAlternativeName = 17;
    private const byte BasicConstraints = 19;
    private const byte NameConstraint = 30;
    private const byte CrlDistributionPoint = 31;
    private const byte AuthorityKeyIdentifier = 35;
    private const byte ExtendedKeyUsage = 37;

    // The numbers under 1.3.6.1.5.5.7.1.
    private const byte AuthorityInformationAccess = 1;
    private const byte TlsFeature = 24;

    // The TLS extension status_request (RFC 7633 section 4).
    private const int StatusRequest = 5;

    /// <summary>Reads the extensions at the end of a TBSCertificate.</summary>
    public static ParseError? Parse(ref DerReader fields, int version, out CertificateExtensionValues values)
    {
        values = CertificateExtensionValues.None;
        if (fields.IsEmpty)
            return null;
        if (version != 2 || !fields.TryEnter(DerReader.ContextConstructed(3), out var wrapper) || !wrapper.TryEnter(DerReader.Sequence, out var extensions)
            || !wrapper.IsEmpty || extensions.IsEmpty)
        {
            return ParseError.NotDer;
        }

        values = new();
        var all = extensions;
        for (var count = 0; !extensions.IsEmpty; count++)
        {
            if (count == MaxExtensions)
                return ParseError.Malformed($"has more than {MaxExtensions} extensions");
            if (!TryReadExtension(ref extensions, out var oid, out var isCritical, out var value))
                return ParseError.NotDer;

            // RFC 5280 section 4.2: "A certificate MUST NOT include more than one instance of a particular extension."
            if (Contains(all, count, oid.Span))
                return new(CertificateErrorKind.RepeatedExtension, $"contains the extension {Oids.ToText(oid.Span)} more than once. Reissue it");
            if (Read(values, oid, isCritical, value) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Tries to read the object identifier, the criticality and the value of an extension.</summary>
    public static bool TryReadExtension(ref DerReader extensions, out ReadOnlyMemory<byte> oid, out bool isCritical, out ReadOnlyMemory<byte> value)
    {
        (oid, isCritical, value) = (default, false, default);
        if (!extensions.TryEnter(DerReader.Sequence, out var extension) || !extension.TryReadOid(out oid))
            return false;

        // DER omits default values, so the criticality is true if it is present.
        if (extension.IsNext(DerReader.Boolean) && (!extension.TryReadBoolean(out isCritical) || !isCritical))
            return false;
        return extension.TryRead(DerReader.OctetString, out value) && extension.IsEmpty;
    }

    private static bool Contains(DerReader extensions, int count, ReadOnlySpan<byte> oid)
    {
        for (var index = 0; index < count; index++)
        {
            TryReadExtension(ref extensions, out var other, out _, out _);
            if (other.Span.SequenceEqual(oid))
                return true;
        }

        return false;
    }

    private static ParseError? Read(CertificateExtensionValues values, ReadOnlyMemory<byte> oid, bool isCritical, ReadOnlyMemory<byte> value)
    {
        if (oid.Length == 3 && oid.Span.StartsWith(Oids.CertificateExtensions))
        {
            switch (oid.Span[2])
            {
                case SubjectKeyIdentifier:
                    return ReadSubjectKeyIdentifier(values, isCritical, value);
                case KeyUsage:
                    return ReadKeyUsage(values, value);
                case SubjectAlternativeName:
                    values.AreAlternativeNamesCritical = isCritical;
                    return ReadAlternativeNames(values, value);
                case BasicConstraints:
                    return ReadBasicConstraints(values, value);
                case NameConstraint:
                    values.NameConstraints = NameConstraints.Parse(value);
                    return values.NameConstraints is null ? ParseError.Malformed("has malformed name constraints") : null;
                case CrlDistributionPoint:
                    values.CrlDistributionPoints = value;
                    break;
                case AuthorityKeyIdentifier:
                    return ReadAuthorityKeyIdentifier(values, isCritical, value);
                case ExtendedKeyUsage:
                    return ReadExtendedKeyUsage(values, value);
            }
        }
        else if (oid.Length == Oids.PrivateExtensions.Length + 1 && oid.Span.StartsWith(Oids.PrivateExtensions))
        {
            if (oid.Span[^1] == AuthorityInformationAccess)
                return ReadInformationAccess(isCritical, value);
            if (oid.Span[^1] == TlsFeature && !TryReadTlsFeatures(values, value))
                return ParseError.Malformed("has a malformed TLS feature extension");
        }

        if (isCritical && values.UnknownCritical.IsEmpty)
            values.UnknownCritical = oid;
        return null;
    }

    // RFC 5280 sections 4.2.1.1, 4.2.1.2 and 4.2.2.1: authorities "MUST mark this extension as non-critical".
    private static ParseError? ReadSubjectKeyIdentifier(CertificateExtensionValues values, bool isCritical, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (isCritical || !reader.TryRead(DerReader.OctetString, out var identifier) || !reader.IsEmpty)
            return ParseError.Malformed("has a malformed or critical subject key identifier");
        values.SubjectKeyIdentifier = identifier;
        return null;
    }

    private static ParseError? ReadAuthorityKeyIdentifier(CertificateExtensionValues values, bool isCritical, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (isCritical || !reader.TryEnter(DerReader.Sequence, out var fields) || !reader.IsEmpty)
            return ParseError.Malformed("has a malformed or critical authority key identifier");
        if (fields.TryRead(DerReader.Context(0), out var identifier))
            values.AuthorityKeyIdentifier = identifier;
        return null;
    }

    private static ParseError? ReadInformationAccess(bool isCritical, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        var isValid = !isCritical && reader.TryEnter(DerReader.Sequence, out var descriptions) && reader.IsEmpty && AreAccessDescriptions(descriptions);
        return isValid ? null : ParseError.Malformed("has a malformed or critical authority information access");
    }

    private static bool AreAccessDescriptions(DerReader descriptions)
    {
        if (descriptions.IsEmpty)
            return false;
        while (!descriptions.IsEmpty)
        {
            if (!descriptions.TryEnter(DerReader.Sequence, out var description) || !description.TryReadOid(out _)
                || !GeneralNames.TryRead(ref description, out _) || !description.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    // RFC 7633 section 4.1: a sequence of the types of TLS extensions.
    private static bool TryReadTlsFeatures(CertificateExtensionValues values, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (!reader.TryEnter(DerReader.Sequence, out var features) || !reader.IsEmpty)
            return false;
        while (!features.IsEmpty)
        {
            if (!features.TryReadSmallInteger(out var feature))
                return false;
            values.RequiresStapling |= feature == StatusRequest;
        }

        return true;
    }

    private static ParseError? ReadKeyUsage(CertificateExtensionValues values, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (!reader.TryReadNamedBits(out var bits) || !reader.IsEmpty)
            return ParseError.Malformed("has a malformed key usage");
        values.KeyUsages = (KeyUsages)bits;
        return null;
    }

    private static ParseError? ReadAlternativeNames(CertificateExtensionValues values, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (!reader.TryRead(DerReader.Sequence, out var names) || !reader.IsEmpty || !GeneralNames.AreWellFormed(names))
            return ParseError.Malformed("has malformed subject alternative names");
        values.AlternativeNames = names;
        return null;
    }

    private static ParseError? ReadBasicConstraints(CertificateExtensionValues values, ReadOnlyMemory<byte> value)
    {
        var malformed = ParseError.Malformed("has malformed basic constraints");
        var reader = new DerReader(value);
        if (!reader.TryEnter(DerReader.Sequence, out var fields) || !reader.IsEmpty)
            return malformed;
        var isAuthority = false;
        if (fields.IsNext(DerReader.Boolean) && (!fields.TryReadBoolean(out isAuthority) || !isAuthority))
            return malformed;
        values.IsAuthority = isAuthority;
        if (fields.IsEmpty)
            return null;

        // RFC 5280 section 4.2.1.9: "CAs MUST NOT include the pathLenConstraint field unless the cA boolean is asserted".
        if (!fields.TryReadSmallInteger(out var length) || !fields.IsEmpty)
            return malformed;
        values.PathLength = length;
        return null;
    }

    private static ParseError? ReadExtendedKeyUsage(CertificateExtensionValues values, ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        if (!reader.TryEnter(DerReader.Sequence, out var purposes) || !reader.IsEmpty || purposes.IsEmpty)
            return ParseError.Malformed("has a malformed extended key usage");
        var usages = ExtendedKeyUsages.None;
        while (!purposes.IsEmpty)
        {
            if (!purposes.TryReadOid(out var oid))
                return ParseError.Malformed("has a malformed extended key usage");
            usages |= UsageOf(oid.Span);
        }

        values.ExtendedKeyUsages = usages;
        return null;
    }

    private static ExtendedKeyUsages UsageOf(ReadOnlySpan<byte> oid) =>
        oid.Length == Oids.KeyPurposes.Length + 1 && oid.StartsWith(Oids.KeyPurposes)
            ? oid[^1] switch
            {
                1 => ExtendedKeyUsages.ServerAuth,
                2 => ExtendedKeyUsages.ClientAuth,
                9 => ExtendedKeyUsages.OcspSigning,
                _ => ExtendedKeyUsages.Other,
            }
        : oid.SequenceEqual(Oids.AnyExtendedKeyUsage) ? ExtendedKeyUsages.Any
        : oid.SequenceEqual(Oids.KeyTransportServer) ? ExtendedKeyUsages.KeyTransportServer
        : ExtendedKeyUsages.Other;
}
