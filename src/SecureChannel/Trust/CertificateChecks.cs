using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>The checks of certificates that the local endpoint configures. Each check returns null if the certificate passes, or the error.</summary>
internal static class CertificateChecks
{
    /// <summary>Checks that a peer's own certificate is an end-entity certificate, is strong enough and allows the purpose.</summary>
    public static SessionError? CheckEndEntity(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        if (!CertificateParser.TryParse(certificate.RawDataMemory, out var parsed, out var error, isAnchor: true))
            return PathError.Create(error.Kind, AlertDescription.BadCertificate, $"{CertificateText.Of(certificate)} {error.Reason}.", certificate.RawDataMemory);

        // The signature of a self-signed certificate proves nothing, so its algorithm is irrelevant.
        var failure = CertificateRules.CheckUse(parsed, purpose, requireExtendedKeyUsage: false)
            ?? (parsed.IsSelfIssued ? null : CertificateRules.CheckSignatureAlgorithm(parsed));
        return failure is { } found ? PathError.Create(found, 0, purpose, default) : null;
    }

    /// <summary>Returns a value that indicates whether the subject and the issuer of a certificate are the same.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
