using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class PresentedCertificateTests
{
    private static readonly byte[] Good = new TestCertificate().BelowRoot().RawData;

    [Fact]
    public void An_empty_list_is_not_accepted() => Malformed(AlertDescription.DecodeError, "The peer sent no certificate");

    [Fact]
    public void More_than_10_certificates_are_rejected()
    {
        var error = VerifyBytes([.. Enumerable.Repeat(Good, 11)]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("The peer sent 11 certificates", error!.Message, StringComparison.Ordinal);
        Assert.Null(VerifyBytes([.. Enumerable.Repeat(Good, 10)]));
    }

    [Fact]
    public void More_than_64_KiB_are_rejected_before_they_are_parsed()
    {
        var error = VerifyBytes(Good, new byte[ChainVerifier.MaxBytes]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("at most 10 certificates with a total of 65536 bytes are accepted", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_a_certificate_in_DER_are_not_accepted()
    {
        Malformed(AlertDescription.BadCertificate, "Certificate 1 of 1 from the peer is not a valid certificate in DER", Array.Empty<byte>());
        Malformed(AlertDescription.BadCertificate, "Certificate 2 of 2", Good, [0x30, 0x80, 0, 0]);
        Malformed(AlertDescription.BadCertificate, "Certificate 1 of 1", [.. Good, 0]);
        Malformed(AlertDescription.BadCertificate, "Certificate 1 of 1", Good[..^1]);
        Malformed(AlertDescription.BadCertificate, "Certificate 1 of 1", System.Text.Encoding.ASCII.GetBytes(Root.ExportCertificatePem()));
    }

    [Fact]
    public void A_certificate_with_any_byte_changed_is_rejected_without_an_exception()
    {
        for (var index = 0; index < Good.Length; index++)
        {
            foreach (byte mask in (byte[])[0x01, 0x80, 0xFF])
            {
                var changed = Good.ToArray();
                changed[index] ^= mask;

                Assert.True(VerifyBytes(changed) is { Kind: SessionErrorKind.UntrustedPeer }, $"byte {index} xor {mask}");
            }
        }
    }

    [Fact]
    public void A_pinned_certificate_with_any_byte_changed_never_causes_an_exception()
    {
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(new TestCertificate().BelowRoot()));
        for (var index = 0; index < Good.Length; index++)
        {
            var changed = Good.ToArray();
            changed[index] ^= 0x10;

            Verify("bank.example", CertificatePurpose.KeyTransportServer, trust, [changed]);
        }
    }

    private static void Malformed(AlertDescription alert, string reason, params byte[][] sent)
    {
        var error = VerifyBytes(sent);
        Assert.Equal((SessionErrorKind.UntrustedPeer, alert), (error?.Kind, error?.Alert));
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    private static SessionError? VerifyBytes(params byte[][] sent) =>
        Verify("bank.example", CertificatePurpose.KeyTransportServer, Trusted, [.. sent.Select(bytes => (ReadOnlyMemory<byte>)bytes)]);
}
