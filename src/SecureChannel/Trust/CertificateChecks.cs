using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>Checks of individual certificates that X509Chain does not perform. Each check returns null if the certificate passes, or the error.</summary>
internal static class CertificateChecks
{
    private const int MinRsaBits = 2048;

    private static readonly HashSet<string> Signatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-256, SHA-384, SHA-512
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with SHA-256, SHA-384, SHA-512
        EncodedKey.Ed25519,
    ];

    private static readonly HashSet<string> Hashes = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <summary>Checks that a certificate is allowed to issue others and is strong enough.</summary>
    public static SessionError? CheckAuthority(X509Certificate2 certificate, bool isRoot)
    {
        if (BasicConstraintsOf(certificate) is not { CertificateAuthority: true })
        {
            return Reject(AlertDescription.BadCertificate, certificate,
                "cannot issue certificates: its basic constraints do not mark it as an authority. Issue the peer's certificate under another authority");
        }

        // Roots of private authorities often lack a key usage, and they are trusted because they are configured.
        if (KeyUsagesOf(certificate) is var usages && usages is null ? !isRoot : !usages.Value.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            return Reject(AlertDescription.BadCertificate, certificate,
                "cannot issue certificates: its key usage lacks keyCertSign. Reissue the authority's certificate with keyCertSign");
        }

        return CheckStrength(certificate, isRoot);
    }

    /// <summary>Checks that a peer's own certificate is an end-entity certificate, is strong enough and allows the purpose.</summary>
    public static SessionError? CheckEndEntity(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        if (BasicConstraintsOf(certificate) is { CertificateAuthority: true })
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                "belongs to an authority, which must not identify a peer. Issue an end-entity certificate for the peer");
        }

        // The signature of a self-issued certificate proves nothing, so its algorithm is irrelevant.
        return CheckStrength(certificate, isRoot: IsSelfIssued(certificate)) ?? CheckPurpose(certificate, purpose);
    }

    /// <summary>Checks that each extension occurs once (RFC 5280 section 4.2), so that all checks read the same extension.</summary>
    public static SessionError? CheckExtensions(X509Certificate2 certificate)
    {
        var repeated = certificate.Extensions.GroupBy(extension => extension.Oid?.Value).FirstOrDefault(group => group.Count() > 1);
        return repeated is null
            ? null
            : Reject(AlertDescription.BadCertificate, certificate, $"contains the extension {repeated.Key} more than once. Reissue it");
    }

    /// <summary>Checks that the certificate is valid at a given time.</summary>
    public static SessionError? CheckValidity(X509Certificate2 certificate, DateTimeOffset at)
    {
        if (at.UtcDateTime > certificate.NotAfter.ToUniversalTime())
        {
            return Reject(AlertDescription.CertificateExpired, certificate,
                $"expired at {certificate.NotAfter.ToUniversalTime():u}, and the current time is {at:u}. Renew it");
        }

        return at.UtcDateTime < certificate.NotBefore.ToUniversalTime()
            ? Reject(AlertDescription.CertificateExpired, certificate,
                $"is not valid before {certificate.NotBefore.ToUniversalTime():u}, and the current time is {at:u}. Check the clock of this machine")
            : null;
    }

    /// <summary>Creates the error of a certificate that is not accepted.</summary>
    /// <param name="alert">The alert for the peer.</param>
    /// <param name="certificate">The certificate, which is the subject of the message.</param>
    /// <param name="reason">The rest of the message: the reason and the remedy, without the final period.</param>
    public static SessionError Reject(AlertDescription alert, X509Certificate2 certificate, string reason) =>
        new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, alert, $"{CertificateText.Of(certificate)} {reason}.");

    /// <summary>
    /// Returns a value that indicates whether an exception means that a certificate has a malformed field. The platform parses a field when it is first read.
    /// </summary>
    public static bool IsMalformedField(Exception exception) =>
        exception is CryptographicException or AsnContentException or ArgumentException or FormatException or OverflowException;

    /// <summary>Creates the error of a certificate with a malformed field.</summary>
    public static SessionError Malformed(Exception exception) =>
        new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.BadCertificate,
            $"A certificate from the peer has a malformed field and must be reissued: {PeerText.Printable(exception.Message)}");

    /// <summary>Returns a value that indicates whether the subject and the issuer of a certificate are the same.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static SessionError? CheckStrength(X509Certificate2 certificate, bool isRoot)
    {
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var key))
            return Reject(AlertDescription.BadCertificate, certificate, "has a public key that cannot be read. Reissue it");

        var bits = key.ReadRsaBits();
        if (bits is > 0 and < MinRsaBits)
        {
            return Reject(AlertDescription.BadCertificate, certificate,
                $"has an RSA key of {bits} bits, but at least {MinRsaBits} are required. Reissue it with a longer key");
        }

        if (bits == 0 && key.Algorithm != EncodedKey.Ed25519 && key.EcdsaSchemes().IsEmpty)
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                "has a key type that is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519");
        }

        return isRoot || IsAcceptedSignature(certificate)
            ? null
            : Reject(AlertDescription.BadCertificate, certificate,
                "is signed with an algorithm that is not accepted. Use RSA or ECDSA with SHA-256, SHA-384 or SHA-512, or Ed25519");
    }

    private static SessionError? CheckPurpose(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        var extension = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        var purposes = extension?.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value).ToList() ?? [];

        if (!purposes.Contains(purpose.GetOid()))
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                $"does not allow the purpose {purpose}: its extended key usage lacks {purpose.GetOid()}. Issue a certificate for this purpose");
        }

        if (purpose == CertificatePurpose.TlsServer)
        {
            // RFC 9846 section 4.5.1.2: "the digitalSignature bit MUST be set if the Key Usage extension is present".
            return KeyUsagesOf(certificate) is not { } allowed || allowed.HasFlag(X509KeyUsageFlags.DigitalSignature)
                ? null
                : Reject(AlertDescription.UnsupportedCertificate, certificate,
                    "does not allow signatures: its key usage lacks digitalSignature. Issue a certificate with digitalSignature");
        }

        var usages = KeyUsagesOf(certificate) ?? X509KeyUsageFlags.None;
        if (purposes.Contains(CertificatePurposes.TlsServerOid) || purposes.Contains(CertificatePurposes.AnyExtendedKeyUsageOid))
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                "also allows TLS: its extended key usage has serverAuth or anyExtendedKeyUsage. Issue a certificate for key transport alone");
        }

        if (!usages.HasFlag(X509KeyUsageFlags.KeyEncipherment))
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                "does not allow key transport: its key usage lacks keyEncipherment. Issue a certificate with keyEncipherment");
        }

        if (usages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return Reject(AlertDescription.UnsupportedCertificate, certificate,
                "also allows signatures: its key usage has digitalSignature. Issue a certificate for key transport alone");
        }

        return certificate.PublicKey.Oid.Value == EncodedKey.RsaEncryption
            ? null
            : Reject(AlertDescription.UnsupportedCertificate, certificate,
                "has a key that cannot decrypt session keys. Issue a certificate for an RSA key (rsaEncryption)");
    }

    private static X509BasicConstraintsExtension? BasicConstraintsOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();

    private static X509KeyUsageFlags? KeyUsagesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages;

    private static bool IsAcceptedSignature(X509Certificate2 certificate)
    {
        var oid = certificate.SignatureAlgorithm.Value ?? "";
        return oid == EncodedKey.RsaSsaPss ? Hashes.Contains(ReadPssHash(certificate)) : Signatures.Contains(oid);
    }

    private static string ReadPssHash(X509Certificate2 certificate)
    {
        var fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        fields.ReadEncodedValue();
        var algorithm = fields.ReadSequence();
        algorithm.ReadObjectIdentifier();

        return algorithm.HasData ? EncodedKey.ReadPssHash(algorithm.ReadEncodedValue().Span) : "";
    }
}
