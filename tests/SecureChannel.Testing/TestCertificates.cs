using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Testing;

/// <summary>The content of a test certificate. By default, it is a valid server certificate for KeyTransport.</summary>
public sealed record TestCertificate
{
    public string Subject { get; init; } = "CN=server";

    public AsymmetricAlgorithm Key { get; init; } = TestCertificates.Rsa2048;

    public DateTimeOffset NotBefore { get; init; } = TestCertificates.Now.AddDays(-30);

    public DateTimeOffset NotAfter { get; init; } = TestCertificates.Now.AddDays(30);

    public X509KeyUsageFlags? Usage { get; init; } = X509KeyUsageFlags.KeyEncipherment;

    public string[] Purposes { get; init; } = [CertificatePurposes.KeyTransportServerOid];

    public string[] Names { get; init; } = ["bank.example"];

    public bool? IsAuthority { get; init; } = false;

    public int? PathLength { get; init; }

    public X509Extension[] MoreExtensions { get; init; } = [];

    /// <summary>Creates the content of an authority's certificate.</summary>
    public static TestCertificate Authority(string subject, AsymmetricAlgorithm? key = null) => new()
    {
        Subject = subject,
        Key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256),
        Usage = X509KeyUsageFlags.KeyCertSign,
        Purposes = [],
        Names = [],
        IsAuthority = true,
    };

    /// <summary>Creates the content of a TLS server's certificate.</summary>
    public static TestCertificate Tls() => new()
    {
        Key = TestCertificates.P256,
        Usage = X509KeyUsageFlags.DigitalSignature,
        Purposes = [CertificatePurposes.TlsServerOid],
    };

    /// <summary>Creates a self-signed certificate.</summary>
    public X509Certificate2 SelfSigned() => TestCertificates.Issue(this, new X500DistinguishedName(Subject), Key);

    /// <summary>Creates a certificate that is signed by an issuer.</summary>
    /// <param name="issuer">The certificate of the issuer, whose name is used.</param>
    /// <param name="issuerKey">The key of the issuer, or another key for a forged certificate.</param>
    public X509Certificate2 SignedBy(X509Certificate2 issuer, AsymmetricAlgorithm issuerKey) => TestCertificates.Issue(this, issuer.SubjectName, issuerKey);
}

/// <summary>Creates valid and invalid certificates. All tests share the keys, because RSA keys are slow to generate.</summary>
public static class TestCertificates
{
    private static readonly Lazy<RSA> LazyRsa1024 = new(() => RSA.Create(1024));
    private static readonly Lazy<RSA> LazyRsa2048 = new(() => RSA.Create(2048));
    private static readonly Lazy<ECDsa> LazyP256 = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static long _serial = 0x4000_0000_0000_0000;

    /// <summary>Gets the time at which tests validate. Test certificates are valid 30 days before and after it.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public static RSA Rsa1024 => LazyRsa1024.Value;

    public static RSA Rsa2048 => LazyRsa2048.Value;

    public static ECDsa P256 => LazyP256.Value;

    internal static X509Certificate2 Issue(TestCertificate content, X500DistinguishedName issuer, AsymmetricAlgorithm issuerKey)
    {
        var subject = new X500DistinguishedName(content.Subject);
        var request = content.Key switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256),
            _ => throw new NotSupportedException($"{content.Key.GetType()} is not supported for test certificates."),
        };

        if (content.IsAuthority is { } isAuthority)
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, content.PathLength is not null, content.PathLength ?? 0,
                critical: true));

        if (content.Usage is { } usage)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));

        if (content.Purposes.Length > 0)
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([.. content.Purposes.Select(purpose => new Oid(purpose, null))], critical: false));

        if (content.Names.Length > 0)
            request.CertificateExtensions.Add(Alternatives(content.Names));

        foreach (var extension in content.MoreExtensions)
            request.CertificateExtensions.Add(extension);

        X509SignatureGenerator generator = issuerKey switch
        {
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
            _ => throw new NotSupportedException($"Keys of type '{issuerKey.GetType()}' cannot sign test certificates."),
        };
        return request.Create(issuer, generator, content.NotBefore, content.NotAfter,
            BitConverter.GetBytes(Interlocked.Increment(ref _serial)).AsEnumerable().Reverse().ToArray());
    }

    private static X509Extension Alternatives(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                builder.AddIpAddress(address);
            else
                builder.AddDnsName(name);
        }

        return builder.Build();
    }
}
