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
    public void A_key_is_imported_once_for_the_same_bytes_after_the_peer_has_shown_that_it_holds_it()
    {
        var first = Validate(TestCertificates.Now);
        Assert.True(first.TryGetVerificationKey(CryptographyProvider.Platform, out var key));
        Assert.NotSame(key, KeyOf(Validate(TestCertificates.Now)));

        Prove(first);
        Assert.Same(key, KeyOf(Validate(TestCertificates.Now)));
        Assert.Same(key, KeyOf(Validate(TestCertificates.Now.AddMinutes(59))));
    }

    [Fact]
    public void After_an_hour_or_the_end_of_validity_or_if_the_clock_was_set_back_it_is_checked_anew()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        Assert.NotSame(KeyOf(first), KeyOf(Validate(TestCertificates.Now.AddHours(1))));
        Assert.NotSame(KeyOf(first), KeyOf(Validate(TestCertificates.Now.AddSeconds(-1))));
        var late = Validate(TestCertificates.Now.AddDays(1).AddMinutes(-30));
        Prove(late);
        Assert.False(ChainValidator.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now.AddDays(1).AddSeconds(1), out _, out var error));
        Assert.Equal(AlertDescription.CertificateExpired, error.Alert);
    }

    [Fact]
    public void The_name_is_checked_every_time()
    {
        Prove(Validate(TestCertificates.Now));
        Assert.False(ChainValidator.TryValidate(
            [_leaf.RawDataMemory], "evil.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now, out _, out var error));
        Assert.Equal(AlertDescription.CertificateUnknown, error.Alert);
        Validate(TestCertificates.Now);
    }

    [Fact]
    public void Another_list_another_purpose_and_another_trust_are_not_answered_from_it()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        var other = (TestCertificate.Tls() with { Subject = "CN=other" }).BelowRoot();
        Assert.True(ChainValidator.TryValidate(
            [_leaf.RawDataMemory, other.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, TestCertificates.Now, out var longer, out _));
        Assert.NotSame(KeyOf(first), KeyOf(longer));
        Assert.False(ChainValidator.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.KeyTransportServer, _trust, TestCertificates.Now, out _, out _));
        Assert.False(ChainValidator.TryValidate([_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer,
            TrustPolicy.FromAuthorities(TestCertificate.Authority("CN=Another").SelfSigned()), TestCertificates.Now, out _, out _));
        Assert.False(ChainValidator.TryValidate(
            [_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust.WithPins(TrustPolicy.ComputePin(other)), TestCertificates.Now, out _, out _));
    }

    [Fact]
    public void A_session_that_disposes_its_certificate_takes_it_from_no_other()
    {
        var first = Validate(TestCertificates.Now);
        Prove(first);
        first.Identity.Certificate!.Dispose();
        Assert.Equal(_leaf.RawData, Validate(TestCertificates.Now).Identity.Certificate!.RawData);
    }

    [Fact]
    public void A_wrong_signature_or_scheme_is_no_proof_and_leaves_nothing_behind()
    {
        var chain = Validate(TestCertificates.Now);
        var signature = _key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.False(SignatureVerified.TryCheck(CryptographyProvider.Platform, chain, SignatureScheme.EcdsaSecp256r1Sha256, [2], signature, out var verified, out var error));
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.DecryptError), (error.Kind, error.Alert));
        Assert.Throws<ArgumentException>(() => new IdentityProof(verified));
        Assert.False(SignatureVerified.TryCheck(CryptographyProvider.Platform, chain, SignatureScheme.RsaPssRsaeSha256, [1], signature, out _, out error));
        Assert.Equal((SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter), (error.Kind, error.Alert));
        Assert.NotSame(KeyOf(chain), KeyOf(Validate(TestCertificates.Now)));
    }

    [Fact]
    public void It_does_not_grow_without_bound()
    {
        var cache = new ChainCache();
        for (var n = 0; n < ChainCache.Capacity + 10; n++)
        {
            var key = ChainCacheKey.Of([BitConverter.GetBytes(n)], CertificatePurpose.TlsServer);
            cache.Add(new CheckedLeaf(_leaf, key, TestCertificates.Now.AddMinutes(n), DateTimeOffset.MaxValue));
        }

        var kept = Enumerable.Range(0, ChainCache.Capacity + 10)
            .Count(n => cache.TryGet(ChainCacheKey.Of([BitConverter.GetBytes(n)], CertificatePurpose.TlsServer), TestCertificates.Now.AddMinutes(n), out _));
        Assert.Equal(ChainCache.Capacity, kept);
        Assert.False(cache.TryGet(ChainCacheKey.Of([BitConverter.GetBytes(0)], CertificatePurpose.TlsServer), TestCertificates.Now, out _));
    }

    private static VerificationKey KeyOf(VerifiedIdentity chain)
    {
        Assert.True(chain.TryGetVerificationKey(CryptographyProvider.Platform, out var key));
        return key;
    }

    private VerifiedIdentity Validate(DateTimeOffset at)
    {
        Assert.True(ChainValidator.TryValidate([_leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, _trust, at, out var chain, out _));
        return chain;
    }

    private void Prove(VerifiedIdentity chain)
    {
        var signature = _key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(SignatureVerified.TryCheck(CryptographyProvider.Platform, chain, SignatureScheme.EcdsaSecp256r1Sha256, [1], signature, out var verified, out _));
        Assert.Same(chain.Identity, new IdentityProof(verified).Identity);
    }
}
