using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class TrustTests
{
    [Fact]
    public void Nothing_to_trust_is_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => TrustPolicy.FromAuthorities());
        Assert.Throws<ArgumentException>(() => TrustPolicy.FromPins());
        Assert.Throws<ArgumentException>(() => TrustPolicy.FromPem("no certificate"));
    }

    [Fact]
    public void What_can_be_no_root_is_refused_at_once()
    {
        Unfit(TestCertificate.Authority("CN=Lower").BelowRoot(), "the certificate of 'CN=Lower' is issued by 'CN=Root', so it is no root");
        Unfit(new TestCertificate().SelfSigned(), "its basic constraints do not say that it is one");
        Unfit((TestCertificate.Authority("CN=Lists only") with { Usage = X509KeyUsageFlags.CrlSign }).SelfSigned(), "its key usage lacks keyCertSign");
        Unfit(TestCertificate.Authority("CN=Weak", TestCertificates.Rsa1024).SelfSigned(), "has an RSA key of 1024 bits");
        TrustPolicy.FromAuthorities((TestCertificate.Authority("CN=Plain") with { Usage = null }).SelfSigned());
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    public void A_pin_is_the_base64_form_of_32_bytes(string pin) => Assert.Throws<ArgumentException>(() => TrustPolicy.FromPins(pin));

    [Fact]
    public void A_pinned_key_needs_no_authority_but_everything_else()
    {
        var server = new TestCertificate().SelfSigned();
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(server));

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, server);
        Refuse(AlertDescription.CertificateUnknown, "is not for 'other.example'", "other.example", CertificatePurpose.KeyTransportServer, trust, server);
        Refuse(AlertDescription.CertificateExpired, "expired", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate { NotAfter = TestCertificates.Now.AddDays(-1) }.SelfSigned());
        Refuse(AlertDescription.UnsupportedCertificate, "lacks keyEncipherment", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate { Usage = null }.SelfSigned());
    }

    [Fact]
    public void A_key_that_is_not_pinned_is_refused_with_its_pin()
    {
        var server = new TestCertificate().BelowRoot();
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(Root));

        Refuse(AlertDescription.CertificateUnknown, $"has a key that is not pinned; its pin is {TrustPolicy.ComputePin(server)}", "bank.example",
            CertificatePurpose.KeyTransportServer, trust, server, Root);
    }

    [Fact]
    public void Pins_beside_authorities_demand_both()
    {
        var server = new TestCertificate().BelowRoot();

        Accept("bank.example", CertificatePurpose.KeyTransportServer, Trusted.WithPins(TrustPolicy.ComputePin(server)), server);
        Accept("bank.example", CertificatePurpose.KeyTransportServer, Trusted.WithPins(TrustPolicy.ComputePin(Root)), server);
        Refuse(AlertDescription.CertificateUnknown, "has a key that is not pinned", "bank.example", CertificatePurpose.KeyTransportServer,
            Trusted.WithPins(TrustPolicy.ComputePin(TestCertificate.Tls().SelfSigned())), server);
        Refuse(AlertDescription.UnknownCa, "is issued by itself", "bank.example", CertificatePurpose.KeyTransportServer, Trusted.WithPins(TrustPolicy.ComputePin(server)),
            new TestCertificate().SelfSigned());
    }

    private static void Unfit(X509Certificate2 authority, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => TrustPolicy.FromAuthorities(authority)).Message, StringComparison.Ordinal);
}
