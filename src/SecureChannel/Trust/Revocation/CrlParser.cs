using System.Runtime.InteropServices;

namespace SecureChannel;

/// <summary>The parser of CRLs (RFC 5280 section 5.1). It accepts strict DER only, refuses CRLs that it cannot process completely, and never throws.</summary>
internal static class CrlParser
{
    /// <summary>The maximum length of a CRL in bytes.</summary>
    public const int MaxLength = 128 * 1024 * 1024;

    private const int MaxExtensions = 64;

    // The numbers under 2.5.29.
    private const byte CrlNumber = 20;
    private const byte ReasonCode = 21;
    private const byte InvalidityDate = 24;
    private const byte DeltaCrlIndicator = 27;
    private const byte IssuingDistributionPoint = 28;

    /// <summary>Parses a CRL.</summary>
    /// <param name="encoded">The CRL in DER. It must not change afterwards.</param>
    /// <param name="crl">The CRL, or null.</param>
    /// <returns>Null, or the rest of a sentence whose subject is the CRL, without the final period.</returns>
    public static string? Parse(byte[] encoded, out CertificateRevocationList? crl)
    {
        const string malformed = "is not a valid CRL in DER";
        crl = null;
        if (encoded.Length > MaxLength)
            return $"has {encoded.Length} bytes, but at most {MaxLength} are accepted";
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var parts) || !outer.IsEmpty || !parts.TryReadEncoded(DerReader.Sequence, out var toBeSigned)
            || !parts.TryReadEncoded(DerReader.Sequence, out var algorithm) || !parts.TryReadBytesOfBits(out var signature) || !parts.IsEmpty)
        {
            return malformed;
        }

        var list = new DerReader(toBeSigned);
        list.TryEnter(DerReader.Sequence, out var fields);
        var isVersion2 = fields.IsNext(DerReader.Integer);
        if ((isVersion2 && !(fields.TryReadSmallInteger(out var version) && version == 1))
            || !fields.TryReadEncoded(DerReader.Sequence, out var innerAlgorithm) || !fields.TryReadEncoded(DerReader.Sequence, out var issuer)
            || !DistinguishedName.IsWellFormed(issuer) || CertificateTime.Read(ref fields) is not { } thisUpdate)
        {
            return malformed;
        }

        // RFC 5280 section 5.1.1.2: the outer field "MUST contain the same algorithm identifier" as the inner one.
        if (!algorithm.Span.SequenceEqual(innerAlgorithm.Span))
            return "names two different signature algorithms";
        if (!fields.IsNext(DerReader.UtcTime) && !fields.IsNext(DerReader.GeneralizedTime))
            return "has no nextUpdate, so it would never expire";
        if (CertificateTime.Read(ref fields) is not { } nextUpdate)
            return malformed;

        var serialNumbers = new List<int>();
        if (fields.IsNext(DerReader.Sequence) && ParseEntries(ref fields, isVersion2, serialNumbers) is { } entryError)
            return entryError;
        if (ParseExtensions(ref fields, isVersion2, out var scope) is { } extensionError)
            return extensionError;
        crl = new CertificateRevocationList(encoded, [.. serialNumbers])
        {
            ToBeSigned = toBeSigned, Algorithm = SignatureAlgorithmIdentifier.Parse(algorithm), Signature = signature, Issuer = issuer, ThisUpdate = thisUpdate,
            NextUpdate = nextUpdate, Scope = scope,
        };
        return null;
    }

    /// <summary>Tries to read the extensions of an entry (section 5.3).</summary>
    /// <param name="extensions">The extensions.</param>
    /// <param name="reason">The reason of the revocation, or null.</param>
    /// <returns>True if the extensions are well-formed and none of them has to be processed; otherwise, false.</returns>
    public static bool TryReadReason(DerReader extensions, out int? reason)
    {
        reason = null;
        while (!extensions.IsEmpty)
        {
            if (!ExtensionParser.TryReadExtension(ref extensions, out var oid, out var isCritical, out var value))
                return false;
            var number = NumberOf(oid.Span);
            if (number == ReasonCode)
            {
                var reader = new DerReader(value);
                if (!reader.TryReadSmallEnumerated(out var code) || !reader.IsEmpty)
                    return false;
                reason = code;
            }
            else if (isCritical && number != InvalidityDate)
            {
                return false;
            }
        }

        return true;
    }

    private static string? ParseEntries(ref DerReader fields, bool isVersion2, List<int> serialNumbers)
    {
        const string malformed = "has a malformed entry";
        fields.TryEnter(DerReader.Sequence, out var entries);
        while (!entries.IsEmpty)
        {
            if (!entries.TryEnter(DerReader.Sequence, out var entry) || !entry.TryReadInteger(out var serialNumber) || serialNumber.Length > sbyte.MaxValue
                || CertificateTime.Read(ref entry) is null)
            {
                return malformed;
            }

            // RFC 5280 section 5.3: with a critical extension that it cannot process, an application "MUST NOT use that CRL".
            if (!entry.IsEmpty && (!isVersion2 || !entry.TryEnter(DerReader.Sequence, out var extensions) || extensions.IsEmpty || !entry.IsEmpty
                || !TryReadReason(extensions, out _)))
            {
                return "has an entry with extensions that are malformed or not supported";
            }

            MemoryMarshal.TryGetArray(serialNumber, out var segment);
            serialNumbers.Add(segment.Offset);
        }

        return null;
    }

    private static string? ParseExtensions(ref DerReader fields, bool isVersion2, out CrlScope scope)
    {
        const string malformed = "has malformed extensions";
        const string withoutNumber = "has no CRL number, which RFC 5280 section 5.2.3 requires";
        scope = CrlScope.Complete;
        if (fields.IsEmpty)
            return isVersion2 ? withoutNumber : null;
        if (!isVersion2 || !fields.TryEnter(DerReader.ContextConstructed(0), out var wrapper) || !fields.IsEmpty
            || !wrapper.TryEnter(DerReader.Sequence, out var extensions) || !wrapper.IsEmpty || extensions.IsEmpty)
        {
            return malformed;
        }

        var (seen, hasNumber) = (new HashSet<string>(), false);
        while (!extensions.IsEmpty)
        {
            if (!ExtensionParser.TryReadExtension(ref extensions, out var oid, out var isCritical, out var value) || seen.Count == MaxExtensions)
                return malformed;
            if (!seen.Add(Convert.ToHexString(oid.Span)))
                return $"contains the extension {Oids.ToText(oid.Span)} more than once";
            switch (NumberOf(oid.Span))
            {
                case DeltaCrlIndicator:
                    return "is a delta CRL, which is not supported. Use the complete CRL";
                case IssuingDistributionPoint:
                    if (CrlScope.Parse(value, out scope) is { } error)
                        return error;
                    break;
                case var number:
                    // RFC 5280 section 5.2: all other extensions of that section are not critical.
                    hasNumber |= number == CrlNumber;
                    if (isCritical)
                        return $"has the critical extension {Oids.ToText(oid.Span)}, which is not supported";
                    break;
            }
        }

        return hasNumber ? null : withoutNumber;
    }

    private static byte? NumberOf(ReadOnlySpan<byte> oid) => oid.Length == 3 && oid.StartsWith(Oids.CertificateExtensions) ? oid[2] : null;
}
