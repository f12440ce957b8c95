using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class ChainPathTests
{
    private static readonly TestCertificate Upper = TestCertificate.Authority("CN=Upper");
    private static readonly TestCertificate Lower = TestCertificate.Authority("CN=Lower");
    private static readonly X509Certificate2 UpperCertificate = Upper.BelowRoot();
    private static readonly X509Certificate2 LowerCertificate = Lower.SignedBy(UpperCertificate, Upper.Key);
    private static readonly X509Certificate2 Leaf = new TestCertificate().SignedBy(LowerCertificate, Lower.Key);

    [Fact]
    public void Intermediates_may_come_in_any_order_with_others_and_with_the_root()
    {
        AcceptWrapping(Leaf, LowerCertificate, UpperCertificate);
        AcceptWrapping(Leaf, UpperCertificate, LowerCertificate);
        AcceptWrapping(Leaf, Root, TestCertificate.Authority("CN=Unrelated").SelfSigned(), UpperCertificate, LowerCertificate);
    }

    [Fact]
    public void A_missing_intermediate_is_an_unknown_authority_that_the_reason_names() =>
        Refuse(AlertDescription.UnknownCa, "the certificate of 'CN=Lower' is issued by 'CN=Upper', which is not the 1 trusted authority and no "
            + "certificate that the peer sent; add that authority to TrustPolicy.FromAuthorities",
            Leaf, LowerCertificate);

    [Fact]
    public void An_issuer_that_is_not_trusted_is_an_unknown_authority()
    {
        var other = TestCertificate.Authority("CN=Other CA");
        var certificate = other.SelfSigned();
        var leaf = new TestCertificate { Subject = "CN=bank.example" }.SignedBy(certificate, other.Key);

        Refuse(AlertDescription.UnknownCa, "the certificate of 'CN=bank.example' is issued by 'CN=Other CA'", leaf);
        Refuse(AlertDescription.UnknownCa, "the certificate of 'CN=Other CA' is issued by itself", leaf, certificate);
        Refuse(AlertDescription.UnknownCa, "the certificate of 'CN=server' is issued by itself", new TestCertificate().SelfSigned());
    }

    [Fact]
    public void A_signature_by_another_key_than_the_issuers_is_refused()
    {
        Refuse(AlertDescription.BadCertificate, "has a signature that is not its issuer's", new TestCertificate().SignedBy(Root, TestCertificates.P256));
    }

    [Fact]
    public void A_root_of_the_same_name_with_another_key_is_no_authority()
    {
        var imposter = TestCertificate.Authority("CN=Root");
        var certificate = imposter.SelfSigned();

        Refuse(AlertDescription.BadCertificate, "or issued by another authority of the same name", new TestCertificate().SignedBy(certificate, imposter.Key), certificate);

        using var first = DevelopmentAuthority.Create("Development CA");
        using var second = DevelopmentAuthority.Create("Development CA");
        using var server = second.IssueServer("bank.example", CertificatePurpose.KeyTransportServer);
        Assert.False(ChainValidator.TryValidate(server.Chain, "bank.example", CertificatePurpose.KeyTransportServer, TrustPolicy.FromAuthorities(first.Certificate),
            DateTimeOffset.UtcNow,
            out _, out var error));
        Assert.Equal(AlertDescription.UnknownCa, error.Alert);
        Assert.Contains("a trusted authority has that name, but another key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_cannot_issue()
    {
        var server = TestCertificate.Tls() with { Subject = "CN=Greedy" };
        var certificate = server.BelowRoot();

        Refuse(AlertDescription.BadCertificate, "the certificate of 'CN=Greedy' is used as an authority's, but its basic constraints do not say that it is one",
            new TestCertificate().SignedBy(certificate, server.Key), certificate);
    }

    [Fact]
    public void An_authority_that_may_only_sign_revocations_cannot_issue()
    {
        var authority = TestCertificate.Authority("CN=Lists only") with { Usage = X509KeyUsageFlags.CrlSign };
        var certificate = authority.BelowRoot();

        Refuse(AlertDescription.BadCertificate, "the certificate of 'CN=Lists only' is used as an authority's, but its key usage lacks keyCertSign",
            new TestCertificate().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void A_weak_intermediate_is_refused()
    {
        var authority = TestCertificate.Authority("CN=Weak", TestCertificates.Rsa1024);
        var certificate = authority.BelowRoot();

        Refuse(AlertDescription.BadCertificate, "the certificate of 'CN=Weak' has an RSA key of 1024 bits", new TestCertificate().SignedBy(certificate, authority.Key),
            certificate);
    }

    [Fact]
    public void An_expired_intermediate_is_refused()
    {
        var authority = TestCertificate.Authority("CN=Old") with { NotAfter = TestCertificates.Now.AddDays(-1) };
        var certificate = authority.BelowRoot();

        Refuse(AlertDescription.CertificateExpired, "the certificate of 'CN=Old' expired at 2026-06-14 12:00:00Z",
            new TestCertificate().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void A_path_longer_than_an_authority_allows_is_refused()
    {
        var upper = Upper with { Subject = "CN=Short", PathLength = 0 };
        var upperCertificate = upper.BelowRoot();
        var lowerCertificate = Lower.SignedBy(upperCertificate, upper.Key);

        Refuse(AlertDescription.BadCertificate, "longer than an authority's basic constraints allow", new TestCertificate().SignedBy(lowerCertificate, Lower.Key),
            lowerCertificate, upperCertificate);
    }

    [Fact]
    public void An_authority_that_is_limited_to_another_purpose_cannot_issue_for_this_one()
    {
        var authority = TestCertificate.Authority("CN=TLS only") with { Purposes = [CertificatePurposes.TlsServerOid] };
        var certificate = authority.BelowRoot();

        Refuse(AlertDescription.UnsupportedCertificate, "do not allow this purpose", new TestCertificate().SignedBy(certificate, authority.Key), certificate);
        Accept("bank.example", CertificatePurpose.TlsServer, Trusted, TestCertificate.Tls().SignedBy(certificate, authority.Key), certificate);
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused()
    {
        var leaf = new TestCertificate { MoreExtensions = [new X509Extension("1.2.3.4", [5, 0], critical: true)] }.BelowRoot();

        Refuse(AlertDescription.CertificateUnknown, "HasNotSupportedCriticalExtension", leaf);
    }

    [Fact]
    public void An_intermediate_in_a_store_of_the_machine_is_not_used()
    {
        using var store = new X509Store(StoreName.CertificateAuthority, StoreLocation.CurrentUser);
        var authority = TestCertificate.Authority("CN=In the store");
        var certificate = authority.BelowRoot();
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            Refuse(AlertDescription.UnknownCa, "the certificate of 'CN=In the store' was found on this machine, but neither sent by the peer nor configured",
                new TestCertificate().SignedBy(certificate, authority.Key));
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [Fact]
    public void Any_of_several_authorities_will_do()
    {
        var second = TestCertificate.Authority("CN=Second");
        var secondCertificate = second.SelfSigned();
        var trust = TrustPolicy.FromAuthorities(Root, secondCertificate);

        Accept("bank.example", CertificatePurpose.KeyTransportServer, trust, new TestCertificate().SignedBy(secondCertificate, second.Key));
        Refuse(AlertDescription.UnknownCa, "which is none of the 2 trusted authorities", "bank.example", CertificatePurpose.KeyTransportServer, trust,
            new TestCertificate().SignedBy(new TestCertificate { Subject = "CN=Nobody" }.SelfSigned(), RSA.Create(2048)));
    }
}
