using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Tests.KeyTransport;

/// <summary>Trusted certificates with RSA keys that cannot encrypt. The peer is at fault, and nothing throws while they are verified.</summary>
public sealed class UnusableKeyTests
{
    public static TheoryData<string> Keys => ["even modulus", "power of two", "exponent 1", "exponent 0", "even exponent", "exponent above the modulus"];

    [Theory, MemberData(nameof(Keys))]
    public void A_certificate_with_an_unusable_key_is_the_peers_fault(string key)
    {
        var parameters = TestCertificates.Rsa2048.ExportParameters(false);
        var (modulus, exponent) = (parameters.Modulus!, parameters.Exponent!);
        switch (key)
        {
            case "even modulus":
                modulus[^1] &= 0xFE;
                break;
            case "power of two":
                modulus = [0x80, .. new byte[255]];
                break;
            case "exponent 1":
                exponent = [1];
                break;
            case "exponent 0":
                exponent = [0];
                break;
            case "even exponent":
                exponent = [1, 0, 0];
                break;
            default:
                exponent = [0x7F, .. Enumerable.Repeat((byte)0xFF, 256)];
                break;
        }

        using var certificate = Create(modulus, exponent);
        var error = ChainHarness.Verify(KeyTransportEnds.ServerName, CertificatePurpose.KeyTransportServer,
            TrustPolicy.FromPins(TrustPolicy.ComputePin(certificate)), [certificate.RawDataMemory], DateTimeOffset.UtcNow);
        Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected), (error?.Kind, error?.Code));
        Assert.Equal(CertificateErrorKind.WeakKey, error!.Certificate!.Kind);
        Assert.Contains("has an RSA key with", error.Message, StringComparison.Ordinal);

        var refused = Assert.Throws<CertificateException>(() => new CertificateIdentity(certificate, new NoUnwrapper()));
        Assert.Equal((CertificateErrorKind.WeakKey, error.Message), (refused.Error.Kind, refused.Message));
    }

    private static X509Certificate2 Create(byte[] modulus, byte[] exponent)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(exponent);
        }

        var key = new PublicKey(new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode()));
        var request = new CertificateRequest(new X500DistinguishedName("CN=odd"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificatePurposes.KeyTransportServerOid)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(KeyTransportEnds.ServerName);
        request.CertificateExtensions.Add(names.Build());
        var signer = X509SignatureGenerator.CreateForRSA(TestCertificates.Rsa2048, RSASignaturePadding.Pkcs1);
        return request.Create(new X500DistinguishedName("CN=odd"), signer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
    }

    private sealed class NoUnwrapper : KeyUnwrapper
    {
        public override ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default) => new(false);
    }
}
