using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The verification of an OCSP response: it is about the certificate, and its responder is the issuer of the certificate or was authorized by it (RFC 6960
/// sections 3.2 and 4.2.2.2).
/// </summary>
internal static class OcspVerifier
{
    private const int MaxCertificates = 8;

    /// <summary>Returns the status of a certificate according to a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuer">The certificate of its issuer, which is trusted.</param>
    /// <param name="at">The time of the verification.</param>
    /// <param name="cryptography">The provider that verifies signatures.</param>
    /// <param name="isRevoked">Returns a value that indicates whether a CRL of the issuer revokes the certificate of a responder.</param>
    /// <param name="checks">The number of signatures that may still be verified.</param>
    public static RevocationStatus GetStatus(ParsedOcspResponse response, ParsedCertificate certificate, ParsedCertificate issuer, DateTimeOffset at,
        CryptographyProvider cryptography, Func<ParsedCertificate, bool> isRevoked, ref int checks)
    {
        if (response.Gap != RevocationGap.None)
            return RevocationStatus.Unknown(response.Gap, isOcsp: true);

        RevocationStatus? found = null;
        foreach (var single in response.Responses)
        {
            if (single.IsFor(certificate, issuer))
                found = found is { } other ? RevocationStatus.Combine(other, single.GetStatus(at)) : single.GetStatus(at);
        }

        if (found is not { } status)
            return RevocationStatus.Unknown(RevocationGap.OtherCertificate, isOcsp: true);
        var gap = CheckResponder(response, issuer, at, cryptography, isRevoked, ref checks, out var responderEnd);
        if (gap != RevocationGap.None)
            return RevocationStatus.Unknown(gap, isOcsp: true);
        return status.State == RevocationState.Good && responderEnd < status.Time ? status with { Time = responderEnd } : status;
    }

    private static RevocationGap CheckResponder(ParsedOcspResponse response, ParsedCertificate issuer, DateTimeOffset at, CryptographyProvider cryptography,
        Func<ParsedCertificate, bool> isRevoked, ref int checks, out DateTime end)
    {
        end = DateTime.MaxValue;
        if (response.IsFrom(issuer))
        {
            var gap = Verify(response, issuer, cryptography, ref checks);
            if (gap != RevocationGap.BadSignature)
                return gap;
        }

        var worst = RevocationGap.UnauthorizedResponder;
        for (var index = 0; index < Math.Min(response.Certificates.Count, MaxCertificates); index++)
        {
            if (!CertificateParser.TryParse(response.Certificates[index], out var responder, out _) || !response.IsFrom(responder)
                || !IsAuthorized(responder, issuer, at, cryptography, ref checks) || isRevoked(responder))
            {
                continue;
            }

            end = responder.NotAfter;
            worst = Verify(response, responder, cryptography, ref checks);
            if (worst == RevocationGap.None)
                break;
        }

        return worst == RevocationGap.UnauthorizedResponder && response.IsFrom(issuer) ? RevocationGap.BadSignature : worst;
    }

    private static RevocationGap Verify(ParsedOcspResponse response, ParsedCertificate signer, CryptographyProvider cryptography, ref int checks) =>
        SignatureCache.VerifyOnce(response.Algorithm, response.ToBeSigned.Span, response.Signature.Span, signer.PublicKey, cryptography, ref checks);

    // RFC 6960 section 4.2.2.2: the certificate has id-kp-OCSPSigning and is "issued directly by the CA that is identified in the request".
    private static bool IsAuthorized(
        ParsedCertificate responder, ParsedCertificate issuer, DateTimeOffset at, CryptographyProvider cryptography, ref int checks)
    {
        var extensions = responder.Extensions;
        return issuer.IsNamedAsIssuerOf(responder)
            && extensions.ExtendedKeyUsages?.HasFlag(ExtendedKeyUsages.OcspSigning) == true
            && extensions.KeyUsages?.HasFlag(KeyUsages.DigitalSignature) != false
            && extensions.UnknownCritical.IsEmpty
            && CertificateRules.CheckValidity(responder, at) is null
            && CertificateRules.CheckKey(responder) is null
            && SignatureCache.VerifyOnce(responder.Algorithm, responder.ToBeSigned.Span, responder.Signature.Span, issuer.PublicKey, cryptography, ref checks)
                == RevocationGap.None;
    }
}
