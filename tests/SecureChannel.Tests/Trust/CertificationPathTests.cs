using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class CertificationPathTests
{
    private static readonly TestCertificate Upper = TestCertificate.Authority("CN=Upper");
    private static readonly TestCertificate Lower = TestCertificate.Authority("CN=Lower");
    private static readonly X509Certificate2 UpperCertificate = Upper.BelowRoot();
    private static readonly X509Certificate2 LowerCertificate = Lower.SignedBy(UpperCertificate, Upper.Key);
    private static readonly X509Certificate2 Leaf = new TestCertificate().SignedBy(LowerCertificate, Lower.Key);

    [Fact]
    public void Intermediate_certificates_are_accepted_in_any_order_with_unrelated_ones_and_the_root()
    {
        AcceptWrapping(Leaf, LowerCertificate, UpperCertificate);
        AcceptWrapping(Leaf, UpperCertificate, LowerCertificate);
        AcceptWrapping(Leaf, Root, TestCertificate.Authority("CN=Unrelated").SelfSigned(), UpperCertificate, LowerCertificate);
    }

    [Fact]
    public void Verification_fails_with_unknown_ca_and_names_the_missing_intermediate() =>
        Reject(AlertDescription.UnknownCa, "The certificate 'CN=Lower' is issued by 'CN=Upper', which is not the trusted authority, and the peer did not "
            + "send that issuer's certificate. Configure the peer to send the intermediate certificate, or add the authority to TrustPolicy.FromAuthorities",
            Leaf, LowerCertificate);

    [Fact]
    public void Verification_fails_with_unknown_ca_when_the_issuer_is_not_trusted()
    {
        var other = TestCertificate.Authority("CN=Other CA");
        var certificate = other.SelfSigned();
        var leaf = new TestCertificate { Subject = "CN=bank.example" }.SignedBy(certificate, other.Key);

        Reject(AlertDescription.UnknownCa, "The certificate 'CN=bank.example' is issued by 'CN=Other CA'", leaf);
        Reject(AlertDescription.UnknownCa, "The certificate 'CN=Other CA' is self-issued", leaf, certificate);
        Reject(AlertDescription.UnknownCa, "The certificate 'CN=server' is self-issued", new TestCertificate().SelfSigned());
    }

    [Fact]
    public void A_signature_by_a_key_that_is_not_the_issuers_is_rejected()
    {
        Reject(AlertDescription.BadCertificate, "has a signature that its issuer's key does not verify", new TestCertificate().SignedBy(Root,
            TestCertificates.P256));
    }

    [Fact]
    public void A_root_with_a_trusted_name_and_a_different_key_is_rejected()
    {
        var imposter = TestCertificate.Authority("CN=Root");
        var certificate = imposter.SelfSigned();

        Reject(AlertDescription.BadCertificate, "or another authority with the same name issued it", new TestCertificate().SignedBy(certificate, imposter.Key),
            certificate);

        using var first = DevelopmentAuthority.Create("Development CA");
        using var second = DevelopmentAuthority.Create("Development CA");
        using var server = second.IssueServer("bank.example", CertificatePurpose.KeyTransportServer);
        Assert.False(ChainHarness.TryValidate(server.Chain, "bank.example", CertificatePurpose.KeyTransportServer,
            TrustPolicy.FromAuthorities(first.Certificate),
            DateTimeOffset.UtcNow,
            out _, out var error));
        Assert.Equal(AlertDescription.UnknownCa, error.Alert);
        Assert.Contains("A trusted authority has the same name but a different key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_certificate_cannot_issue_certificates()
    {
        var server = TestCertificate.Tls() with { Subject = "CN=Greedy" };
        var certificate = server.BelowRoot();

        Reject(AlertDescription.BadCertificate, "The certificate 'CN=Greedy' cannot issue certificates: its basic constraints do not mark it as an authority",
            new TestCertificate().SignedBy(certificate, server.Key), certificate);
    }

    [Fact]
    public void An_authority_that_may_only_sign_revocation_lists_cannot_issue_certificates()
    {
        var authority = TestCertificate.Authority("CN=Lists only") with { Usage = X509KeyUsageFlags.CrlSign };
        var certificate = authority.BelowRoot();

        Reject(AlertDescription.BadCertificate, "The certificate 'CN=Lists only' cannot issue certificates: its key usage lacks keyCertSign",
            new TestCertificate().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void A_weak_intermediate_certificate_is_rejected()
    {
        var authority = TestCertificate.Authority("CN=Weak", TestCertificates.Rsa1024);
        var certificate = authority.BelowRoot();

        Reject(AlertDescription.BadCertificate, "The certificate 'CN=Weak' has an RSA key of 1024 bits", new TestCertificate().SignedBy(certificate,
            authority.Key),
            certificate);
    }

    [Fact]
    public void An_expired_intermediate_certificate_is_rejected()
    {
        var authority = TestCertificate.Authority("CN=Old") with { NotAfter = TestCertificates.Now.AddDays(-1) };
        var certificate = authority.BelowRoot();

        Reject(AlertDescription.CertificateExpired, "The certificate 'CN=Old' expired at 2026-06-14 12:00:00Z",
            new TestCertificate().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void A_path_that_is_longer_than_an_authority_allows_is_rejected()
    {
        var upper = Upper with { Subject = "CN=Short", PathLength = 0 };
        var upperCertificate = upper.BelowRoot();
        var lowerCertificate = Lower.SignedBy(upperCertificate, upper.Key);

        Reject(AlertDescription.BadCertificate, "longer than an authority's basic constraints allow", new TestCertificate().SignedBy(lowerCertificate,
            Lower.Key),
            lowerCertificate, upperCertificate);
    }

    [Fact]
    public void An_authority_that_is_limited_to_one_purpose_cannot_issue_for_another()
    {
        var authority = TestCertificate.Authority("CN=TLS only") with { Purposes = [CertificatePurposes.TlsServerOid] };
        var certificate = authority.BelowRoot();

        Reject(AlertDescription.UnsupportedCertificate, "The certificate 'CN=TLS only' belongs to an authority that does not allow the purpose KeyTransportServer", new TestCertificate().SignedBy(certificate,
            authority.Key), certificate);
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, TestCertificate.Tls().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void An_unknown_critical_extension_is_rejected()
    {
        var leaf = new TestCertificate { MoreExtensions = [new X509Extension("1.2.3.4", [5, 0], critical: true)] }.BelowRoot();

        Reject(AlertDescription.UnsupportedCertificate, "has the critical extension 1.2.3.4, which is not supported", leaf);
    }

    [Fact]
    public void An_intermediate_certificate_in_a_store_of_the_machine_is_not_used()
    {
        using var store = new X509Store(StoreName.CertificateAuthority, StoreLocation.CurrentUser);
        var authority = TestCertificate.Authority("CN=In the store");
        var certificate = authority.BelowRoot();
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            Reject(AlertDescription.UnknownCa,
                "The certificate 'CN=server' is issued by 'CN=In the store', which is not the trusted authority, and the peer did not send",
                new TestCertificate().SignedBy(certificate, authority.Key));
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [Fact]
    public void A_certificate_from_any_trusted_authority_is_accepted()
    {
        var second = TestCertificate.Authority("CN=Second");
        var secondCertificate = second.SelfSigned();
        var trust = TrustPolicy.FromAuthorities(Root, secondCertificate);

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, new TestCertificate().SignedBy(secondCertificate, second.Key));
        Reject(AlertDescription.UnknownCa, "which is not one of the 2 trusted authorities", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate().SignedBy(new TestCertificate { Subject = "CN=Nobody" }.SelfSigned(), RSA.Create(2048)));
    }
}
