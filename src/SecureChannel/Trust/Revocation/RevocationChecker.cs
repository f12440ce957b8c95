using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The revocation check of a certification path, from its anchor down: all certificates except the anchor. The next certificate in the path is the issuer,
/// whose key must verify the revocation data.
/// </summary>
/// <param name="mode">The mode of the policy.</param>
/// <param name="data">The revocation data of the policy.</param>
/// <param name="at">The time of the verification.</param>
/// <param name="cryptography">The provider that verifies signatures.</param>
/// <param name="stapledResponse">
/// The OCSP response that the peer stapled for its own certificate, empty if it sent none, or null if none was requested.
/// </param>
internal sealed class RevocationChecker(
    RevocationMode mode, RevocationData data, DateTimeOffset at, CryptographyProvider cryptography, ReadOnlyMemory<byte>? stapledResponse)
{
    private const int MaxSignatureChecks = 100;

    private readonly ParsedOcspResponse? _stapled = stapledResponse is { IsEmpty: false } encoded ? OcspResponseParser.Parse(encoded.ToArray()) : null;
    private int _checks = MaxSignatureChecks;

    /// <summary>Gets the time until which the status of the path that was checked last is known.</summary>
    public DateTime ValidUntil { get; private set; } = DateTime.MaxValue;

    /// <summary>Checks a path. Returns null if no certificate is rejected, or the failure.</summary>
    /// <param name="path">The path, from the peer's certificate to the anchor.</param>
    public PathFailure? Check(ReadOnlySpan<ParsedCertificate> path)
    {
        ValidUntil = DateTime.MaxValue;
        for (var index = path.Length - 2; index >= 0; index--)
        {
            var failure = Check(path[index], path[index + 1], isPeer: index == 0);
            if (_checks < 0)
                return new(PathFault.TooManyChecks, path[0]);
            if (failure is not null)
                return failure;
        }

        return null;
    }

    private PathFailure? Check(ParsedCertificate certificate, ParsedCertificate issuer, bool isPeer)
    {
        var status = RevocationStatus.Combine(FindInCrls(certificate, issuer), FindInResponses(certificate, issuer));
        var stapled = isPeer && _stapled is not null ? GetStatus(_stapled, certificate, issuer) : default(RevocationStatus?);
        if (stapled is { } answer)
            status = RevocationStatus.Combine(status, answer);
        if (status.State == RevocationState.Revoked)
            return new(PathFault.Revoked, certificate, RevocationText.DescribeRevoked(status, issuer));

        // RFC 6066 section 8: a client "MUST check the OCSP response and abort the handshake if the response is not satisfactory".
        if (stapled is { State: RevocationState.Unknown } unsatisfactory)
            return new(PathFault.BadStatusResponse, certificate, RevocationText.DescribeStapled(unsatisfactory, at));
        var requiresStapling = isPeer && certificate.Extensions.RequiresStapling;
        if (requiresStapling && stapledResponse is { IsEmpty: true })
            return new(PathFault.BadStatusResponse, certificate, RevocationText.DescribeMissingStaple());
        if (status.State == RevocationState.Unknown)
        {
            LimitValidity(status.Gap == RevocationGap.NotYetValid ? status.Time - RevocationStatus.ClockTolerance : DateTime.MaxValue);
            return mode == RevocationMode.Required || requiresStapling
                ? new(PathFault.RevocationUnknown, certificate, RevocationText.DescribeUnknown(status, issuer, at, data.Problem))
                : null;
        }

        LimitValidity(status.Time);
        return null;
    }

    private void LimitValidity(DateTime end) => ValidUntil = end < ValidUntil ? end : ValidUntil;

    // RFC 5280 section 6.3.3: the CRLs that can be used must cover all reasons together.
    private RevocationStatus FindInCrls(ParsedCertificate certificate, ParsedCertificate issuer)
    {
        var (covered, end) = (0, DateTime.MaxValue);
        var gap = RevocationStatus.Unknown(RevocationGap.NoData);
        foreach (var crl in data.Crls)
        {
            if (crl.Check(certificate, issuer, cryptography, ref _checks, out var reasons) is var problem and not RevocationGap.None)
            {
                gap = RevocationStatus.Combine(gap, RevocationStatus.Unknown(problem));
                continue;
            }

            // An entry counts even if the CRL has expired, because a revocation is final.
            if (crl.TryFind(certificate.SerialNumber.Span, out var entry))
                return entry;
            var status = RevocationStatus.NotRevoked(crl.ThisUpdate, crl.NextUpdate, at, isOcsp: false);
            if (status.State == RevocationState.Good)
                (covered, end) = (covered | reasons, status.Time < end ? status.Time : end);
            else
                gap = RevocationStatus.Combine(gap, status);
        }

        return covered == CrlScope.AllReasons ? new(RevocationState.Good, end)
            : covered != 0 ? RevocationStatus.Combine(gap, RevocationStatus.Unknown(RevocationGap.SomeReasons))
            : gap;
    }

    private RevocationStatus FindInResponses(ParsedCertificate certificate, ParsedCertificate issuer)
    {
        var result = RevocationStatus.Unknown(RevocationGap.None, isOcsp: true);
        foreach (var response in data.OcspResponses)
        {
            var status = GetStatus(response, certificate, issuer);
            if (status.Gap != RevocationGap.OtherCertificate)
                result = RevocationStatus.Combine(result, status);
        }

        return result;
    }

    private RevocationStatus GetStatus(ParsedOcspResponse response, ParsedCertificate certificate, ParsedCertificate issuer) =>
        OcspVerifier.GetStatus(response, certificate, issuer, at, cryptography, responder => IsRevoked(responder, issuer), ref _checks);

    private bool IsRevoked(ParsedCertificate responder, ParsedCertificate issuer)
    {
        foreach (var crl in data.Crls)
        {
            if (crl.Check(responder, issuer, cryptography, ref _checks, out _) == RevocationGap.None && crl.TryFind(responder.SerialNumber.Span, out _))
                return true;
        }

        return false;
    }
}
