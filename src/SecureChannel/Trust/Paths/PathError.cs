namespace SecureChannel;

/// <summary>The conversion of failures of path validation to errors of sessions.</summary>
internal static class PathError
{
    /// <summary>Creates the error of a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="authorityCount">The number of trusted authorities.</param>
    /// <param name="purpose">The purpose that was validated.</param>
    /// <param name="at">The time of the validation.</param>
    public static SessionError Create(PathFailure failure, int authorityCount, CertificatePurpose purpose, DateTimeOffset at)
    {
        var (kind, alert, reason) = Describe(failure, authorityCount, purpose, at);
        return Create(kind, alert, failure.Certificate, reason);
    }

    /// <summary>Creates the error of a certificate that is not accepted.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="alert">The alert for the peer.</param>
    /// <param name="certificate">The certificate, which is the subject of the message.</param>
    /// <param name="reason">The rest of the message: the reason and the remedy, without the final period.</param>
    public static SessionError Create(CertificateErrorKind kind, AlertDescription alert, ParsedCertificate certificate, string reason) =>
        Create(kind, alert, $"{CertificateText.Of(certificate)} {reason}.", certificate.Encoded);

    /// <summary>Creates the error of a peer that is not trusted.</summary>
    public static SessionError Create(CertificateErrorKind kind, AlertDescription alert, string message, ReadOnlyMemory<byte> certificate = default) =>
        new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, alert, message)
        {
            Certificate = new CertificateError(kind, message) { Certificate = certificate },
        };

    /// <summary>Creates the error of a certificate that a verifier rejects.</summary>
    public static SessionError Create(CertificateError error) =>
        new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertOf(error.Kind), PeerText.Printable(error.Message)) { Certificate = error };

    private static AlertDescription AlertOf(CertificateErrorKind kind) => kind switch
    {
        CertificateErrorKind.Expired or CertificateErrorKind.NotYetValid => AlertDescription.CertificateExpired,
        CertificateErrorKind.UnknownAuthority => AlertDescription.UnknownCa,
        CertificateErrorKind.Revoked => AlertDescription.CertificateRevoked,
        CertificateErrorKind.WrongUsage or CertificateErrorKind.UnknownCriticalExtension => AlertDescription.UnsupportedCertificate,
        CertificateErrorKind.NameMismatch or CertificateErrorKind.PinMismatch or CertificateErrorKind.Rejected or CertificateErrorKind.RevocationUnknown =>
            AlertDescription.CertificateUnknown,
        _ => AlertDescription.BadCertificate,
    };

    private static (CertificateErrorKind Kind, AlertDescription Alert, string Reason) Describe(
        PathFailure failure, int authorityCount, CertificatePurpose purpose, DateTimeOffset at) => failure.Fault switch
    {
        PathFault.UnknownIssuer => (CertificateErrorKind.UnknownAuthority, AlertDescription.UnknownCa, DescribeUnknownIssuer(failure.Certificate, authorityCount)),
        PathFault.DifferentKey => (CertificateErrorKind.UnknownAuthority, AlertDescription.UnknownCa,
            $"is issued by {CertificateText.IssuerOf(failure.Certificate)}. A trusted authority has the same name but a different key. "
            + "If the authority renewed its key, update the trusted authorities; otherwise, the certificate may be forged"),
        PathFault.NotPinned => (CertificateErrorKind.PinMismatch, AlertDescription.CertificateUnknown,
            $"has a key that is not pinned. If the key was replaced on purpose, add its pin {failure.Detail}"),
        PathFault.UntrustedBySystem => (CertificateErrorKind.UnknownAuthority, AlertDescription.UnknownCa,
            "does not lead to an authority that this system trusts. Configure the peer to send its intermediate certificates, or trust the authority with "
            + "TrustPolicy.FromAuthorities"),
        PathFault.RejectedByPlatform => (CertificateErrorKind.Rejected, AlertDescription.CertificateUnknown,
            $"is rejected by the platform: {failure.Detail}. Replace it"),
        PathFault.BadSignature => (CertificateErrorKind.BadSignature, AlertDescription.BadCertificate,
            "has a signature that its issuer's key does not verify: it was modified or forged, or another authority with the same name issued it. Replace it"),
        PathFault.Expired => (CertificateErrorKind.Expired, AlertDescription.CertificateExpired,
            $"expired at {failure.Certificate.NotAfter:u}, and the current time is {at:u}. Renew it"),
        PathFault.NotYetValid => (CertificateErrorKind.NotYetValid, AlertDescription.CertificateExpired,
            $"is not valid before {failure.Certificate.NotBefore:u}, and the current time is {at:u}. Check the clock of this machine"),
        PathFault.WeakKey => (CertificateErrorKind.WeakKey, AlertDescription.BadCertificate, failure.Certificate.PublicKey.FindWeakness()!),
        PathFault.UnsupportedKey => (CertificateErrorKind.WeakKey, AlertDescription.UnsupportedCertificate, failure.Certificate.PublicKey.FindWeakness()!),
        PathFault.WeakSignature => (CertificateErrorKind.WeakSignature, AlertDescription.BadCertificate,
            "is signed with an algorithm that is not accepted. Use RSA or ECDSA with SHA-256, SHA-384 or SHA-512, or Ed25519"),
        PathFault.UnverifiableSignature => (CertificateErrorKind.WeakSignature, AlertDescription.BadCertificate,
            $"has an issuer whose key the cryptography provider {failure.Detail} cannot use. Use another provider, or issue it under another authority"),
        PathFault.UnknownCriticalExtension => (CertificateErrorKind.UnknownCriticalExtension, AlertDescription.UnsupportedCertificate,
            $"has the critical extension {Oids.ToText(failure.Certificate.Extensions.UnknownCritical.Span)}, which is not supported. "
            + "Reissue it without the extension"),
        PathFault.Inconsistent => (CertificateErrorKind.Malformed, AlertDescription.BadCertificate, $"{failure.Detail}. Reissue it"),
        PathFault.NameConstraint => (CertificateErrorKind.NameConstraint, AlertDescription.BadCertificate,
            $"has a name that the name constraints of {CertificateText.SubjectOf((ParsedCertificate)failure.Detail!)} do not allow. "
            + "Issue it for other names, or under another authority"),
        PathFault.PathTooLong => (CertificateErrorKind.PathTooLong, AlertDescription.BadCertificate,
            $"is in a certification path that is longer than an authority's basic constraints allow: {failure.Certificate.Extensions.PathLength} "
            + "certificates of authorities may follow. Issue the peer's certificate under another authority"),
        PathFault.TooManyCertificates => (CertificateErrorKind.PathTooLong, AlertDescription.BadCertificate,
            $"is in a certification path of more than {failure.Detail} certificates. Shorten the path, or increase 'MaxChainLength'"),
        PathFault.TooManyChecks => (CertificateErrorKind.TooManyChecks, AlertDescription.BadCertificate,
            "was not verified, because the search for a certification path needed too many checks. Remove certificates that do not belong to the path"),
        PathFault.Revoked => (CertificateErrorKind.Revoked, AlertDescription.CertificateRevoked, (string)failure.Detail!),
        PathFault.RevocationUnknown => (CertificateErrorKind.RevocationUnknown, AlertDescription.CertificateUnknown, (string)failure.Detail!),
        PathFault.BadStatusResponse => (CertificateErrorKind.RevocationUnknown, AlertDescription.BadCertificateStatusResponse, (string)failure.Detail!),
        _ => DescribeUsage(failure.Fault, purpose),
    };

    private static (CertificateErrorKind Kind, AlertDescription Alert, string Reason) DescribeUsage(PathFault fault, CertificatePurpose purpose) => fault switch
    {
        PathFault.NotAuthority => (CertificateErrorKind.WrongUsage, AlertDescription.BadCertificate,
            "cannot issue certificates: its basic constraints do not mark it as an authority. Issue the peer's certificate under another authority"),
        PathFault.CannotSignCertificates => (CertificateErrorKind.WrongUsage, AlertDescription.BadCertificate,
            "cannot issue certificates: its key usage lacks keyCertSign. Reissue the authority's certificate with keyCertSign"),
        PathFault.AuthorityWithoutPurpose => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            $"belongs to an authority that does not allow the purpose {purpose}: its extended key usage lacks {purpose.GetOid()}. "
            + "Issue the peer's certificate under another authority"),
        PathFault.AuthorityAsPeer => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "belongs to an authority, which must not identify a peer. Issue an end-entity certificate for the peer"),
        PathFault.WrongPurpose => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            $"does not allow the purpose {purpose}: its extended key usage lacks {purpose.GetOid()}. Issue a certificate for this purpose"),
        PathFault.CannotSign => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "does not allow signatures: its key usage lacks digitalSignature. Issue a certificate with digitalSignature"),
        PathFault.AlsoAllowsTls => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "also allows TLS: its extended key usage has serverAuth or anyExtendedKeyUsage. Issue a certificate for key transport alone"),
        PathFault.CannotEncipher => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "does not allow key transport: its key usage lacks keyEncipherment. Issue a certificate with keyEncipherment"),
        PathFault.AlsoAllowsSignatures => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "also allows signatures: its key usage has digitalSignature. Issue a certificate for key transport alone"),
        PathFault.CannotDecrypt => (CertificateErrorKind.WrongUsage, AlertDescription.UnsupportedCertificate,
            "has a key that cannot decrypt session keys. Issue a certificate for an RSA key (rsaEncryption)"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private static string DescribeUnknownIssuer(ParsedCertificate certificate, int authorityCount)
    {
        var authorities = authorityCount == 1 ? "the trusted authority" : $"one of the {authorityCount} trusted authorities";
        return certificate.IsSelfIssued
            ? $"is self-issued and is not {authorities}. If you trust it, add it to TrustPolicy.FromAuthorities"
            : $"is issued by {CertificateText.IssuerOf(certificate)}, which is not {authorities}, and the peer did not send that issuer's certificate. "
                + "Configure the peer to send the intermediate certificate, or add the authority to TrustPolicy.FromAuthorities if you trust it";
    }
}
