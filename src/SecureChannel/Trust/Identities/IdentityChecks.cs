using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// The checks of an identity when it is loaded. A problem because of which no peer accepts the identity is an error; a problem that depends on the peer or the
/// time is a warning.
/// </summary>
internal static class IdentityChecks
{
    private const int MinRsaBits = 2048;
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const string AuthorityInformation = "1.3.6.1.5.5.7.1.1";
    private const string AlternativeNames = "2.5.29.17";

    // RSA with MD5 and SHA-1, ECDSA with SHA-1.
    private static readonly HashSet<string> WeakSignatures = ["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"];

    /// <summary>Checks that a certificate can identify an endpoint for some purpose. Returns null if it can.</summary>
    public static CertificateError? CheckLeaf(X509Certificate2 certificate)
    {
        // RFC 5280 section 4.2: each extension occurs once, so that all checks read the same extension.
        if (certificate.Extensions.GroupBy(extension => extension.Oid?.Value).FirstOrDefault(group => group.Count() > 1) is { Key: var repeated })
            return Warn(CertificateErrorKind.RepeatedExtension, certificate, $"contains the extension {repeated} more than once. Issue it again");
        if (CheckKey(certificate) is { } error)
            return error;
        var tls = CheckPurpose(certificate, CertificatePurpose.TlsServer);
        var keyTransport = CheckPurpose(certificate, CertificatePurpose.KeyTransportServer);
        if (tls is null || keyTransport is null || IsForClients(certificate))
            return null;
        return PurposesOf(certificate).Contains(CertificatePurposes.KeyTransportServerOid) ? keyTransport : tls;
    }

    /// <summary>Checks that a certificate allows a purpose. Returns null if it does.</summary>
    public static CertificateError? CheckPurpose(X509Certificate2 certificate, CertificatePurpose purpose)
    {
        if (CheckKey(certificate) is { } error)
            return error;
        return CertificateChecks.CheckEndEntity(certificate, purpose) is { } refusal
            ? refusal.Certificate ?? new(
                refusal.Alert == AlertDescription.BadCertificate ? CertificateErrorKind.WeakSignature : CertificateErrorKind.WrongUsage, refusal.Message)
            {
                Certificate = certificate.RawDataMemory,
            }
            : null;
    }

    /// <summary>Checks that a certificate is valid at a time. Returns null if it is.</summary>
    public static CertificateError? CheckValidity(X509Certificate2 certificate, DateTimeOffset time)
    {
        var (notBefore, notAfter) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (time.UtcDateTime > notAfter)
            return Warn(CertificateErrorKind.Expired, certificate, $"expired at {notAfter:u}. Renew it");
        return time.UtcDateTime < notBefore
            ? Warn(CertificateErrorKind.NotYetValid, certificate, $"is not valid before {notBefore:u}. Check the clock of this machine")
            : null;
    }

    /// <summary>Finds the problems that may prevent peers from accepting an identity.</summary>
    /// <param name="leaf">The endpoint's own certificate.</param>
    /// <param name="chain">The other certificates.</param>
    /// <param name="now">The current time.</param>
    public static IEnumerable<CertificateError> FindWarnings(X509Certificate2 leaf, IdentityChain chain, DateTimeOffset now)
    {
        foreach (var certificate in chain.Intermediates.Prepend(leaf))
        {
            if (CheckValidity(certificate, now) is { } error)
                yield return error;
        }

        foreach (var intermediate in chain.Intermediates)
        {
            if (CheckIntermediate(intermediate) is { } error)
                yield return error;
        }

        foreach (var unused in chain.Unused)
        {
            yield return Warn(CertificateErrorKind.UnknownAuthority, unused,
                $"is not an issuer in the certification path of {PeerText.Quote(leaf.Subject)} and is not sent. "
                + "Remove it, or add the missing intermediate certificate");
        }

        if (!chain.IsComplete && chain.Intermediates.Count == 0 && HasExtension(leaf, AuthorityInformation))
        {
            yield return Warn(CertificateErrorKind.UnknownAuthority, leaf,
                $"is issued by {PeerText.Quote(leaf.Issuer)}, whose certificate was not given. "
                + "Add the intermediate certificate, unless the issuer is a root that the peers trust");
        }

        if (!HasExtension(leaf, AlternativeNames) && !IsForClients(leaf))
        {
            yield return Warn(CertificateErrorKind.NameMismatch, leaf,
                "has no subject alternative names, and clients ignore the common name. Issue a certificate with the server's names");
        }
    }

    /// <summary>
    /// Returns a value that indicates whether an exception means that a certificate has a malformed field, or an algorithm that the platform lacks. The platform
    /// parses a field when it is first read.
    /// </summary>
    public static bool IsMalformedField(Exception exception) =>
        exception is (CryptographicException and not CertificateException) or AsnContentException or ArgumentException or FormatException or OverflowException
            or NotSupportedException;

    private static CertificateError? CheckIntermediate(X509Certificate2 certificate)
    {
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) == false)
        {
            return Warn(CertificateErrorKind.WrongUsage, certificate,
                "cannot issue certificates: its key usage lacks keyCertSign. Issue the authority's certificate again with keyCertSign");
        }

        return WeakSignatures.Contains(certificate.SignatureAlgorithm.Value ?? "")
            ? Warn(CertificateErrorKind.WeakSignature, certificate, "is signed with SHA-1 or MD5, which peers do not accept. Issue it again with SHA-256")
            : CheckKey(certificate);
    }

    /// <summary>Checks that the key of a certificate is strong enough and of a supported type. Returns null if it is.</summary>
    private static CertificateError? CheckKey(X509Certificate2 certificate)
    {
        try
        {
            if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var key))
                return Warn(CertificateErrorKind.Malformed, certificate, "has a public key that cannot be read. Issue it again");
            var bits = key.ReadRsaBits();
            if (bits is > 0 and < MinRsaBits)
            {
                return Warn(CertificateErrorKind.WeakKey, certificate,
                    $"has an RSA key of {bits} bits, but at least {MinRsaBits} are required. Issue a certificate for a longer key");
            }

            return bits > 0 || key.Algorithm == EncodedKey.Ed25519 || !key.EcdsaSchemes().IsEmpty
                ? null
                : Warn(CertificateErrorKind.UnsupportedKey, certificate,
                    "has a key type that is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519");
        }
        catch (CryptographicException)
        {
            return Warn(CertificateErrorKind.Malformed, certificate, "has a public key that cannot be read. Issue it again");
        }
    }

    private static bool IsForClients(X509Certificate2 certificate) =>
        PurposesOf(certificate).Contains(ClientPurpose)
        && !IdentityChain.IsAuthority(certificate)
        && certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) != false;

    private static List<string?> PurposesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value).ToList() ?? [];

    private static bool HasExtension(X509Certificate2 certificate, string oid) => certificate.Extensions.Any(extension => extension.Oid?.Value == oid);

    private static CertificateError Warn(CertificateErrorKind kind, X509Certificate2 certificate, string reason) =>
        new(kind, $"{CertificateText.Of(certificate)} {reason}.") { Certificate = certificate.RawDataMemory };
}
