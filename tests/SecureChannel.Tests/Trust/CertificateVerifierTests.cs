using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

public sealed class CertificateVerifierTests
{
    private static readonly X509Certificate2 Unknown = TestCertificate.Tls().SelfSigned();
    private static readonly X509Certificate2 Known = TestCertificate.Tls().BelowRoot();

    private static readonly CertificateVerifier Yes = new Verifier(request => request.Accept());
    private static readonly CertificateVerifier No = new Verifier(request => request.Reject(CertificateErrorKind.Rejected, "No. Ask somebody else."));

    public static TheoryData<string> Securities => ["Tls13", "SslStream"];

    [Fact]
    public async Task A_verifier_replaces_path_validation_and_sees_the_request()
    {
        CertificateVerificationRequest? seen = null;
        var trust = TrustPolicy.FromVerifier(new Verifier(request => (seen = request).Accept("peer 7")));
        var result = await VerifyAsync(trust, Unknown, Root);

        Assert.Equal("peer 7", result.Identity!.Identity.Name);
        Assert.Equal(Unknown.RawData, result.Identity.Identity.Certificate!.RawData);
        Assert.Equal(("bank.example", CertificatePurpose.TlsServer, TestCertificates.Now), (seen!.Name, seen.Purpose, seen.Time));
        Assert.Equal([Unknown.RawData, Root.RawData], seen.Chain.Select(certificate => certificate.ToArray()));
        Assert.Equal(TrustPolicy.ComputePin(Unknown), TrustPolicy.ComputePin(seen.PublicKey.Span));
    }

    [Fact]
    public async Task A_rejection_is_reported_with_the_certificate()
    {
        var error = (await VerifyAsync(TrustPolicy.FromVerifier(No), Known)).Error!;

        Assert.Equal((CertificateErrorKind.Rejected, "No. Ask somebody else."), (error.Kind, error.Message));
        Assert.Equal(Known.RawData, error.Certificate.ToArray());
    }

    [Fact]
    public async Task The_default_result_rejects()
    {
        Assert.Equal(CertificateErrorKind.Rejected, (await VerifyAsync(TrustPolicy.FromVerifier(new Verifier(_ => default)), Known)).Error?.Kind);
    }

    [Fact]
    public async Task An_acceptance_is_valid_for_its_request_alone()
    {
        CertificateVerificationResult? first = null;
        var trust = TrustPolicy.FromVerifier(new Verifier(request => first ??= request.Accept()));
        Assert.Null((await VerifyAsync(trust, Known)).Error);

        var reusing = new Verifier(_ => first!.Value);
        foreach (var policy in (TrustPolicy[])[trust, TrustPolicy.FromVerifier(reusing.Or(No)), TrustPolicy.FromVerifier(Yes.And(reusing))])
            Assert.NotNull((await VerifyAsync(policy, Known)).Error);
        var error = (await VerifyAsync(trust, Known)).Error!;
        Assert.Contains("returned the result of another request", error.Message, StringComparison.Ordinal);

        // The result of a policy belongs to no request either.
        var foreign = await VerifyAsync(Trusted, Known);
        Assert.NotNull(foreign.Identity);
        Assert.NotNull((await VerifyAsync(TrustPolicy.FromVerifier(new Verifier(_ => foreign)), Unknown)).Error);
    }

    [Fact]
    public async Task Verifiers_are_combined()
    {
        var policy = CertificateVerifier.FromPolicy(Trusted);
        (CertificateVerifier Verifier, bool IsKnownAccepted, bool IsUnknownAccepted)[] rows =
        [
            (policy, true, false), (policy.And(Yes), true, false), (Yes.And(policy), true, false), (policy.And(No), false, false), (No.And(policy), false, false),
            (policy.Or(Yes), true, true), (Yes.Or(policy), true, true), (policy.Or(No), true, false), (No.Or(policy), true, false), (No.Or(No), false, false),
        ];
        foreach (var (verifier, isKnownAccepted, isUnknownAccepted) in rows)
        {
            Assert.Equal(isKnownAccepted, (await VerifyAsync(TrustPolicy.FromVerifier(verifier), Known)).Error is null);
            Assert.Equal(isUnknownAccepted, (await VerifyAsync(TrustPolicy.FromVerifier(verifier), Unknown)).Error is null);
        }
    }

    [Fact]
    public async Task A_policy_with_a_verifier_and_pins_requires_both()
    {
        var trust = TrustPolicy.FromVerifier(Yes).WithPins(TrustPolicy.ComputePin(Known));

        Assert.Null((await VerifyAsync(trust, Known)).Error);
        var other = (TestCertificate.Tls() with { Key = TestCertificates.Rsa2048 }).SelfSigned();
        Assert.Equal(CertificateErrorKind.PinMismatch, (await VerifyAsync(trust, other)).Error?.Kind);
    }

    [Fact]
    public async Task A_malformed_certificate_does_not_reach_the_verifier()
    {
        var trust = TrustPolicy.FromVerifier(new Verifier(_ => throw new InvalidOperationException("The verifier was called.")));
        var result = await trust.VerifyAsync([Known.RawDataMemory[..^1]], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now);

        Assert.Equal(CertificateErrorKind.Malformed, result.Error?.Kind);
    }

    [Theory, MemberData(nameof(Securities))]
    public async Task A_handshake_awaits_the_verifier(string security)
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        var (client, server) = CreateSessions(security, TrustPolicy.FromVerifier(new SlowVerifier(asked, answer.Task)));
        await using (client)
        await using (server)
        {
            var handshake = client.HandshakeAsync();
            var accepting = server.HandshakeAsync();
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(5));
            Assert.False(handshake.IsCompleted);
            answer.SetResult();
            await Task.WhenAll(handshake, accepting).WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Equal("known before", client.PeerIdentity?.Name);
        }
    }

    [Theory, MemberData(nameof(Securities))]
    public async Task A_handshake_fails_when_the_verifier_rejects(string security)
    {
        var (client, server) = CreateSessions(security, TrustPolicy.FromVerifier(No));
        await using (client)
        await using (server)
        {
            var accepting = server.HandshakeAsync();
            var failure = await Assert.ThrowsAsync<SessionException>(() => client.HandshakeAsync()).WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Equal((SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected), (failure.Error.Kind, failure.Error.Code));
            Assert.Equal("No. Ask somebody else.", failure.Error.Certificate?.Message);
            await Assert.ThrowsAnyAsync<Exception>(() => accepting).WaitAsync(TimeSpan.FromSeconds(5));
        }
    }

    [Theory, MemberData(nameof(Securities))]
    public async Task A_verifier_that_throws_is_a_local_error(string security)
    {
        var (client, server) = CreateSessions(security, TrustPolicy.FromVerifier(new Verifier(_ => throw new NotSupportedException("Broken verifier."))));
        await using (client)
        await using (server)
        {
            var accepting = server.HandshakeAsync();
            var failure = await Assert.ThrowsAsync<SessionException>(() => client.HandshakeAsync()).WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Equal((SessionErrorKind.LocalError, SessionErrorCode.CallbackFailed), (failure.Error.Kind, failure.Error.Code));
            Assert.Contains("Broken verifier", failure.Error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<Exception>(() => accepting).WaitAsync(TimeSpan.FromSeconds(5));
        }
    }

    private static (SecureSession Client, SecureSession Server) CreateSessions(string security, TrustPolicy trust)
    {
        var (near, far) = MemoryLink.Create();
        var kind = security == "Tls13" ? SessionSecurity.Tls13 : SessionSecurity.SslStream;
        return (SecureSession.Create(near, new ClientOptions { Security = kind, Trust = trust, ServerName = "bank.example" }),
            SecureSession.Create(far, new ServerOptions { Security = kind, Identity = Tls13Ends.Identity }));
    }

    private static ValueTask<CertificateVerificationResult> VerifyAsync(TrustPolicy trust, params X509Certificate2[] sent) => trust.VerifyAsync(
        [.. sent.Select(certificate => certificate.RawDataMemory)], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now);

    private sealed class Verifier(Func<CertificateVerificationRequest, CertificateVerificationResult> verify) : CertificateVerifier
    {
        public override ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken) =>
            new(verify(request));
    }

    private sealed class SlowVerifier(TaskCompletionSource asked, Task answer) : CertificateVerifier
    {
        public override async ValueTask<CertificateVerificationResult> VerifyAsync(
            CertificateVerificationRequest request, CancellationToken cancellationToken)
        {
            asked.SetResult();
            await answer.WaitAsync(cancellationToken);
            return request.Accept("known before");
        }
    }
}
