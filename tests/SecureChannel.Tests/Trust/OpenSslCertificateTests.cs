using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>Verifies the certificates in tests/Vectors/Certificates, which OpenSSL created.</summary>
public sealed class OpenSslCertificateTests
{
    private static readonly DateTimeOffset At = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("wrapping", CertificatePurpose.KeyTransportServer, "bank.example")]
    [InlineData("wrapping", CertificatePurpose.KeyTransportServer, "7.branch.bank.example")]
    [InlineData("wrapping", CertificatePurpose.KeyTransportServer, "192.0.2.7")]
    [InlineData("wrapping-pss", CertificatePurpose.KeyTransportServer, "bank.example")]
    [InlineData("tls", CertificatePurpose.TlsServer, "bank.example")]
    [InlineData("tls-ed25519", CertificatePurpose.TlsServer, "bank.example")]
    public void Valid_certificates_are_accepted(string leaf, CertificatePurpose purpose, string name) => Assert.Null(Verify(leaf, purpose, name));

    [Theory]
    [InlineData("wrapping-pss-sha1", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate,
        "is signed with an algorithm that is not accepted")]
    [InlineData("wrapping-pss-salt", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate,
        "is signed with an algorithm that is not accepted")]
    [InlineData("wrapping-sha1", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate, "is signed with an algorithm that is not accepted")]
    [InlineData("wrapping-md5", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate, "is signed with an algorithm that is not accepted")]
    [InlineData("tls-k256", CertificatePurpose.TlsServer, AlertDescription.UnsupportedCertificate,
        "has a key type that is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519")]
    [InlineData("wrapping", CertificatePurpose.TlsServer, AlertDescription.UnsupportedCertificate, "its extended key usage lacks")]
    [InlineData("tls", CertificatePurpose.KeyTransportServer, AlertDescription.UnsupportedCertificate, "its extended key usage lacks")]
    public void Unsuitable_certificates_are_rejected(string leaf, CertificatePurpose purpose, AlertDescription alert, string reason)
    {
        var error = Verify(leaf, purpose, "bank.example");

        Assert.Equal((SessionErrorKind.UntrustedPeer, alert), (error?.Kind, error?.Alert));
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    private static SessionError? Verify(string leaf, CertificatePurpose purpose, string name) =>
        ChainHarness.Verify(name, purpose, TrustPolicy.FromAuthorities(Load("root")),
        [Load(leaf).RawDataMemory, Load("intermediate").RawDataMemory], At);

    private static X509Certificate2 Load(string name) =>
        X509CertificateLoader.LoadCertificateFromFile(Repository.PathOf("tests", "Vectors", "Certificates", name + ".pem"));
}
