using System.Net;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Ocsp;
using SecureChannel.Testing;
using static SecureChannel.Pki.Tests.RevocationPki;

namespace SecureChannel.Pki.Tests;

/// <summary>Stapled OCSP responses in handshakes: RFC 9846 section 4.5.1.1.</summary>
public sealed class StaplingTests
{
    private static readonly DnsEndPoint Remote = new("bank.example", 7443);

    private static readonly Dictionary<string, (Func<byte[]> Response, AlertDescription? Alert)> Rows = new()
    {
        ["good"] = (() => Ocsp(), null),
        ["revoked"] = (() => Ocsp(status: new RevokedStatus(Now.AddDays(-1), 1)), AlertDescription.CertificateRevoked),
        ["expired"] = (() => Ocsp(thisUpdateHours: -48, nextUpdateHours: -1), AlertDescription.BadCertificateStatusResponse),
        ["another responder"] = (() => Ocsp(key: OtherKey), AlertDescription.BadCertificateStatusResponse),
        ["none"] = (() => [], AlertDescription.CertificateUnknown),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_that_requires_a_status_uses_the_stapled_response(string row)
    {
        var (response, alert) = Rows[row];
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl] });
        Assert.Equal(alert, await ConnectAsync("Tls13", trust, response()));
    }

    [Fact]
    public async Task A_client_with_optional_revocation_accepts_a_server_without_a_response_unless_its_certificate_requires_one()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable });
        Assert.Null(await ConnectAsync("Tls13", trust, []));
        using var strict = Server(MustStaple()).SignedBy(Intermediate, IntermediateKey);
        Assert.Equal(AlertDescription.BadCertificateStatusResponse, await ConnectAsync("Tls13", trust, [], strict));
        Assert.Null(await ConnectAsync("Tls13", trust, Ocsp(about: strict), strict));
        Assert.Null(await ConnectAsync("Tls13", Trust, [], strict));
    }

    // SslStream and key transport deliver no stapled response, so the status has to be known from other data.
    [Fact]
    public async Task Other_securities_use_the_configured_data()
    {
        var required = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl] };
        Assert.Equal(AlertDescription.CertificateUnknown, await ConnectAsync("SslStream", Trust.WithOptions(required), Ocsp()));
        Assert.Null(await ConnectAsync("SslStream", Trust.WithOptions(required with { OcspResponses = [Ocsp()] }), []));
        using var wrapping = new TestCertificate().SignedBy(Intermediate, IntermediateKey);
        var good = required with { Crls = [RootCrl, Crl(Intermediate, IntermediateKey)] };
        Assert.Null(await ConnectAsync("KeyTransport", Trust.WithOptions(good), [], wrapping));
        var revoked = required with { Crls = [RootCrl, Crl(Intermediate, IntermediateKey, [wrapping])] };
        Assert.Equal(AlertDescription.CertificateRevoked, await ConnectAsync("KeyTransport", Trust.WithOptions(revoked), [], wrapping));
    }

    [Theory]
    [InlineData("Tls13")]
    [InlineData("SslStream")]
    [InlineData("KeyTransport")]
    public async Task A_verifier_receives_the_remote_endpoint_and_the_stapled_response(string security)
    {
        var verifier = new Verifier();
        var response = Ocsp();
        using var wrapping = new TestCertificate().SignedBy(Intermediate, IntermediateKey);
        Assert.Null(await ConnectAsync(security, TrustPolicy.FromVerifier(verifier), response, security == "KeyTransport" ? wrapping : Leaf));
        Assert.Equal(Remote, verifier.Request!.RemoteEndPoint);
        Assert.Equal(security == "Tls13" ? response : [], verifier.Request.StapledOcspResponse.ToArray());
    }

    [Fact]
    public async Task A_policy_that_a_verifier_uses_receives_the_stapled_response()
    {
        var policy = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl] });
        var trust = TrustPolicy.FromVerifier(CertificateVerifier.FromPolicy(policy));
        Assert.Null(await ConnectAsync("Tls13", trust, Ocsp()));
        Assert.NotNull(await ConnectAsync("Tls13", trust, Ocsp(about: OtherLeaf)));
    }

    // Returns the alert of the client, or null if the handshake completed.
    private static async Task<AlertDescription?> ConnectAsync(string security, TrustPolicy trust, byte[] response, X509Certificate2? leaf = null)
    {
        var certificate = leaf ?? Leaf;
        using var withKey = certificate.GetRSAPublicKey() is null
            ? certificate.CopyWithPrivateKey(TestCertificates.P256) : certificate.CopyWithPrivateKey(TestCertificates.Rsa2048);
        using var identity = new CertificateIdentity(withKey, [Intermediate]) { OcspResponse = response };
        var time = new ManualTimeProvider(TestCertificates.Now);
        var kind = security switch { "Tls13" => SessionSecurity.Tls13, "SslStream" => SessionSecurity.SslStream, _ => SessionSecurity.KeyTransport };
        var (near, far) = MemoryLink.Create();
        await using var client = SecureSession.Create(
            near, new ClientOptions { Security = kind, Trust = trust, ServerName = Name, TimeProvider = time }, remoteEndPoint: Remote);
        await using var server = SecureSession.Create(far, new ServerOptions { Security = kind, Identity = identity, TimeProvider = time });
        var accepting = server.HandshakeAsync(TestContext.Current.CancellationToken);
        var failure = await Record.ExceptionAsync(() => client.HandshakeAsync(TestContext.Current.CancellationToken).WaitAsync(SessionPair.Patience));
        if (failure is null)
        {
            await accepting.WaitAsync(SessionPair.Patience);
            return null;
        }

        var alert = Assert.IsType<SessionException>(failure).Error.Alert;
        var received = await Record.ExceptionAsync(() => accepting.WaitAsync(SessionPair.Patience));
        if (kind != SessionSecurity.SslStream)
            Assert.Equal(alert, Assert.IsType<SessionException>(received).Error.Alert);
        return alert;
    }

    private sealed class Verifier : CertificateVerifier
    {
        public CertificateVerificationRequest? Request { get; private set; }

        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            Request = request;
            return new(request.Accept());
        }
    }
}
