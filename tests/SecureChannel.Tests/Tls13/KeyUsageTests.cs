using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The key usage of the peer's certificate, which TLS requires independently of the trust policy (RFC 9846 section 4.5.1.2).</summary>
public sealed class KeyUsageTests
{
    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, false)]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true)]
    [InlineData(null, true)]
    public void A_certificate_must_allow_signatures_even_if_a_verifier_accepts_it(X509KeyUsageFlags? usage, bool isAccepted)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256);
        if (usage is { } flags)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        request.CertificateExtensions.Clear();
        using var signing = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var identity = new CertificateIdentity(signing);
        var parameters = Tls13Ends.Client with { Trust = TrustPolicy.FromVerifier(new Accepting()) };
        using var client = new MachineEnd(SessionSecurity.Tls13.Handshake!.CreateClient(parameters));
        client.Start();
        using var server = new ScriptedServer(client.Sent.Dequeue()) { Identity = identity };

        client.Accept(server.ServerHello());
        client.Accept(server.EncryptedExtensions());
        client.Accept(server.Certificate(default, [new CertificateEntry(certificate.RawData, [])]));
        client.Accept(server.CertificateVerify());
        client.Accept(server.Finished());

        Assert.Equal(
            isAccepted ? (null, null) : (SessionErrorCode.CertificateRejected, AlertDescription.UnsupportedCertificate), (client.Error?.Code, client.Error?.Alert));
    }

    private sealed class Accepting : CertificateVerifier
    {
        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(request.Accept());
    }
}
