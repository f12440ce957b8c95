using System.Security.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

public sealed class PendingOperationTests
{
    private static readonly DevelopmentAuthority Authority = DevelopmentAuthority.Create("Root", new FixedTime());
    private static readonly CertificateIdentity Server = Authority.IssueServer("bank.example", CertificatePurpose.KeyTransportServer);

    [Fact]
    public async Task A_certificate_verification_returns_the_identity_or_the_error()
    {
        var trust = TrustPolicy.FromAuthorities(Authority.Certificate);
        var good = new CertificateVerificationOperation(trust, Server.Chain, "bank.example", CertificatePurpose.KeyTransportServer, TestCertificates.Now);
        var bad = new CertificateVerificationOperation(trust, Server.Chain, "other.example", CertificatePurpose.KeyTransportServer, TestCertificates.Now);

        Assert.Equal((null, null), (good.Identity, good.Error));
        await good.RunAsync(TestContext.Current.CancellationToken);
        await bad.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("bank.example", null), (good.Identity?.Identity.Name, good.Error));
        Assert.Equal((null, AlertDescription.CertificateUnknown), (bad.Identity, bad.Error?.Alert));
    }

    [Fact]
    public async Task A_key_unwrapping_fills_the_key_or_leaves_it_unchanged()
    {
        var (sent, received, untouched) = (RandomNumberGenerator.GetBytes(32), new byte[32], new byte[32]);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Server.Certificate.PublicKey.ExportSubjectPublicKeyInfo(), out _);
        var good = new KeyUnwrapOperation(Server.KeyUnwrapper!, rsa.Encrypt(sent, RSAEncryptionPadding.OaepSHA256), received);
        var bad = new KeyUnwrapOperation(Server.KeyUnwrapper!, new byte[256], untouched);

        await good.RunAsync(TestContext.Current.CancellationToken);
        await bad.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(good.Succeeded);
        Assert.Equal(sent, received);
        Assert.False(bad.Succeeded);
        Assert.Equal(new byte[32], untouched);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TestCertificates.Now;
    }
}
