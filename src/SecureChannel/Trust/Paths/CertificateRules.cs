namespace SecureChannel;

/// <summary>The rules for a single certificate. Each check returns null if the certificate passes, or the failure.</summary>
internal static class CertificateRules
{
    /// <summary>Checks an end-entity certificate: its validity, strength and purpose (RFC 5280 section 6.1.3, RFC 9846 section 4.5.1.2).</summary>
    public static PathFailure? CheckEndEntity(ParsedCertificate certificate, CertificatePurpose purpose, DateTimeOffset at, bool requireExtendedKeyUsage) =>
        CheckValidity(certificate, at)
            ?? CheckCriticalExtensions(certificate)
            ?? CheckConsistency(certificate)
            ?? CheckUse(certificate, purpose, requireExtendedKeyUsage);

    /// <summary>Checks that an end-entity certificate allows a purpose and is strong enough, at any time.</summary>
    public static PathFailure? CheckUse(ParsedCertificate certificate, CertificatePurpose purpose, bool requireExtendedKeyUsage) =>
        certificate.IsAuthority ? new(PathFault.AuthorityAsPeer, certificate)
            : CheckKey(certificate) ?? CheckPurpose(certificate, purpose, requireExtendedKeyUsage);

    /// <summary>Checks that a certificate may issue others for a purpose.</summary>
    public static PathFailure? CheckAuthority(ParsedCertificate certificate, CertificatePurpose purpose, DateTimeOffset at, bool isAnchor)
    {
        var extensions = certificate.Extensions;
        if (CheckIssuing(certificate, isAnchor) is { } failure)
            return failure;
        if (extensions.ExtendedKeyUsages is { } usages && (usages & (UsageOf(purpose) | ExtendedKeyUsages.Any)) == 0)
            return new(PathFault.AuthorityWithoutPurpose, certificate);
        return CheckCriticalExtensions(certificate) ?? CheckValidity(certificate, at);
    }

    /// <summary>Checks that a certificate may issue others and is strong enough, for any purpose and at any time.</summary>
    public static PathFailure? CheckIssuing(ParsedCertificate certificate, bool isAnchor)
    {
        if (!certificate.IsAuthority)
            return new(PathFault.NotAuthority, certificate);

        // Roots of private authorities often lack a key usage, and they are trusted because they are configured.
        if (certificate.Extensions.KeyUsages is { } usages ? !usages.HasFlag(KeyUsages.KeyCertSign) : !isAnchor)
            return new(PathFault.CannotSignCertificates, certificate);
        return CheckKey(certificate) ?? (isAnchor ? null : CheckSignatureAlgorithm(certificate));
    }

    /// <summary>Checks that a certificate is valid at a given time, to the end of its last second (RFC 5280 section 4.1.2.5).</summary>
    public static PathFailure? CheckValidity(ParsedCertificate certificate, DateTimeOffset at)
    {
        if (at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerSecond > certificate.NotAfter.Ticks)
            return new(PathFault.Expired, certificate);
        return at.UtcTicks < certificate.NotBefore.Ticks ? new(PathFault.NotYetValid, certificate) : null;
    }

    /// <summary>Checks the algorithm of a signature that is verified. The signature of an anchor or a pinned certificate proves nothing.</summary>
    public static PathFailure? CheckSignatureAlgorithm(ParsedCertificate certificate) =>
        certificate.Algorithm is null ? new(PathFault.WeakSignature, certificate) : null;

    // RFC 5280 section 4.2: a system "MUST reject the certificate if it encounters a critical extension it does not recognize".
    private static PathFailure? CheckCriticalExtensions(ParsedCertificate certificate) =>
        certificate.Extensions.UnknownCritical.IsEmpty ? null : new(PathFault.UnknownCriticalExtension, certificate);

    /// <summary>Checks that the key of a certificate is supported and strong enough.</summary>
    public static PathFailure? CheckKey(ParsedCertificate certificate) =>
        certificate.PublicKey.Kind == PublicKeyKind.Unsupported ? new(PathFault.UnsupportedKey, certificate)
        : certificate.PublicKey.FindWeakness() is null ? null
        : new(PathFault.WeakKey, certificate);

    private static PathFailure? CheckConsistency(ParsedCertificate certificate)
    {
        var extensions = certificate.Extensions;

        // RFC 5280 sections 4.1.2.6 and 4.2.1.6.
        if (certificate.Subject.Span.SequenceEqual(DistinguishedName.Empty) && !extensions.AreAlternativeNamesCritical)
            return new(PathFault.Inconsistent, certificate, "has an empty subject, but its subject alternative names are absent or not critical");
        if (extensions.IsAuthority)
            return null;

        // RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.10.
        if (extensions.KeyUsages?.HasFlag(KeyUsages.KeyCertSign) == true)
            return new(PathFault.Inconsistent, certificate, "does not belong to an authority, but its key usage has keyCertSign");
        return extensions.NameConstraints is null ? null : new(PathFault.Inconsistent, certificate, "does not belong to an authority, but has name constraints");
    }

    private static PathFailure? CheckPurpose(ParsedCertificate certificate, CertificatePurpose purpose, bool requireExtendedKeyUsage)
    {
        var usages = certificate.Extensions.KeyUsages;
        if (certificate.Extensions.ExtendedKeyUsages is { } purposes
            ? !purposes.HasFlag(UsageOf(purpose))
            : requireExtendedKeyUsage || purpose == CertificatePurpose.KeyTransportServer)
        {
            return new(PathFault.WrongPurpose, certificate);
        }

        if (purpose != CertificatePurpose.KeyTransportServer)
        {
            // RFC 9846 section 4.5.1.2: "the digitalSignature bit MUST be set if the Key Usage extension is present".
            return usages is { } allowed && !allowed.HasFlag(KeyUsages.DigitalSignature) ? new(PathFault.CannotSign, certificate) : null;
        }

        if ((certificate.Extensions.ExtendedKeyUsages & (ExtendedKeyUsages.ServerAuth | ExtendedKeyUsages.Any)) != 0)
            return new(PathFault.AlsoAllowsTls, certificate);
        if (usages?.HasFlag(KeyUsages.KeyEncipherment) != true)
            return new(PathFault.CannotEncipher, certificate);
        if (usages.Value.HasFlag(KeyUsages.DigitalSignature))
            return new(PathFault.AlsoAllowsSignatures, certificate);
        return certificate.PublicKey.Kind == PublicKeyKind.Rsa ? null : new(PathFault.CannotDecrypt, certificate);
    }

    private static ExtendedKeyUsages UsageOf(CertificatePurpose purpose) => purpose switch
    {
        CertificatePurpose.TlsServer => ExtendedKeyUsages.ServerAuth,
        CertificatePurpose.TlsClient => ExtendedKeyUsages.ClientAuth,
        _ => ExtendedKeyUsages.KeyTransportServer,
    };
}
