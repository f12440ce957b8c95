using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

public sealed class CertificateIdentityTests
{
    private static readonly TestCertificate Issuer = TestCertificate.Authority("CN=Issuer");
    private static readonly X509Certificate2 IssuerCertificate = Issuer.BelowRoot();
    private static readonly X509Certificate2 Certificate = new TestCertificate().SignedBy(IssuerCertificate, Issuer.Key);
    private static readonly string CertificatesPem = Certificate.ExportCertificatePem() + "\n" + IssuerCertificate.ExportCertificatePem();
    private static readonly string KeyPem = TestCertificates.Rsa2048.ExportPkcs8PrivateKeyPem();

    [Fact]
    public void FromPem_reads_the_certificate_the_key_and_the_intermediates()
    {
        using var identity = CertificateIdentity.FromPem(CertificatesPem, KeyPem);

        Verify(identity);
    }

    [Fact]
    public void FromPemFile_reads_the_certificate_the_key_and_the_intermediates()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "server.pem"), CertificatesPem);
            File.WriteAllText(Path.Combine(folder.FullName, "server.key"), KeyPem);
            using var identity = CertificateIdentity.FromPemFile(Path.Combine(folder.FullName, "server.pem"), Path.Combine(folder.FullName, "server.key"));

            Verify(identity);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void FromPkcs12_reads_the_certificate_the_key_and_the_intermediates()
    {
        using var withKey = Certificate.CopyWithPrivateKey(TestCertificates.Rsa2048);
        var data = new X509Certificate2Collection { withKey, IssuerCertificate, ChainHarness.Root }.Export(X509ContentType.Pkcs12, "secret")!;
        using var identity = CertificateIdentity.FromPkcs12(data, "secret");

        Verify(identity);
        Assert.Equal(CertificateErrorKind.WrongPassword, Assert.Throws<CertificateException>(() => CertificateIdentity.FromPkcs12(data, "wrong")).Error.Kind);
    }

    [Fact]
    public void A_certificate_without_a_private_key_is_rejected()
    {
        var error = Assert.Throws<CertificateException>(() => new CertificateIdentity(Certificate));

        Assert.Equal(CertificateErrorKind.KeyMissing, error.Error.Kind);
        Assert.Contains("The certificate 'CN=server' has no private key. Provide the key as PEM, use a PKCS #12 file that contains both", error.Message,
            StringComparison.Ordinal);
        var data = new X509Certificate2Collection { IssuerCertificate }.Export(X509ContentType.Pkcs12, "")!;
        var keyless = Assert.Throws<CertificateException>(() => CertificateIdentity.FromPkcs12(data, ""));
        Assert.Contains("The PKCS #12 data contains no private key", keyless.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_does_not_belong_to_the_certificate_is_rejected()
    {
        using var other = RSA.Create(2048);

        var error = Assert.Throws<CertificateException>(() => CertificateIdentity.FromPem(CertificatesPem, other.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(CertificateErrorKind.KeyMismatch, error.Error.Kind);
        Assert.Throws<CertificateException>(() => CertificateIdentity.FromPem("", KeyPem));
    }

    [Fact]
    public void The_identity_outlives_the_certificate_that_it_was_created_from()
    {
        var withKey = Certificate.CopyWithPrivateKey(TestCertificates.Rsa2048);
        using var identity = new CertificateIdentity(withKey, [IssuerCertificate]);
        withKey.Dispose();

        Verify(identity);
    }

    [Fact]
    public void A_key_can_be_stored_elsewhere()
    {
        using var unwrapper = KeyUnwrapper.FromRsa(RSA.Create(TestCertificates.Rsa2048.ExportParameters(true)));
        using var identity = new CertificateIdentity(Certificate, unwrapper);

        Assert.Same(unwrapper, identity.KeyUnwrapper);
        var error = Assert.Throws<CertificateException>(() => new CertificateIdentity(TestCertificate.Tls().BelowRoot(), unwrapper));
        Assert.Equal(CertificateErrorKind.WrongUsage, error.Error.Kind);
    }

    [Fact]
    public void Supports_reports_why_the_certificate_does_not_allow_a_purpose()
    {
        using var identity = CertificateIdentity.FromPem(CertificatesPem, KeyPem);

        Assert.False(identity.Supports(CertificatePurpose.TlsServer, out var reason));
        Assert.Contains("its extended key usage lacks", reason.Message, StringComparison.Ordinal);
    }

    private static void Verify(CertificateIdentity identity)
    {
        Assert.Equal([Certificate.RawData, IssuerCertificate.RawData], identity.Chain.Select(bytes => bytes.ToArray()));
        Assert.NotNull(identity.KeyUnwrapper);
        Assert.True(identity.Certificate.HasPrivateKey);
        Assert.True(identity.Supports(CertificatePurpose.KeyTransportServer, out _));
    }
}
