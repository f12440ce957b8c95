using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class SystemTrustTests
{
    [Fact]
    public void An_authority_that_the_system_does_not_trust_is_rejected()
    {
        var error = Verify("bank.example", CertificatePurpose.TlsServer, TrustPolicy.System, [TestCertificate.Tls().BelowRoot().RawDataMemory,
            Root.RawDataMemory]);
        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.UnknownCa), (error?.Kind, error?.Alert));
        Assert.Equal(CertificateErrorKind.UnknownAuthority, error!.Certificate!.Kind);
        Assert.Contains("does not lead to an authority that this system trusts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_in_the_users_store_is_accepted_and_all_other_checks_apply()
    {
        var key = TestCertificates.P256;
        var root = TestCertificate.Authority($"CN=Store {Guid.NewGuid()}", key).SelfSigned();
        var middle = TestCertificate.Authority("CN=Middle");
        var intermediate = middle.SignedBy(root, key);
        using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(root);
        try
        {
            var server = TestCertificate.Tls().SignedBy(intermediate, middle.Key);
            Accept("bank.example", CertificatePurpose.TlsServer, TrustPolicy.System, server, intermediate);
            Reject(AlertDescription.CertificateUnknown, "is not valid for 'other.example'", "other.example", CertificatePurpose.TlsServer, TrustPolicy.System,
                server, intermediate);
            Reject(AlertDescription.UnsupportedCertificate, "does not allow the purpose TlsServer", "bank.example", CertificatePurpose.TlsServer,
                TrustPolicy.System, (TestCertificate.Tls() with { Purposes = [CertificatePurposes.TlsClientOid] }).SignedBy(intermediate, middle.Key),
                intermediate);
            Reject(AlertDescription.CertificateExpired, "expired", "bank.example", CertificatePurpose.TlsServer, TrustPolicy.System,
                (TestCertificate.Tls() with { NotAfter = TestCertificates.Now.AddDays(-1) }).SignedBy(intermediate, middle.Key), intermediate);
            Reject(AlertDescription.BadCertificate, "has a signature that its issuer's key does not verify", "bank.example", CertificatePurpose.TlsServer,
                TrustPolicy.System, TestCertificate.Tls().SignedBy(intermediate, RootKey), intermediate);
            Accept("bank.example", CertificatePurpose.TlsServer, TrustPolicy.System.WithPins(TrustPolicy.ComputePin(root)), server, intermediate);
            Reject(AlertDescription.CertificateUnknown, "has a key that is not pinned", "bank.example", CertificatePurpose.TlsServer,
                TrustPolicy.System.WithPins(TrustPolicy.ComputePin(Root)), server, intermediate);
        }
        finally
        {
            store.Remove(root);
        }
    }

    [Fact]
    public void A_policy_of_the_system_describes_itself() => Assert.Equal("system authorities, 0 pins", TrustPolicy.System.ToString());
}
