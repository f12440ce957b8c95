namespace SecureChannel;

/// <summary>The parser of OCSP responses (RFC 6960 section 4.2.1). It accepts strict DER only, bounds what it reads, and never throws.</summary>
internal static class OcspResponseParser
{
    /// <summary>The maximum length of a response in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxExtensions = 64;

    private static readonly ParsedOcspResponse Malformed = new() { Gap = RevocationGap.Malformed };

    /// <summary>Parses a response. A response that cannot be used has a <see cref="ParsedOcspResponse.Gap"/>.</summary>
    /// <param name="encoded">The response in DER. It must not change afterwards.</param>
    public static ParsedOcspResponse Parse(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (encoded.Length > MaxLength || !outer.TryEnter(DerReader.Sequence, out var response) || !outer.IsEmpty
            || !response.TryReadSmallEnumerated(out var status))
        {
            return Malformed;
        }

        // Section 4.2.1: a response that is not successful contains no responseBytes.
        if (status != 0)
            return new() { Gap = response.IsEmpty ? RevocationGap.NotSuccessful : RevocationGap.Malformed };
        if (!response.TryEnter(DerReader.ContextConstructed(0), out var wrapper) || !response.IsEmpty || !wrapper.TryEnter(DerReader.Sequence, out var bytes)
            || !wrapper.IsEmpty || !bytes.TryReadOid(out var type) || !type.Span.SequenceEqual(Oids.BasicOcspResponse)
            || !bytes.TryRead(DerReader.OctetString, out var basic) || !bytes.IsEmpty)
        {
            return Malformed;
        }

        return ParseBasic(basic) ?? Malformed;
    }

    private static ParsedOcspResponse? ParseBasic(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var parts) || !outer.IsEmpty || !parts.TryReadEncoded(DerReader.Sequence, out var toBeSigned)
            || !parts.TryReadEncoded(DerReader.Sequence, out var algorithm) || !parts.TryReadBytesOfBits(out var signature))
        {
            return null;
        }

        var certificates = new List<ReadOnlyMemory<byte>>();
        if (parts.IsNext(DerReader.ContextConstructed(0)) && !ReadCertificates(ref parts, certificates))
            return null;
        var result = new ParsedOcspResponse
        {
            ToBeSigned = toBeSigned, Algorithm = SignatureAlgorithmIdentifier.Parse(algorithm), Signature = signature, Certificates = certificates,
        };
        return parts.IsEmpty && ReadData(toBeSigned, result) ? result : null;
    }

    private static bool ReadCertificates(ref DerReader parts, List<ReadOnlyMemory<byte>> certificates)
    {
        if (!parts.TryEnter(DerReader.ContextConstructed(0), out var wrapper) || !wrapper.TryEnter(DerReader.Sequence, out var list) || !wrapper.IsEmpty)
            return false;
        while (!list.IsEmpty)
        {
            if (!list.TryReadEncoded(DerReader.Sequence, out var certificate))
                return false;
            certificates.Add(certificate);
        }

        return true;
    }

    private static bool ReadData(ReadOnlyMemory<byte> toBeSigned, ParsedOcspResponse result)
    {
        var outer = new DerReader(toBeSigned);

        // DER omits the version, because version 1 is the default.
        if (!outer.TryEnter(DerReader.Sequence, out var data) || !ReadResponder(ref data, result) || CertificateTime.Read(ref data) is null
            || !data.TryEnter(DerReader.Sequence, out var responses))
        {
            return false;
        }

        while (!responses.IsEmpty)
        {
            if (!responses.TryEnter(DerReader.Sequence, out var single) || ReadSingle(single) is not { } read)
                return false;
            result.Responses.Add(read);
        }

        if (!ReadExtensions(ref data, out var hasCriticalExtension) || !data.IsEmpty)
            return false;
        result.Gap = hasCriticalExtension ? RevocationGap.CriticalExtension : RevocationGap.None;
        return true;
    }

    // Section 4.2.1: a choice, so the name or the hash of the key is inside the tag.
    private static bool ReadResponder(ref DerReader data, ParsedOcspResponse result)
    {
        if (data.TryEnter(DerReader.ContextConstructed(1), out var byName))
        {
            var isRead = byName.TryReadEncoded(DerReader.Sequence, out var name) && byName.IsEmpty && DistinguishedName.IsWellFormed(name);
            result.ResponderName = name;
            return isRead;
        }

        if (!data.TryEnter(DerReader.ContextConstructed(2), out var byKey) || !byKey.TryRead(DerReader.OctetString, out var hash) || !byKey.IsEmpty)
            return false;
        result.ResponderKeyHash = hash;
        return !hash.IsEmpty;
    }

    private static SingleOcspResponse? ReadSingle(DerReader single)
    {
        if (!single.TryEnter(DerReader.Sequence, out var identifier) || !identifier.TryReadEncoded(DerReader.Sequence, out var algorithm)
            || !identifier.TryRead(DerReader.OctetString, out var nameHash) || !identifier.TryRead(DerReader.OctetString, out var keyHash)
            || !identifier.TryReadInteger(out var serialNumber) || !identifier.IsEmpty || ReadStatus(ref single) is not { } status
            || CertificateTime.Read(ref single) is not { } thisUpdate)
        {
            return null;
        }

        DateTime? nextUpdate = null;
        if (single.IsNext(DerReader.ContextConstructed(0)))
        {
            single.TryEnter(DerReader.ContextConstructed(0), out var wrapper);
            nextUpdate = CertificateTime.Read(ref wrapper);
            if (nextUpdate is null || !wrapper.IsEmpty)
                return null;
        }

        if (!ReadExtensions(ref single, out var hasCriticalExtension) || !single.IsEmpty)
            return null;
        return new(HashOf(algorithm), nameHash, keyHash, serialNumber, status, thisUpdate, nextUpdate, hasCriticalExtension);
    }

    // Section 4.2.1: good [0] NULL, revoked [1] with a time and an optional reason, unknown [2] NULL.
    private static RevocationStatus? ReadStatus(ref DerReader single)
    {
        if (single.TryRead(DerReader.Context(0), out var good))
            return good.IsEmpty ? new(RevocationState.Good, default, IsOcsp: true) : null;
        if (single.TryRead(DerReader.Context(2), out var unknown))
            return unknown.IsEmpty ? RevocationStatus.Unknown(RevocationGap.StatusUnknown, isOcsp: true) : null;
        if (!single.TryEnter(DerReader.ContextConstructed(1), out var revoked) || CertificateTime.Read(ref revoked) is not { } time)
            return null;

        int? reason = null;
        if (revoked.TryEnter(DerReader.ContextConstructed(0), out var wrapper))
        {
            if (!wrapper.TryReadSmallEnumerated(out var code) || !wrapper.IsEmpty)
                return null;
            reason = code;
        }

        return revoked.IsEmpty ? new(RevocationState.Revoked, time, IsOcsp: true, Reason: reason) : null;
    }

    // No critical extension of responses is supported; nonces are not requested, and so ignored.
    private static bool ReadExtensions(ref DerReader fields, out bool hasCriticalExtension)
    {
        hasCriticalExtension = false;
        if (!fields.IsNext(DerReader.ContextConstructed(1)))
            return true;
        if (!fields.TryEnter(DerReader.ContextConstructed(1), out var wrapper) || !wrapper.TryEnter(DerReader.Sequence, out var extensions) || !wrapper.IsEmpty)
            return false;
        for (var count = 0; !extensions.IsEmpty; count++)
        {
            if (count == MaxExtensions || !ExtensionParser.TryReadExtension(ref extensions, out _, out var isCritical, out _))
                return false;
            hasCriticalExtension |= isCritical;
        }

        return true;
    }

    // RFC 3370 section 2.1 and RFC 5754 section 2: the parameters are absent or NULL.
    private static OcspHash HashOf(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var algorithm) || !algorithm.TryReadOid(out var oid)
            || !(algorithm.IsEmpty || (algorithm.TryRead(DerReader.Null, out var nothing) && nothing.IsEmpty && algorithm.IsEmpty)))
        {
            return OcspHash.Unsupported;
        }

        return oid.Span.SequenceEqual(Oids.Sha1) ? OcspHash.Sha1 : oid.Span.SequenceEqual(Oids.Sha256) ? OcspHash.Sha256 : OcspHash.Unsupported;
    }
}
