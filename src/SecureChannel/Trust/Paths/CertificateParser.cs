using System.Diagnostics.CodeAnalysis;

namespace SecureChannel;

/// <summary>The parser of certificates (RFC 5280 section 4.1). It accepts strict DER only, bounds what it reads, and never throws.</summary>
internal static class CertificateParser
{
    /// <summary>The maximum length of a certificate in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxSerialNumberLength = 20;

    /// <summary>Tries to parse a certificate.</summary>
    /// <param name="encoded">The certificate in DER. It must not change afterwards.</param>
    /// <param name="certificate">The certificate, or null.</param>
    /// <param name="error">The error, or null.</param>
    /// <param name="isAnchor">
    /// True for a certificate that was configured. Its version, serial number and signature prove nothing, so that old authorities are accepted.
    /// </param>
    /// <returns>True if the certificate was parsed; otherwise, false.</returns>
    public static bool TryParse(
        ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out ParsedCertificate? certificate, [NotNullWhen(false)] out ParseError? error, bool isAnchor = false)
    {
        certificate = null;
        error = encoded.Length > MaxLength ? ParseError.Malformed("is too long") : Parse(encoded, isAnchor, out certificate);
        return error is null;
    }

    private static ParseError? Parse(ReadOnlyMemory<byte> encoded, bool isAnchor, out ParsedCertificate? certificate)
    {
        certificate = null;
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var parts) || !outer.IsEmpty || !parts.TryReadEncoded(DerReader.Sequence, out var toBeSigned)
            || !parts.TryReadEncoded(DerReader.Sequence, out var algorithm) || !parts.TryReadBytesOfBits(out var signature) || !parts.IsEmpty)
        {
            return ParseError.NotDer;
        }

        var fields = Enter(toBeSigned);
        if (ReadVersion(ref fields) is not { } version || !fields.TryReadInteger(out var serialNumber)
            || !fields.TryReadEncoded(DerReader.Sequence, out var innerAlgorithm) || !fields.TryReadEncoded(DerReader.Sequence, out var issuer)
            || !fields.TryEnter(DerReader.Sequence, out var validity) || !fields.TryReadEncoded(DerReader.Sequence, out var subject)
            || !fields.TryReadEncoded(DerReader.Sequence, out var publicKey))
        {
            return ParseError.NotDer;
        }

        // RFC 5280 section 4.1.1.2: the inner field "MUST contain the same algorithm identifier" as the outer one.
        if (!algorithm.Span.SequenceEqual(innerAlgorithm.Span))
            return ParseError.Malformed("names two different signature algorithms");
        if (!isAnchor && FindSerialNumberError(serialNumber.Span) is { } serialError)
            return serialError;
        if (!DistinguishedName.IsWellFormed(issuer) || !DistinguishedName.IsWellFormed(subject))
            return ParseError.Malformed("has a malformed issuer or subject");
        if (issuer.Span.SequenceEqual(DistinguishedName.Empty))
            return ParseError.Malformed("has an empty issuer");
        if (CertificateTime.Read(ref validity) is not { } notBefore || CertificateTime.Read(ref validity) is not { } notAfter || !validity.IsEmpty)
            return ParseError.Malformed("has a malformed validity");
        if (PublicKeyInfo.Parse(publicKey) is not { } key)
            return ParseError.Malformed("has a public key that cannot be read");

        var extensions = CertificateExtensionValues.None;
        var error = SkipUniqueIds(ref fields, version) ? ExtensionParser.Parse(ref fields, version, out extensions) : ParseError.NotDer;
        if (error is not null)
            return error with { Subject = subject, Serial = serialNumber };
        if (!fields.IsEmpty)
            return ParseError.NotDer;
        if (!isAnchor && version != 2)
            return new ParseError(CertificateErrorKind.Malformed, "has an old version without extensions. Reissue it as version 3") { Subject = subject };

        certificate = new ParsedCertificate
        {
            Encoded = encoded, ToBeSigned = toBeSigned, Algorithm = SignatureAlgorithmIdentifier.Parse(algorithm), Signature = signature, SerialNumber = serialNumber, Issuer = issuer,
            Subject = subject, NotBefore = notBefore, NotAfter = notAfter, PublicKey = key, Extensions = extensions,
            IsSelfIssued = subject.Span.SequenceEqual(issuer.Span),
        };
        return null;
    }

    private static DerReader Enter(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        outer.TryEnter(DerReader.Sequence, out var inner);
        return inner;
    }

    // The version is absent for version 1, because DER omits default values.
    private static int? ReadVersion(ref DerReader fields)
    {
        if (!fields.IsNext(DerReader.ContextConstructed(0)))
            return 0;
        return fields.TryEnter(DerReader.ContextConstructed(0), out var inner) && inner.TryReadSmallInteger(out var version) && inner.IsEmpty
            && version is 1 or 2 ? version : null;
    }

    // RFC 5280 section 4.1.2.2: at most 20 bytes, and not negative. Zero is accepted, because private authorities use it.
    private static ParseError? FindSerialNumberError(ReadOnlySpan<byte> serialNumber) =>
        serialNumber.Length > MaxSerialNumberLength ? ParseError.Malformed($"has a serial number of more than {MaxSerialNumberLength} bytes")
        : serialNumber[0] >= 0x80 ? ParseError.Malformed("has a negative serial number")
        : null;

    private static bool SkipUniqueIds(ref DerReader fields, int version)
    {
        for (var number = 1; number <= 2; number++)
        {
            if (fields.IsNext(DerReader.Context(number)) && (version == 0 || !fields.TryReadAny(out _, out _, out _)))
                return false;
        }

        return true;
    }
}
