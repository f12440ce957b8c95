using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class EndEntityCertificateTests
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    [Fact]
    public void A_certificate_is_accepted_for_its_purpose_only()
    {
        AcceptWrapping(new TestCertificate().BelowRoot());
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, TestCertificate.Tls().BelowRoot());
        Reject(AlertDescription.UnsupportedCertificate, "does not allow the purpose TlsServer: its extended key usage lacks 1.3.6.1.5.5.7.3.1", "bank.example",
            CertificatePurpose.TlsServer,
            Trusted,
            new TestCertificate().BelowRoot());
        Reject(AlertDescription.UnsupportedCertificate, "does not allow the purpose KeyTransportServer: its extended key usage lacks ",
            TestCertificate.Tls().BelowRoot());
    }

    [Theory]
    [InlineData(-31, "is not valid before 2026-05-16 12:00:00Z, and the current time is 2026-05-15 12:00:00Z. Check the clock of this machine.")]
    [InlineData(31, "expired at 2026-07-15 12:00:00Z, and the current time is 2026-07-16 12:00:00Z. Renew it.")]
    public void A_certificate_outside_its_validity_is_rejected_and_the_error_has_both_times(int days, string reason)
    {
        var error = Verify("bank.example", CertificatePurpose.KeyTransportServer, Trusted, [new TestCertificate().BelowRoot().RawDataMemory],
            TestCertificates.Now.AddDays(days));

        Assert.Equal(AlertDescription.CertificateExpired, error?.Alert);
        Assert.Equal($"The certificate 'CN=server' {reason}", error?.Message);
    }

    [Theory]
    [InlineData(-30, 0)]
    [InlineData(0, 0)]
    [InlineData(30, -1)]
    public void A_certificate_is_valid_from_its_first_to_its_last_second(int days, int seconds) =>
        Assert.Null(Verify("bank.example", CertificatePurpose.KeyTransportServer, Trusted,
        [new TestCertificate().BelowRoot().RawDataMemory], TestCertificates.Now.AddDays(days).AddSeconds(seconds)));

    [Fact]
    public void An_RSA_key_of_less_than_2048_bits_is_rejected() =>
        Reject(AlertDescription.BadCertificate, "has an RSA key of 1024 bits, but at least 2048 are required",
            new TestCertificate { Key = TestCertificates.Rsa1024 }.BelowRoot());

    [Fact]
    public void A_key_transport_certificate_with_a_wrong_key_usage_is_rejected()
    {
        Reject(AlertDescription.UnsupportedCertificate, "also allows signatures: its key usage has digitalSignature",
            new TestCertificate { Usage = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature }.BelowRoot());
        Reject(AlertDescription.UnsupportedCertificate, "its key usage lacks keyEncipherment",
            new TestCertificate { Usage = X509KeyUsageFlags.DataEncipherment }.BelowRoot());
        Reject(AlertDescription.UnsupportedCertificate, "its key usage lacks keyEncipherment", new TestCertificate { Usage = null }.BelowRoot());
    }

    [Theory]
    [InlineData(CertificatePurposes.TlsServerOid)]
    [InlineData("2.5.29.37.0")]
    public void A_key_transport_certificate_that_also_allows_TLS_is_rejected(string oid) =>
        Reject(AlertDescription.UnsupportedCertificate, "also allows TLS: its extended key usage has serverAuth or anyExtendedKeyUsage",
            new TestCertificate { Purposes = [CertificatePurposes.KeyTransportServerOid, oid] }.BelowRoot());

    [Fact]
    public void A_key_transport_certificate_without_an_RSA_key_is_rejected() =>
        Reject(AlertDescription.UnsupportedCertificate, "has a key that cannot decrypt session keys. Issue a certificate for an RSA key (rsaEncryption)",
            new TestCertificate { Key = TestCertificates.P256 }.BelowRoot());

    [Fact]
    public void A_certificate_for_email_for_any_purpose_or_for_no_purpose_is_rejected()
    {
        string[][] purposes = [[EmailProtection], ["2.5.29.37.0"], []];
        foreach (var oids in purposes)
            Reject(AlertDescription.UnsupportedCertificate, "its extended key usage lacks", new TestCertificate { Purposes = oids }.BelowRoot());
    }

    [Fact]
    public void A_TLS_certificate_without_digitalSignature_in_its_key_usage_is_rejected() =>
        Reject(AlertDescription.UnsupportedCertificate, "its key usage lacks digitalSignature", "bank.example", CertificatePurpose.TlsServer, Trusted,
            (TestCertificate.Tls() with { Usage = X509KeyUsageFlags.KeyAgreement }).BelowRoot());

    [Fact]
    public void A_TLS_certificate_without_key_usage_is_accepted() =>
        // RFC 9846 section 4.5.1.2: digitalSignature "MUST be set if the Key Usage extension is present".
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, (TestCertificate.Tls() with { Usage = null }).BelowRoot());

    [Fact]
    public void A_certificate_of_an_authority_cannot_identify_a_peer() =>
        Reject(AlertDescription.UnsupportedCertificate, "belongs to an authority, which must not identify a peer",
            new TestCertificate { IsAuthority = true }.BelowRoot());

    [Theory]
    [InlineData("bank.example")]
    [InlineData("BANK.example")]
    [InlineData("7.branch.bank.example")]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("bücher.example")]
    public void Each_subject_alternative_name_matches(string name) => Accept(name, CertificatePurpose.KeyTransportServer, Trusted, Named());

    [Theory]
    [InlineData("server")]
    [InlineData("www.bank.example")]
    [InlineData("branch.bank.example")]
    [InlineData("7.7.branch.bank.example")]
    [InlineData("192.0.2.8")]
    [InlineData("192.0.2.9")]
    public void No_other_name_matches_and_the_common_name_is_ignored(string name) =>
        Reject(AlertDescription.CertificateUnknown,
            $"The certificate 'CN=server' is not valid for '{name}': its names are 'bank.example', '*.branch.bank.example'", name,
            CertificatePurpose.KeyTransportServer, Trusted, Named());

    [Fact]
    public void A_certificate_without_subject_alternative_names_matches_no_name() =>
        Reject(AlertDescription.CertificateUnknown, "it has no subject alternative names, and its common name is ignored", "bank.example",
            CertificatePurpose.KeyTransportServer, Trusted,
            new TestCertificate { Subject = "CN=bank.example", Names = [] }.BelowRoot());

    [Fact]
    public void An_error_lists_at_most_8_names() =>
        Reject(AlertDescription.CertificateUnknown, "'host8' and 12 more",
            new TestCertificate { Names = [.. Enumerable.Range(1, 20).Select(number => $"host{number}")] }.BelowRoot());

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("bank..example")]
    [InlineData("bank.example:7443")]
    public void An_invalid_name_is_a_local_error(string name)
    {
        var error = Verify(name, CertificatePurpose.KeyTransportServer, Trusted, [Named().RawDataMemory]);

        Assert.Equal((SessionErrorKind.LocalError, AlertDescription.InternalError), (error?.Kind, error?.Alert));
    }

    [Fact]
    public void An_extension_that_occurs_twice_is_rejected()
    {
        // The platform cannot create such a certificate, so the bytes rename an extension. A pinned key needs no valid signature.
        var certificate = new TestCertificate { MoreExtensions = [new X509Extension("2.5.29.99", [3, 2, 7, 128], critical: true)] }.BelowRoot();
        var bytes = certificate.RawData;
        bytes[bytes.AsSpan().IndexOf<byte>([0x55, 0x1D, 99]) + 2] = 15;

        var error = Verify("bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromPins(TrustPolicy.ComputePin(certificate)), [bytes]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("contains the extension 2.5.29.15 more than once", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_subject_cannot_forge_log_lines()
    {
        var subject = "CN=\"a\u001b[2J\nINFO: all is well\u202e'\\" + new string('x', 60) + "\", O=\"" + new string('y', 60) + "\"";
        var error = Verify("other.example", CertificatePurpose.KeyTransportServer, Trusted,
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
