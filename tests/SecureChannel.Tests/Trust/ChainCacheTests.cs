using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class ChainCacheTests
{
    private readonly TrustPolicy _trust = TrustPolicy.FromAuthorities(Root);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _leaf;

    public ChainCacheTests() => _leaf = (TestCertificate.Tls() with { Key = _key, NotAfter = TestCertificates.Now.AddDays(1) }).BelowRoot();

    [Fact]
    public void A_key_is_imported_once_after_the_peer_proved_that_it_holds_the_private_key()
    {
        var first = Validate(TestCertificates.Now);
        Assert.True(first.TryGetVerificationKey(CryptographyProvider.Platform, out var key));
        Assert.NotSame(key, KeyOf(Validate(TestCertificates.Now)));

        Prove(first);
        Assert.Same(key, KeyOf(Validate(TestCertificates.Now)));
        Assert.Same(key, KeyOf(Validate(TestCertificates.Now.AddMinutes(59))));
    }

    [Fact]
    public void A_certificate_is_verified_again_after_an_hour_after_its_validity_and_when_the_clock_was_set_back()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        Assert.NotSame(KeyOf(first), KeyOf(Validate(TestCertificates.Now.AddHours(1))));
        Assert.NotSame(KeyOf(first), KeyOf(Validate(TestCertificates.Now.AddSeconds(-1))));
        var late = Validate(TestCertificates.Now.AddDays(1).AddMinutes(-30));
        Prove(late);
        Assert.False(ChainHarness.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now.AddDays(1).AddSeconds(1), out _, out var error));
        Assert.Equal(AlertDescription.CertificateExpired, error.Alert);
    }

    [Fact]
    public void The_name_is_checked_each_time()
    {
        Prove(Validate(TestCertificates.Now));
        Assert.False(ChainHarness.TryValidate(
            [_leaf.RawDataMemory], "evil.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now, out _, out var error));
        Assert.Equal(AlertDescription.CertificateUnknown, error.Alert);
        Validate(TestCertificates.Now);
    }

    [Fact]
    public void A_result_is_not_reused_for_other_certificates_another_purpose_or_another_policy()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        var other = (TestCertificate.Tls() with { Subject = "CN=other" }).BelowRoot();
        Assert.True(ChainHarness.TryValidate(
            [_leaf.RawDataMemory, other.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now, out var longer, out _));
        Assert.NotSame(KeyOf(first), KeyOf(longer));
        Assert.False(ChainHarness.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.KeyTransportServer, _trust, TestCertificates.Now, out _, out _));
        Assert.False(ChainHarness.TryValidate([_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer,
            TrustPolicy.FromAuthorities(TestCertificate.Authority("CN=Another").SelfSigned()), TestCertificates.Now, out _, out _));
        Assert.False(ChainHarness.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust.WithPins(TrustPolicy.ComputePin(other)), TestCertificates.Now, out _,
                out _));
    }

    [Fact]
    public void Disposing_the_certificate_of_a_session_does_not_affect_other_sessions()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        first.Identity.Certificate!.Dispose();
        Assert.Equal(_leaf.RawData, Validate(TestCertificates.Now).Identity.Certificate!.RawData);
    }

    [Fact]
    public void A_wrong_signature_or_scheme_proves_nothing_and_is_not_cached()
    {
        var verified = Validate(TestCertificates.Now);
        var signature = _key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.False(SignatureVerified.TryCheck(CryptographyProvider.Platform, verified, SignatureScheme.EcdsaSecp256r1Sha256, [2], signature, out var proof,
            out var error));
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.DecryptError), (error.Kind, error.Alert));
        Assert.Throws<ArgumentException>(() => new IdentityProof(proof));
        Assert.False(SignatureVerified.TryCheck(CryptographyProvider.Platform, verified, SignatureScheme.RsaPssRsaeSha256, [1], signature, out _, out error));
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter), (error.Kind, error.Alert));
        Assert.NotSame(KeyOf(verified), KeyOf(Validate(TestCertificates.Now)));
    }

    [Fact]
    public void The_cache_is_bounded()
    {
        var cache = new ChainCache();
        Assert.True(CertificateParser.TryParse(_leaf.RawDataMemory, out var certificate, out _));
        for (var n = 0; n < ChainCache.Capacity + 10; n++)
        {
            cache.Add(new CheckedLeaf(certificate, [], KeyOf(n), TestCertificates.Now.AddMinutes(n), DateTimeOffset.MaxValue));
        }

        var cached = Enumerable.Range(0, ChainCache.Capacity + 10)
            .Count(n => cache.TryGet(KeyOf(n), TestCertificates.Now.AddMinutes(n), out _));
        Assert.Equal(ChainCache.Capacity, cached);
        Assert.False(cache.TryGet(KeyOf(0), TestCertificates.Now, out _));
    }

    private static ChainCacheKey KeyOf(int number) =>
        ChainCacheKey.Of([BitConverter.GetBytes(number)], CertificatePurpose.TlsServer, CryptographyProvider.Platform);

    private static VerificationKey KeyOf(VerifiedIdentity verified)
    {
        Assert.True(verified.TryGetVerificationKey(CryptographyProvider.Platform, out var key));
        return key;
    }

    private VerifiedIdentity Validate(DateTimeOffset at)
    {
        Assert.True(ChainHarness.TryValidate([_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, at, out var verified, out _));
        return verified;
    }

    private void Prove(VerifiedIdentity verified)
    {
        var signature = _key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(SignatureVerified.TryCheck(CryptographyProvider.Platform, verified, SignatureScheme.EcdsaSecp256r1Sha256, [1], signature, out var proof,
            out _));
        Assert.Same(verified.Identity, new IdentityProof(proof).Identity);
    }
}
