using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>What X509Chain accepts and this library does not. Each check gives null, or why a certificate is refused.</summary>
internal static class CertificateChecks
{
    private const int MinRsaBits = 2048;

    private static readonly HashSet<string> Signatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-256, SHA-384, SHA-512
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with the same
        EncodedKey.Ed25519,
    ];

    private static readonly HashSet<string> Hashes = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <summary>The certificate of an authority: allowed to issue, and strong enough.</summary>
    public static SessionError? Authority(X509Certificate2 certificate, bool isRoot)
    {
        if (BasicConstraintsOf(certificate) is not { CertificateAuthority: true })
            return Refuse(AlertDescription.BadCertificate, certificate, "is used as an authority's, but its basic constraints do not say that it is one");

        // Roots of private authorities often have no key usage; being configured by hand vouches for them.
        if (KeyUsagesOf(certificate) is var usages && usages is null ? !isRoot : !usages.Value.HasFlag(X509KeyUsageFlags.KeyCertSign))
            return Refuse(AlertDescription.BadCertificate, certificate, "is used as an authority's, but its key usage lacks keyCertSign");

        return Strength(certificate, isRoot);
    }

    /// <summary>A peer's own certificate: no authority, strong enough, and for the purpose.</summary>
    public static SessionError? Leaf(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        if (BasicConstraintsOf(certificate) is { CertificateAuthority: true })
            return Refuse(AlertDescription.UnsupportedCertificate, certificate, "is an authority's: an authority's key must not serve sessions");

        // What a key signs itself proves nothing, so how it signed does not matter.
        return Strength(certificate, isRoot: IsSelfIssued(certificate)) ?? Purpose(certificate, purpose);
    }

    /// <summary>Its extensions occur once each (RFC 5280 section 4.2), so that no check can look at another than the next one.</summary>
    public static SessionError? Extensions(X509Certificate2 certificate)
    {
        var repeated = certificate.Extensions.GroupBy(extension => extension.Oid?.Value).FirstOrDefault(group => group.Count() > 1);
        return repeated is null ? null : Refuse(AlertDescription.BadCertificate, certificate, $"has the extension {repeated.Key} more than once");
    }

    /// <summary>It is valid at the time.</summary>
    public static SessionError? Validity(X509Certificate2 certificate, DateTimeOffset at)
    {
        if (at.UtcDateTime > certificate.NotAfter.ToUniversalTime())
            return Refuse(AlertDescription.CertificateExpired, certificate,
                $"expired at {certificate.NotAfter.ToUniversalTime():u}, and it is now {at:u}; it must be renewed");

        return at.UtcDateTime < certificate.NotBefore.ToUniversalTime()
            ? Refuse(AlertDescription.CertificateExpired, certificate,
                $"is not valid before {certificate.NotBefore.ToUniversalTime():u}, and it is now {at:u}; is this machine's clock right?")
            : null;
    }

    public static SessionError Refuse(AlertDescription alert, X509Certificate2 certificate, string why) =>
        new(SessionErrorKind.UntrustedPeer, alert, $"{CertificateText.Of(certificate)} {why}");

    /// <summary>Whether an exception is what the platform says of a corrupt field: it reads extensions and keys only when they are asked for.</summary>
    public static bool IsCorruption(Exception exception) =>
        exception is CryptographicException or AsnContentException or ArgumentException or FormatException or OverflowException;

    public static SessionError Corrupt(Exception exception) =>
        new(SessionErrorKind.MalformedMessage, AlertDescription.BadCertificate, $"a certificate that the peer sent has a corrupt field: {exception.Message}");

    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static SessionError? Strength(X509Certificate2 certificate, bool isRoot)
    {
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var key))
            return Refuse(AlertDescription.BadCertificate, certificate, "has a key that cannot be read");

        var bits = key.ReadRsaBits();
        if (bits is > 0 and < MinRsaBits)
            return Refuse(AlertDescription.BadCertificate, certificate, $"has an RSA key of {bits} bits; at least {MinRsaBits} are demanded");

        if (bits == 0 && key.Algorithm != EncodedKey.Ed25519 && key.EcdsaSchemes().IsEmpty)
            return Refuse(AlertDescription.UnsupportedCertificate, certificate, "has a key that is neither RSA, nor on the curves P-256, P-384 or P-521, nor Ed25519");

        return isRoot || IsAcceptedSignature(certificate)
            ? null
            : Refuse(AlertDescription.BadCertificate, certificate, "is signed with an algorithm that is not accepted (RSA or ECDSA with SHA-256, SHA-384 or SHA-512, and Ed25519, are)");
    }

    private static SessionError? Purpose(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        var extension = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        var purposes = extension?.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value).ToList() ?? [];

        if (!purposes.Contains(purpose.GetOid()))
        {
            return Refuse(AlertDescription.UnsupportedCertificate, certificate,
                $"is not for this purpose: its extended key usage lacks {purpose.GetOid()} ({purpose}); issue one for this purpose");
        }

        if (purpose == CertificatePurpose.TlsServer)
        {
            // RFC 9846 section 4.5.1.2: "the digitalSignature bit MUST be set if the Key Usage extension is present".
            return KeyUsagesOf(certificate) is not { } allowed || allowed.HasFlag(X509KeyUsageFlags.DigitalSignature)
                ? null
                : Refuse(AlertDescription.UnsupportedCertificate, certificate, "is not for signatures: its key usage lacks digitalSignature");
        }

        var usages = KeyUsagesOf(certificate) ?? X509KeyUsageFlags.None;
        if (purposes.Contains(CertificatePurposes.TlsServerOid) || purposes.Contains(CertificatePurposes.AnyExtendedKeyUsageOid))
        {
            return Refuse(AlertDescription.UnsupportedCertificate, certificate,
                "may serve TLS too (serverAuth or anyExtendedKeyUsage); a key that receives wrapped keys must serve nothing else");
        }

        if (!usages.HasFlag(X509KeyUsageFlags.KeyEncipherment))
            return Refuse(AlertDescription.UnsupportedCertificate, certificate, "is not for wrapped keys: its key usage lacks keyEncipherment");

        if (usages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            return Refuse(AlertDescription.UnsupportedCertificate, certificate, "may sign too (digitalSignature); a key that receives wrapped keys must not");

        return certificate.PublicKey.Oid.Value == EncodedKey.RsaEncryption
            ? null
            : Refuse(AlertDescription.UnsupportedCertificate, certificate, "has no RSA key for any use, which wrapping a key needs");
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
