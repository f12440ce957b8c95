namespace SecureChannel;

/// <summary>The reason why a certification path was not accepted. The text is created when it is needed, because a search can fail often.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Certificate">The certificate that the fault concerns.</param>
/// <param name="Detail">A detail of the fault, or null.</param>
internal readonly record struct PathFailure(PathFault Fault, ParsedCertificate Certificate, object? Detail = null)
{
    /// <summary>Returns the failure that describes the search better: a fault of a certificate rather than the absence of an issuer.</summary>
    public static PathFailure? Better(PathFailure? first, PathFailure? second)
    {
        if (first is null || second is null)
            return first ?? second;
        return RankOf(second.Value.Fault) > RankOf(first.Value.Fault) ? second : first;
    }

    // A wrong signature may only mean that a candidate was not the issuer.
    private static int RankOf(PathFault fault) => fault switch
    {
        PathFault.TooManyChecks => 5,
        PathFault.Revoked => 4,
        PathFault.UnknownIssuer => 0,
        PathFault.DifferentKey => 1,
        PathFault.BadSignature => 2,
        _ => 3,
    };
}

/// <summary>The faults that path validation finds.</summary>
internal enum PathFault
{
    None,
    UnknownIssuer,
    DifferentKey,
    BadSignature,
    Expired,
    NotYetValid,
    WeakKey,
    UnsupportedKey,
    WeakSignature,
    UnverifiableSignature,
    UnknownCriticalExtension,
    AuthorityAsPeer,
    NotAuthority,
    CannotSignCertificates,
    AuthorityWithoutPurpose,
    WrongPurpose,
    CannotSign,
    AlsoAllowsTls,
    CannotEncipher,
    AlsoAllowsSignatures,
    CannotDecrypt,
    NameConstraint,
    PathTooLong,
    TooManyCertificates,
    TooManyChecks,
    NotPinned,
    UntrustedBySystem,
    RejectedByPlatform,
    Inconsistent,
    Revoked,
    RevocationUnknown,
    BadStatusResponse,
}
