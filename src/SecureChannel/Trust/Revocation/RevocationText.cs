namespace SecureChannel;

/// <summary>The texts of revocation errors.</summary>
internal static class RevocationText
{
    // RFC 5280 section 5.3.1.
    private static readonly string[] Reasons =
    [
        "unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation", "certificateHold", "7", "removeFromCRL",
        "privilegeWithdrawn", "aACompromise",
    ];

    /// <summary>Returns the rest of a sentence whose subject is a revoked certificate.</summary>
    public static string DescribeRevoked(RevocationStatus status, ParsedCertificate issuer)
    {
        var reason = status.Reason is { } code ? $" with the reason {(code < Reasons.Length ? Reasons[code] : code)}" : "";
        return $"was revoked at {status.Time:u} by its issuer {CertificateText.SubjectOf(issuer)}{reason}. Replace it by a certificate for a new key";
    }

    /// <summary>Returns the rest of a sentence whose subject is a certificate with an unknown status.</summary>
    /// <param name="status">The reason.</param>
    /// <param name="issuer">The certificate of its issuer.</param>
    /// <param name="at">The time of the verification.</param>
    /// <param name="problem">The error of a file that cannot be read, or null.</param>
    public static string DescribeUnknown(RevocationStatus status, ParsedCertificate issuer, DateTimeOffset at, string? problem)
    {
        var name = CertificateText.SubjectOf(issuer);
        var text = status.Gap == RevocationGap.NoData
            ? $"has an unknown revocation status: no CRL or OCSP response of its issuer {name} is available. "
                + "Add a CRL of the issuer to 'CrlPaths', or configure the peer to staple an OCSP response"
            : status.IsOcsp ? $"has an unknown revocation status: the OCSP response {DescribeOcsp(status, at)}. "
                + $"Provide a current response of its issuer {name}"
            : $"has an unknown revocation status: {DescribeCrl(status, name, at)}";
        return problem is null ? text : $"{text}. A file could not be read: {problem.TrimEnd('.')}";
    }

    /// <summary>Returns the rest of a sentence whose subject is a certificate with a stapled response that is not accepted.</summary>
    public static string DescribeStapled(RevocationStatus status, DateTimeOffset at) =>
        $"was presented with a stapled OCSP response that {DescribeOcsp(status, at)}. "
        + "Configure the peer to staple a current response of the certificate's issuer";

    /// <summary>Returns the rest of a sentence whose subject is a certificate that requires a stapled response.</summary>
    public static string DescribeMissingStaple() =>
        "requires a stapled OCSP response (RFC 7633), but the peer sent none. Configure the peer to staple one, or issue a certificate without the TLS feature "
        + "extension";

    /// <summary>Returns the rest of a sentence whose subject is an OCSP response.</summary>
    public static string DescribeOcsp(RevocationStatus status, DateTimeOffset at = default) => status.Gap switch
    {
        RevocationGap.OtherCertificate => "does not contain the status of the certificate",
        RevocationGap.StatusUnknown => "says that the responder does not know the certificate",
        RevocationGap.NotYetValid => $"is not valid before {status.Time:u}, and the current time is {at:u}",
        RevocationGap.Expired => $"expired at {status.Time:u}, and the current time is {at:u}",
        RevocationGap.WeakSignature => "is signed with an algorithm that is not accepted",
        RevocationGap.UnverifiableSignature => "is signed by a key that the cryptography provider cannot use",
        RevocationGap.UnauthorizedResponder =>
            "is from a responder that the issuer did not authorize: it must be the issuer, or have a valid certificate of the issuer with the purpose OCSPSigning",
        RevocationGap.BadSignature => "has a signature that the key of its responder does not verify",
        RevocationGap.CriticalExtension => "has a critical extension, which is not supported",
        RevocationGap.NotSuccessful => "contains an error of the responder in place of a status",
        RevocationGap.TooManyChecks => "was not verified, because the path needed too many signature checks",
        _ => $"is not a valid OCSP response in DER of at most {OcspResponseParser.MaxLength} bytes",
    };

    private static string DescribeCrl(RevocationStatus status, string issuer, DateTimeOffset at) => status.Gap switch
    {
        RevocationGap.OutOfScope =>
            $"the CRL of its issuer {issuer} does not cover it (issuingDistributionPoint). Provide the CRL that its distribution points name",
        RevocationGap.SomeReasons => $"the CRL of its issuer {issuer} covers only some reasons. Provide the CRLs for the other reasons too",
        RevocationGap.NotYetValid =>
            $"the CRL of its issuer {issuer} is not valid before {status.Time:u}, and the current time is {at:u}. Check the clock of this machine",
        RevocationGap.Expired => $"the CRL of its issuer {issuer} expired at {status.Time:u}, and the current time is {at:u}. Provide a newer CRL",
        RevocationGap.CannotSignCrls => $"the key usage of its issuer {issuer} lacks cRLSign. Reissue the authority's certificate with cRLSign",
        RevocationGap.WeakSignature => $"the CRL of its issuer {issuer} is signed with an algorithm that is not accepted. Sign it with SHA-256",
        RevocationGap.UnverifiableSignature =>
            $"the CRL of its issuer {issuer} is signed by a key that the cryptography provider cannot use. Use another provider",
        RevocationGap.TooManyChecks => "the path needed too many signature checks. Remove CRLs that are not needed",
        _ => $"the signature of the CRL is not by the key of its issuer {issuer}. Provide the CRL of this authority",
    };
}
