using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// An in-memory authority that issues certificates for development and tests. Its key is not protected, and it cannot revoke certificates. Certificates
/// are valid from one day before they are issued until 90 days after. Not thread-safe.
/// </summary>
public sealed class DevelopmentAuthority : IDisposable
{
    private readonly ECDsa _key;
    private readonly TimeProvider _timeProvider;
    private readonly DevelopmentAuthority? _issuer;

    private DevelopmentAuthority(string name, TimeProvider timeProvider, DevelopmentAuthority? issuer)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _timeProvider = timeProvider;
        _issuer = issuer;

        var subject = NameOf(name);
        var request = new CertificateRequest(subject, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256,
            critical: false));
        Certificate = issuer is null ? Sign(request, subject) : issuer.Issue(request);
    }

    /// <summary>Gets the authority's certificate without its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Creates a root authority with a new key and a self-signed certificate.</summary>
    /// <param name="name">The common name of the authority, such as "Development CA".</param>
    /// <param name="timeProvider">The clock that determines the validity of certificates, or null for the system clock.</param>
    /// <returns>The authority.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static DevelopmentAuthority Create(string name, TimeProvider? timeProvider = null) => new(name, timeProvider ?? TimeProvider.System, null);

    /// <summary>
    /// Creates an intermediate authority, whose certificate this authority issues. A server whose certificate the intermediate authority issues also sends the
    /// intermediate certificate.
    /// </summary>
    /// <param name="name">The common name of the intermediate authority.</param>
    /// <returns>The intermediate authority.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public DevelopmentAuthority IssueAuthority(string name) => new(name, _timeProvider, this);

    /// <summary>Issues a server certificate with a new key: RSA with 2048 bits for key transport, or ECDSA on P-256 for TLS.</summary>
    /// <param name="name">The server's DNS name, such as "localhost" or "*.example.org", or its IP address.</param>
    /// <param name="purpose">The purpose of the certificate.</param>
    /// <returns>The identity for a server.</returns>
    /// <exception cref="ArgumentException">The name is empty or is not a DNS name or IP address.</exception>
    public CertificateIdentity IssueServer(string name, CertificatePurpose purpose = CertificatePurpose.TlsServer)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var intermediates = IntermediateCertificates();
        if (purpose == CertificatePurpose.KeyTransportServer)
        {
            using var rsa = RSA.Create(2048);
            using var forWrapping = Issue(ServerRequest(new(NameOf(name), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), name, purpose,
                X509KeyUsageFlags.KeyEncipherment));
            using var withRsa = forWrapping.CopyWithPrivateKey(rsa);
            return new(withRsa, intermediates);
        }

        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forSigning = Issue(ServerRequest(new(NameOf(name), ecdsa, HashAlgorithmName.SHA256), name, purpose, X509KeyUsageFlags.DigitalSignature));
        using var withEcdsa = forSigning.CopyWithPrivateKey(ecdsa);
        return new(withEcdsa, intermediates);
    }

    /// <summary>Issues a client certificate with a new ECDSA key on P-256, for <see cref="CertificatePurpose.TlsClient"/>.</summary>
    /// <param name="name">The client's name, which is the common name of the certificate and, if it is a DNS name, a subject alternative name.</param>
    /// <returns>The identity for a client.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public CertificateIdentity IssueClient(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf(name), key, HashAlgorithmName.SHA256);
        AddEndEntity(request, CertificatePurpose.TlsClient, X509KeyUsageFlags.DigitalSignature);
        if (ReferenceName.Parse(name)?.HostName is { } host)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = Issue(request);
        using var withKey = certificate.CopyWithPrivateKey(key);
        return new(withKey, IntermediateCertificates());
    }

    /// <summary>Exports the authority's certificate as PEM text, for clients that trust the authority.</summary>
    /// <returns>The PEM text. It contains no secret.</returns>
    public string ExportCertificatePem() => Certificate.ExportCertificatePem();

    /// <summary>Releases the key. Issued certificates stay valid.</summary>
    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private static CertificateRequest ServerRequest(CertificateRequest request, string name, CertificatePurpose purpose, X509KeyUsageFlags usage)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);

        AddEndEntity(request, purpose, usage);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static void AddEndEntity(CertificateRequest request, CertificatePurpose purpose, X509KeyUsageFlags usage)
    {
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose.GetOid(), null)], critical: true));
    }

    private static X500DistinguishedName NameOf(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    private IEnumerable<X509Certificate2> IntermediateCertificates() => Path().SkipLast(1).Select(authority => authority.Certificate);

    private IEnumerable<DevelopmentAuthority> Path()
    {
        for (var authority = this; authority is not null; authority = authority._issuer)
            yield return authority;
    }

    private X509Certificate2 Issue(CertificateRequest request)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true,
            includeIssuerAndSerial: false));
        return Sign(request, Certificate.SubjectName);
    }

    private X509Certificate2 Sign(CertificateRequest request, X500DistinguishedName issuer)
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        var now = _timeProvider.GetUtcNow();
        return request.Create(issuer, X509SignatureGenerator.CreateForECDsa(_key), now.AddDays(-1), now.AddDays(90), serial);
    }
}
