using SecureChannel.Testing;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The client's request for a stapled OCSP response: RFC 9846 section 4.5.1.1.</summary>
public sealed class StapledResponseTests
{
    public static TheoryData<string, bool> Policies => new() { { "authorities", false }, { "pins", false }, { "verifier", true }, { "revocation", true } };

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_client_requests_a_response_if_its_policy_can_use_one(string policy, bool expected)
    {
        var authorities = Tls13Ends.Client.Trust;
        var trust = policy switch
        {
            "pins" => TrustPolicy.FromPins(TrustPolicy.ComputePin(Tls13Ends.Identity.Certificate)),
            "verifier" => TrustPolicy.FromVerifier(CertificateVerifier.FromPolicy(authorities)),
            "revocation" => authorities.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable }),
            _ => authorities,
        };
        using var offer = ClientOffer.Create(Tls13Ends.Client with { Trust = trust });
        Assert.Equal(expected, offer.Has(ExtensionType.StatusRequest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_passes_the_stapled_response_to_the_verification(bool hasResponse)
    {
        byte[] response = hasResponse ? [1, 2, 3] : [];
        using var identity = new CertificateIdentity(Tls13Ends.Identity.Certificate, Tls13Ends.Identity.Intermediates) { OcspResponse = response };
        var verifier = new Verifier();
        var (near, far) = MemoryLink.Create();
        await using var client = SecureSession.Create(near, new ClientOptions { Trust = TrustPolicy.FromVerifier(verifier), ServerName = Tls13Ends.ServerName });
        await using var server = SecureSession.Create(far, new ServerOptions { Identity = identity });
        await Task.WhenAll(client.HandshakeAsync(), server.HandshakeAsync()).WaitAsync(SessionPair.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(response, verifier.Response?.ToArray());
    }

    private sealed class Verifier : CertificateVerifier
    {
        public ReadOnlyMemory<byte>? Response { get; private set; }

        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            Response = request.StapledOcspResponse;
            return new(request.Accept());
        }
    }
}
