namespace SecureChannel;

/// <summary>The status of a certificate according to revocation data.</summary>
internal enum RevocationState
{
    Unknown,
    Good,
    Revoked,
}

/// <summary>The reasons why revocation data does not show the status of a certificate, from the least to the most specific.</summary>
internal enum RevocationGap
{
    None,
    NoData,
    OutOfScope,
    SomeReasons,
    OtherCertificate,
    StatusUnknown,
    NotYetValid,
    Expired,
    CannotSignCrls,
    WeakSignature,
    UnverifiableSignature,
    UnauthorizedResponder,
    BadSignature,
    CriticalExtension,
    TooManyChecks,
    NotSuccessful,
    Malformed,
}

/// <summary>The status of a certificate, or the reason why it is unknown.</summary>
/// <param name="State">The status.</param>
/// <param name="Time">
/// For a status: the end of its validity or the time of the revocation. For <see cref="RevocationGap.NotYetValid"/> and
/// <see cref="RevocationGap.Expired"/>: the begin or the end of the validity.
/// </param>
/// <param name="Gap">The reason why the status is unknown.</param>
/// <param name="IsOcsp">True if an OCSP response was used; false for a CRL.</param>
/// <param name="Reason">The reason of the revocation (RFC 5280 section 5.3.1), or null.</param>
internal readonly record struct RevocationStatus(
    RevocationState State, DateTime Time, RevocationGap Gap = RevocationGap.None, bool IsOcsp = false, int? Reason = null)
{
    /// <summary>The amount by which the clock of an authority or a responder may be ahead.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    public static RevocationStatus Unknown(RevocationGap gap, bool isOcsp = false, DateTime time = default) => new(RevocationState.Unknown, time, gap, isOcsp);

    /// <summary>Returns the status of a certificate that is not revoked, if the data is valid at a given time.</summary>
    /// <param name="thisUpdate">The time from which the data is valid.</param>
    /// <param name="nextUpdate">The time at which the data expires.</param>
    /// <param name="at">The time of the verification.</param>
    /// <param name="isOcsp">True for an OCSP response.</param>
    public static RevocationStatus NotRevoked(DateTime thisUpdate, DateTime nextUpdate, DateTimeOffset at, bool isOcsp) =>
        thisUpdate > at.UtcDateTime && thisUpdate - at.UtcDateTime > ClockTolerance ? Unknown(RevocationGap.NotYetValid, isOcsp, thisUpdate)
        : at.UtcDateTime >= nextUpdate ? Unknown(RevocationGap.Expired, isOcsp, nextUpdate)
        : new(RevocationState.Good, nextUpdate, IsOcsp: isOcsp);

    /// <summary>Returns the status with more weight: revoked, then good, then the more specific reason why it is unknown.</summary>
    public static RevocationStatus Combine(RevocationStatus first, RevocationStatus second)
    {
        if (first.State != second.State)
            return first.State > second.State ? first : second;

        // Good until the first of the two expires, because both were used.
        if (first.State == RevocationState.Good)
            return first.Time <= second.Time ? first : second;
        return first.State == RevocationState.Revoked || first.Gap >= second.Gap ? first : second;
    }
}
