using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class TrustPolicyTests
{
    [Fact]
    public void A_policy_without_authorities_and_pins_cannot_be_created()
    {
        Assert.Throws<ArgumentException>(() => TrustPolicy.FromAuthorities());
        Assert.Throws<ArgumentException>(() => TrustPolicy.FromPins());
        Assert.Equal(CertificateErrorKind.Malformed, Assert.Throws<CertificateException>(() => TrustPolicy.FromPem("no certificate")).Error.Kind);
    }

    [Fact]
    public void A_certificate_that_cannot_be_a_trust_anchor_is_rejected()
    {
        AssertRejected(new TestCertificate { Key = TestCertificates.Rsa1024 }.SelfSigned(), "has an RSA key of 1024 bits");
        AssertRejected((TestCertificate.Authority("CN=Lists only") with { Usage = X509KeyUsageFlags.CrlSign }).SelfSigned(), "its key usage lacks keyCertSign");
        AssertRejected(TestCertificate.Authority("CN=Weak", TestCertificates.Rsa1024).SelfSigned(), "has an RSA key of 1024 bits");
        TrustPolicy.FromAuthorities((TestCertificate.Authority("CN=Plain") with { Usage = null }).SelfSigned());
    }

    [Fact]
    public void A_trusted_intermediate_certificate_needs_no_root()
    {
        var lower = TestCertificate.Authority("CN=Lower");
        var certificate = lower.BelowRoot();
        var trust = TrustPolicy.FromAuthorities(certificate);

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, new TestCertificate().SignedBy(certificate, lower.Key));
        Reject(AlertDescription.UnknownCa, "is issued by 'CN=Root', which is not the trusted authority", "bank.example",
            CertificatePurpose.KeyTransportServer, trust, new TestCertificate().BelowRoot());
        var error = Assert.Throws<ArgumentException>(() => trust.WithOptions(new TrustOptions { RequireRootAnchors = true }));
        Assert.StartsWith("The certificate 'CN=Lower' is issued by 'CN=Root', so it is not a root.", error.Message, StringComparison.Ordinal);
        Trusted.WithOptions(new TrustOptions { RequireRootAnchors = true });
    }

    [Fact]
    public void A_trusted_end_entity_certificate_matches_only_itself()
    {
        var server = new TestCertificate { Subject = "CN=Server" };
        var certificate = server.SelfSigned();
        var trust = TrustPolicy.FromAuthorities(certificate);

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, certificate);
        Reject(AlertDescription.BadCertificate, "cannot issue certificates: its basic constraints do not mark it as an authority", "bank.example",
            CertificatePurpose.KeyTransportServer, trust, new TestCertificate().SignedBy(certificate, server.Key), certificate);
        Reject(AlertDescription.UnknownCa, "is issued by 'CN=Server', which is not the trusted authority", "bank.example",
            CertificatePurpose.KeyTransportServer, trust, new TestCertificate().SignedBy(certificate, server.Key));
        Reject(AlertDescription.UnknownCa, "is self-issued", "bank.example", CertificatePurpose.KeyTransportServer, trust, server.SelfSigned());
        var old = (server with { NotAfter = TestCertificates.Now.AddDays(-1) }).SelfSigned();
        Reject(AlertDescription.CertificateExpired, "expired", "bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromAuthorities(old), old);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_maximum_chain_length_out_of_range_is_refused(int length)
    {
        var error = Assert.Throws<ArgumentException>(() => Trusted.WithOptions(new TrustOptions { MaxChainLength = length }));
        Assert.StartsWith($"'MaxChainLength' must be from 1 to 100, but it is {length}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_from_a_file_trusts_the_authorities_in_the_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Root.ExportCertificatePem());
            Accept("bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromPemFile(path), new TestCertificate().BelowRoot());
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => TrustPolicy.FromPemFile(path));
    }

    [Fact]
    public void A_policy_from_a_file_names_the_file_that_cannot_be_used()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var error = Assert.Throws<IOException>(() => TrustPolicy.FromPemFile(folder.FullName));
            Assert.Equal($"'{folder.FullName}' is a folder. Pass the path of a file.", error.Message);

            var path = Path.Combine(folder.FullName, "authorities");
            File.WriteAllBytes(path, Root.RawData);
            var binary = Assert.Throws<CertificateException>(() => TrustPolicy.FromPemFile(path));
            Assert.StartsWith($"'{path}': The file is binary", binary.Message, StringComparison.Ordinal);

            File.WriteAllText(path, Root.ExportCertificatePem(), System.Text.Encoding.Unicode);
            Accept("bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromPemFile(path), new TestCertificate().BelowRoot());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    public void A_pin_that_is_not_the_base64_form_of_32_bytes_is_rejected(string pin) => Assert.Throws<ArgumentException>(() => TrustPolicy.FromPins(pin));

    [Fact]
    public void A_pinned_key_needs_no_authority_but_passes_all_other_checks()
    {
        var server = new TestCertificate().SelfSigned();
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(server));

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, server);
        Reject(AlertDescription.CertificateUnknown, "is not valid for 'other.example'", "other.example", CertificatePurpose.KeyTransportServer, trust, server);
        Reject(AlertDescription.CertificateExpired, "expired", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate { NotAfter = TestCertificates.Now.AddDays(-1) }.SelfSigned());
        Reject(AlertDescription.UnsupportedCertificate, "lacks keyEncipherment", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate { Usage = null }.SelfSigned());
    }

    [Fact]
    public void A_key_that_is_not_pinned_is_rejected_and_the_error_has_its_pin()
    {
        var server = new TestCertificate().BelowRoot();
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(Root));

        Reject(AlertDescription.CertificateUnknown,
            $"has a key that is not pinned. If the key was replaced on purpose, add its pin {TrustPolicy.ComputePin(server)}.", "bank.example",
            CertificatePurpose.KeyTransportServer, trust, server, Root);
    }

    [Fact]
    public void A_policy_with_authorities_and_pins_requires_both()
    {
        var server = new TestCertificate().BelowRoot();

        Accept("bank.example", CertificatePurpose.KeyTransportServer, Trusted.WithPins(TrustPolicy.ComputePin(server)), server);
        Accept("bank.example", CertificatePurpose.KeyTransportServer, Trusted.WithPins(TrustPolicy.ComputePin(Root)), server);
        Reject(AlertDescription.CertificateUnknown, "has a key that is not pinned", "bank.example", CertificatePurpose.KeyTransportServer,
            Trusted.WithPins(TrustPolicy.ComputePin(TestCertificate.Tls().SelfSigned())), server);
        Reject(AlertDescription.UnknownCa, "is self-issued", "bank.example", CertificatePurpose.KeyTransportServer,
            Trusted.WithPins(TrustPolicy.ComputePin(server)),
            new TestCertificate().SelfSigned());
    }

    private static void AssertRejected(X509Certificate2 authority, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => TrustPolicy.FromAuthorities(authority)).Message, StringComparison.Ordinal);
}
