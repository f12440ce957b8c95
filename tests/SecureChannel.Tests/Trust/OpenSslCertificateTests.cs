using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>The certificates of tests/Vectors/Certificates, which OpenSSL made.</summary>
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
    public void Good_ones_are_accepted(string leaf, CertificatePurpose purpose, string name) => Assert.Null(Judge(leaf, purpose, name));

    [Theory]
    [InlineData("wrapping-pss-sha1", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate, "is signed with an algorithm that is not accepted")]
    [InlineData("wrapping-sha1", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate, "is signed with an algorithm that is not accepted")]
    [InlineData("wrapping-md5", CertificatePurpose.KeyTransportServer, AlertDescription.BadCertificate, "is signed with an algorithm that is not accepted")]
    [InlineData("tls-k256", CertificatePurpose.TlsServer, AlertDescription.UnsupportedCertificate, "has a key that is neither RSA, nor on the curves")]
    [InlineData("wrapping", CertificatePurpose.TlsServer, AlertDescription.UnsupportedCertificate, "its extended key usage lacks")]
    [InlineData("tls", CertificatePurpose.KeyTransportServer, AlertDescription.UnsupportedCertificate, "its extended key usage lacks")]
    public void Bad_ones_are_refused(string leaf, CertificatePurpose purpose, AlertDescription alert, string reason)
    {
        var error = Judge(leaf, purpose, "bank.example");

        Assert.Equal((SessionErrorKind.UntrustedPeer, alert), (error?.Kind, error?.Alert));
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    private static SessionError? Judge(string leaf, CertificatePurpose purpose, string name) =>
        ChainHarness.Judge(name, purpose, TrustPolicy.FromAuthorities(Load("root")),
        [Load(leaf).RawDataMemory, Load("intermediate").RawDataMemory], At);

    private static X509Certificate2 Load(string name) =>
        X509CertificateLoader.LoadCertificateFromFile(Repository.PathOf("tests", "Vectors", "Certificates", name + ".pem"));
}
