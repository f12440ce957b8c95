using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class LeafTests
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    [Fact]
    public void A_good_certificate_is_accepted_for_its_purpose_only()
    {
        AcceptWrapping(new TestCertificate().BelowRoot());
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, TestCertificate.Tls().BelowRoot());
        Refuse(AlertDescription.UnsupportedCertificate, "its extended key usage lacks 1.3.6.1.5.5.7.3.1 (TlsServer)", "bank.example", CertificatePurpose.TlsServer,
            Trusted,
            new TestCertificate().BelowRoot());
        Refuse(AlertDescription.UnsupportedCertificate, "(KeyTransportServer)", TestCertificate.Tls().BelowRoot());
    }

    [Theory]
    [InlineData(-31, "is not valid before 2026-05-16 12:00:00Z, and it is now 2026-05-15 12:00:00Z; is this machine's clock right?")]
    [InlineData(31, "expired at 2026-07-15 12:00:00Z, and it is now 2026-07-16 12:00:00Z; it must be renewed")]
    public void Outside_its_validity_it_is_refused_with_both_instants(int days, string reason)
    {
        var error = Judge("bank.example", CertificatePurpose.KeyTransportServer, Trusted, [new TestCertificate().BelowRoot().RawDataMemory],
            TestCertificates.Now.AddDays(days));

        Assert.Equal(AlertDescription.CertificateExpired, error?.Alert);
        Assert.Equal($"the certificate of 'CN=server' {reason}", error?.Message);
    }

    [Theory]
    [InlineData(-30, 0)]
    [InlineData(0, 0)]
    [InlineData(30, -1)]
    public void From_the_first_to_the_last_second_it_is_valid(int days, int seconds) =>
        Assert.Null(Judge("bank.example", CertificatePurpose.KeyTransportServer, Trusted,
        [new TestCertificate().BelowRoot().RawDataMemory], TestCertificates.Now.AddDays(days).AddSeconds(seconds)));

    [Fact]
    public void A_short_RSA_key_is_refused() =>
        Refuse(AlertDescription.BadCertificate, "has an RSA key of 1024 bits; at least 2048 are demanded",
            new TestCertificate { Key = TestCertificates.Rsa1024 }.BelowRoot());

    [Fact]
    public void A_wrapping_certificate_that_may_sign_is_refused()
    {
        Refuse(AlertDescription.UnsupportedCertificate, "may sign too (digitalSignature)",
            new TestCertificate { Usage = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature }.BelowRoot());
        Refuse(AlertDescription.UnsupportedCertificate, "its key usage lacks keyEncipherment",
            new TestCertificate { Usage = X509KeyUsageFlags.DataEncipherment }.BelowRoot());
        Refuse(AlertDescription.UnsupportedCertificate, "its key usage lacks keyEncipherment", new TestCertificate { Usage = null }.BelowRoot());
    }

    [Theory]
    [InlineData(CertificatePurposes.TlsServerOid)]
    [InlineData("2.5.29.37.0")]
    public void A_wrapping_certificate_that_may_serve_TLS_is_refused(string oid) =>
        Refuse(AlertDescription.UnsupportedCertificate, "may serve TLS too",
            new TestCertificate { Purposes = [CertificatePurposes.KeyTransportServerOid, oid] }.BelowRoot());

    [Fact]
    public void A_wrapping_certificate_without_an_RSA_key_is_refused() =>
        Refuse(AlertDescription.UnsupportedCertificate, "has no RSA key", new TestCertificate { Key = TestCertificates.P256 }.BelowRoot());

    [Fact]
    public void A_certificate_for_mail_or_for_anything_or_for_nothing_is_refused()
    {
        string[][] purposes = [[EmailProtection], ["2.5.29.37.0"], []];
        foreach (var oids in purposes)
            Refuse(AlertDescription.UnsupportedCertificate, "its extended key usage lacks", new TestCertificate { Purposes = oids }.BelowRoot());
    }

    [Fact]
    public void A_TLS_certificate_that_may_not_sign_is_refused() =>
        Refuse(AlertDescription.UnsupportedCertificate, "its key usage lacks digitalSignature", "bank.example", CertificatePurpose.TlsServer, Trusted,
            (TestCertificate.Tls() with { Usage = X509KeyUsageFlags.KeyAgreement }).BelowRoot());

    [Fact]
    public void A_TLS_certificate_without_key_usage_is_accepted() =>
        // RFC 9846 section 4.5.1.2: digitalSignature "MUST be set if the Key Usage extension is present".
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, (TestCertificate.Tls() with { Usage = null }).BelowRoot());

    [Fact]
    public void An_authoritys_certificate_does_not_serve() =>
        Refuse(AlertDescription.UnsupportedCertificate, "is an authority's", new TestCertificate { IsAuthority = true }.BelowRoot());

    [Theory]
    [InlineData("bank.example")]
    [InlineData("BANK.example")]
    [InlineData("7.branch.bank.example")]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("bücher.example")]
    public void It_serves_each_of_its_alternative_names(string name) => Accept(name, CertificatePurpose.KeyTransportServer, Trusted, Named());

    [Theory]
    [InlineData("server")]
    [InlineData("www.bank.example")]
    [InlineData("branch.bank.example")]
    [InlineData("7.7.branch.bank.example")]
    [InlineData("192.0.2.8")]
    [InlineData("192.0.2.9")]
    public void It_serves_no_other_name_and_not_its_common_name(string name) =>
        Refuse(AlertDescription.CertificateUnknown, $"the certificate of 'CN=server' is not for '{name}': it has 'bank.example', '*.branch.bank.example'", name,
            CertificatePurpose.KeyTransportServer, Trusted, Named());

    [Fact]
    public void Without_alternative_names_it_serves_none() =>
        Refuse(AlertDescription.CertificateUnknown, "it has no names (a common name does not count)", "bank.example", CertificatePurpose.KeyTransportServer, Trusted,
            new TestCertificate { Subject = "CN=bank.example", Names = [] }.BelowRoot());

    [Fact]
    public void Many_names_are_not_all_listed() =>
        Refuse(AlertDescription.CertificateUnknown, "'host8' and 12 more",
            new TestCertificate { Names = [.. Enumerable.Range(1, 20).Select(number => $"host{number}")] }.BelowRoot());

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("bank..example")]
    [InlineData("bank.example:7443")]
    public void What_is_no_name_is_this_ends_fault(string name)
    {
        var error = Judge(name, CertificatePurpose.KeyTransportServer, Trusted, [Named().RawDataMemory]);

        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError), (error?.Kind, error?.Alert));
    }

    [Fact]
    public void An_extension_that_occurs_twice_is_refused()
    {
        // The platform makes no such certificate: an extension of another name is renamed in the bytes. A pin asks for no signature.
        var certificate = new TestCertificate { MoreExtensions = [new X509Extension("2.5.29.99", [3, 2, 7, 128], critical: true)] }.BelowRoot();
        var bytes = certificate.RawData;
        bytes[bytes.AsSpan().IndexOf<byte>([0x55, 0x1D, 99]) + 2] = 15;

        var error = Judge("bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromPins(TrustPolicy.ComputePin(certificate)), [bytes]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("has the extension 2.5.29.15 more than once", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_subject_cannot_forge_lines_of_a_log()
    {
        var subject = "CN=\"a\u001b[2J\nINFO: all is well\u202e'\\" + new string('x', 60) + "\", O=\"" + new string('y', 60) + "\"";
        var error = Judge("other.example", CertificatePurpose.KeyTransportServer, Trusted,
            [new TestCertificate { Subject = subject }.BelowRoot().RawDataMemory]);

        Assert.NotNull(error);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.DoesNotContain('\u202e', error.Message);
        Assert.Contains("\\u{1B}[2J\\u{A}INFO", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 300, error.Message);
    }

    private static X509Certificate2 Named() =>
        new TestCertificate { Names = ["bank.example", "*.branch.bank.example", "192.0.2.7", "2001:db8::7", "bücher.example"] }.BelowRoot();
}
