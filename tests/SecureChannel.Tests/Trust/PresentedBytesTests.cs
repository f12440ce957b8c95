using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class PresentedBytesTests
{
    private static readonly byte[] Good = new TestCertificate().BelowRoot().RawData;

    [Fact]
    public void No_certificate_is_malformed() => Malformed(AlertDescription.DecodeError, "the peer sent no certificate");

    [Fact]
    public void More_than_ten_certificates_are_refused()
    {
        var error = JudgeBytes([.. Enumerable.Repeat(Good, 11)]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("the peer sent 11 certificates", error!.Message, StringComparison.Ordinal);
        Assert.Null(JudgeBytes([.. Enumerable.Repeat(Good, 10)]));
    }

    [Fact]
    public void More_than_64_KiB_are_refused_before_they_are_read()
    {
        var error = JudgeBytes(Good, new byte[ChainValidator.MaxBytes]);

        Assert.Equal((SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate), (error?.Kind, error?.Alert));
        Assert.Contains("at most 10 of 65536 bytes in all", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_DER_is_malformed()
    {
        Malformed(AlertDescription.BadCertificate, "certificate 1 of the 1 that the peer sent is no certificate in DER", Array.Empty<byte>());
        Malformed(AlertDescription.BadCertificate, "certificate 2 of the 2", Good, [0x30, 0x80, 0, 0]);
        Malformed(AlertDescription.BadCertificate, "certificate 1 of the 1", [.. Good, 0]);
        Malformed(AlertDescription.BadCertificate, "certificate 1 of the 1", Good[..^1]);
        Malformed(AlertDescription.BadCertificate, "certificate 1 of the 1", System.Text.Encoding.ASCII.GetBytes(Root.ExportCertificatePem()));
    }

    [Fact]
    public void No_changed_byte_makes_it_throw_and_none_is_accepted()
    {
        for (var index = 0; index < Good.Length; index++)
        {
            foreach (byte mask in (byte[])[0x01, 0x80, 0xFF])
            {
                var changed = Good.ToArray();
                changed[index] ^= mask;

                Assert.True(JudgeBytes(changed) is { Kind: SessionErrorKind.UntrustedPeer or SessionErrorKind.MalformedMessage }, $"byte {index} xor {mask}");
            }
        }
    }

    [Fact]
    public void No_changed_byte_makes_a_pinned_certificate_throw()
    {
        var trust = TrustPolicy.FromPins(TrustPolicy.ComputePin(new TestCertificate().BelowRoot()));
        for (var index = 0; index < Good.Length; index++)
        {
            var changed = Good.ToArray();
            changed[index] ^= 0x10;

            Judge("bank.example", CertificatePurpose.KeyTransportServer, trust, [changed]);
        }
    }

    private static void Malformed(AlertDescription alert, string reason, params byte[][] sent)
    {
        var error = JudgeBytes(sent);
        Assert.Equal((SessionErrorKind.MalformedMessage, alert), (error?.Kind, error?.Alert));
        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    private static SessionError? JudgeBytes(params byte[][] sent) =>
        Judge("bank.example", CertificatePurpose.KeyTransportServer, Trusted, [.. sent.Select(bytes => (ReadOnlyMemory<byte>)bytes)]);
}
