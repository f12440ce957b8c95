using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Ocsp;
using SecureChannel.Testing;
using static SecureChannel.Pki.Tests.RevocationPki;

namespace SecureChannel.Pki.Tests;

/// <summary>The use of OCSP responses: RFC 6960 sections 3.2 and 4.2. BouncyCastle creates the responses.</summary>
public sealed class OcspTests
{
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string Sha512 = "2.16.840.1.101.3.4.2.3";
    private const string Unauthorized = "from a responder that the issuer did not authorize";

    private static readonly X509Certificate2 Delegate = Responder().SignedBy(Intermediate, IntermediateKey);

    // For each row: a response, and its result: null if it shows that the server's certificate is good, "Revoked", or the reason why the status is unknown.
    private static readonly Dictionary<string, (Func<byte[]> Response, string? Result)> Rows = new()
    {
        ["issuer"] = (() => Ocsp(), null),
        ["issuer, identified by SHA-256"] = (() => Ocsp(hash: Sha256), null),
        ["issuer, identified by SHA-512"] = (() => Ocsp(hash: Sha512), "does not contain the status of the certificate"),
        ["issuer, identified by its key"] = (() => Ocsp(responder: new RespID(ConvertPublic(IntermediateKey))), null),
        ["another responder's name"] = (() => Ocsp(responder: new RespID(Convert(Delegate).SubjectDN)), Unauthorized),
        ["signed by another key"] = (() => Ocsp(key: OtherKey), "has a signature that the key of its responder does not verify"),
        ["modified"] = (() => { var response = Ocsp(); response[^1] ^= 1; return response; }, "has a signature that the key of its responder does not verify"),
        ["signed with SHA-1"] = (() => Ocsp(algorithm: "SHA1withECDSA"), "is signed with an algorithm that is not accepted"),
        ["revoked"] = (() => Ocsp(status: new RevokedStatus(Now.AddDays(-1), 1)), "Revoked"),
        ["revoked, without a reason"] = (() => Ocsp(status: new RevokedStatus(Now.AddDays(-1))), "Revoked"),
        ["revoked, expired"] = (() => Ocsp(status: new RevokedStatus(Now.AddDays(-1), 1), thisUpdateHours: -50, nextUpdateHours: -2), "Revoked"),
        ["revoked, signed by another key"] = (() => Ocsp(status: new RevokedStatus(Now.AddDays(-1), 1), key: OtherKey), "has a signature"),
        ["unknown"] = (() => Ocsp(status: new UnknownStatus()), "says that the responder does not know the certificate"),
        ["expired"] = (() => Ocsp(thisUpdateHours: -48, nextUpdateHours: 0), "expired at 2026-06-15 12:00:00Z"),
        ["of the future"] = (() => Ocsp(thisUpdateHours: 1), "is not valid before 2026-06-15 13:00:00Z"),
        ["without nextUpdate, new"] = (() => Ocsp(thisUpdateHours: 0, nextUpdateHours: null), null),
        ["without nextUpdate, after an hour"] = (() => Ocsp(thisUpdateHours: -1, nextUpdateHours: null), "expired at 2026-06-15 12:00:00Z"),
        ["of the first day that a time can have"] = (() => Ocsp(thisUpdate: new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)), null),
        ["of the last hour that a time can have, without nextUpdate"] =
            (() => Ocsp(thisUpdate: new DateTime(9999, 12, 31, 23, 30, 0, DateTimeKind.Utc), nextUpdateHours: null), "is not valid before 9999-12-31 23:30:00Z"),
        ["another certificate"] = (() => Ocsp(about: OtherLeaf), "does not contain the status of the certificate"),
        ["another issuer"] = (() => Ocsp(issuer: Root, key: RootKey), "does not contain the status of the certificate"),
        ["delegate"] = (() => Delegated(Delegate), null),
        ["delegate, identified by its key"] = (() => Ocsp(key: OtherKey, responder: new RespID(ConvertPublic(OtherKey)), certificates: [Delegate]), null),
        ["delegate, after other certificates"] = (() => Ocsp(key: OtherKey, responder: new RespID(Convert(Delegate).SubjectDN), certificates: [Root, Leaf, Delegate]), null),
        ["delegate, revoked status"] =
            (() => Ocsp(key: OtherKey, responder: new RespID(Convert(Delegate).SubjectDN), certificates: [Delegate], status: new RevokedStatus(Now.AddDays(-1), 1)), "Revoked"),
        ["delegate without its certificate"] = (() => Ocsp(key: OtherKey, responder: new RespID(Convert(Delegate).SubjectDN)), Unauthorized),
        ["delegate with another key"] = (() => Ocsp(key: RootKey, responder: new RespID(Convert(Delegate).SubjectDN), certificates: [Delegate]), "has a signature"),
        ["delegate without the purpose"] = (() => Delegated(Responder("1.3.6.1.5.5.7.3.1").SignedBy(Intermediate, IntermediateKey)), Unauthorized),
        ["delegate with any purpose"] = (() => Delegated(Responder("2.5.29.37.0").SignedBy(Intermediate, IntermediateKey)), Unauthorized),
        ["delegate of the root"] = (() => Delegated(Responder().SignedBy(Root, RootKey)), Unauthorized),
        ["delegate of a forged issuer"] = (() => Delegated(Responder().SignedBy(Intermediate, RootKey)), Unauthorized),
        ["delegate that expired"] = (() => Delegated((Responder() with { NotAfter = TestCertificates.Now.AddDays(-1) }).SignedBy(Intermediate, IntermediateKey)), Unauthorized),
        ["delegate that cannot sign"] =
            (() => Delegated((Responder() with { Usage = X509KeyUsageFlags.KeyEncipherment }).SignedBy(Intermediate, IntermediateKey)), Unauthorized),
        ["delegate with a critical extension"] =
            (() => Delegated((Responder() with { MoreExtensions = [new X509Extension("1.2.3.4", [5, 0], critical: true)] }).SignedBy(Intermediate, IntermediateKey)), Unauthorized),
        ["the server itself"] = (() => Ocsp(key: (System.Security.Cryptography.ECDsa)TestCertificates.P256, responder: new RespID(Convert(Leaf).SubjectDN), certificates: [Leaf]), Unauthorized),
        ["nonce"] = (() => Ocsp(extensions: Extension("1.3.6.1.5.5.7.48.1.2", isCritical: false)), null),
        ["critical extension"] = (() => Ocsp(extensions: Extension("1.2.3.4", isCritical: true)), "has a critical extension"),
        ["critical extension of the status"] = (() => Ocsp(singleExtensions: Extension("1.2.3.4", isCritical: true)), "has a critical extension"),
        ["tryLater"] = (() => OcspError(3), "contains an error of the responder in place of a status"),
        ["trailing byte"] = (() => [.. Ocsp(), 0], "is not a valid OCSP response in DER"),
        ["truncated"] = (() => Ocsp()[..^1], "is not a valid OCSP response in DER"),
        ["text"] = (() => "good"u8.ToArray(), "is not a valid OCSP response in DER"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    // RFC 6066 section 8: a client "MUST check the OCSP response and abort the handshake if the response is not satisfactory".
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_stapled_response_is_checked_in_both_modes(string row)
    {
        var (response, result) = Rows[row];
        foreach (var mode in (RevocationMode[])[RevocationMode.Required, RevocationMode.IfAvailable])
        {
            var error = await VerifyAsync(new TrustOptions { Revocation = mode, Crls = [RootCrl] }, stapled: response());
            AssertResult(result, AlertDescription.BadCertificateStatusResponse, error);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_configured_response_shows_the_status_or_is_ignored(string row)
    {
        var (response, result) = Rows[row];
        var required = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl], OcspResponses = [response()] };
        if (result is not null && (result.StartsWith("is not a valid", StringComparison.Ordinal) || result.StartsWith("contains an error", StringComparison.Ordinal)
            || row == "critical extension"))
        {
            var exception = Assert.Throws<ArgumentException>(() => Trust.WithOptions(required));
            Assert.StartsWith($"Item 0 of 'OcspResponses' {result}", exception.Message, StringComparison.Ordinal);
            return;
        }

        // A response about another certificate does not explain the error.
        var text = result?.StartsWith("does not contain", StringComparison.Ordinal) == true ? "no CRL or OCSP response" : result;
        AssertResult(text, AlertDescription.CertificateUnknown, await VerifyAsync(required));
        var ifAvailable = await VerifyAsync(required with { Revocation = RevocationMode.IfAvailable });
        AssertResult(result == "Revoked" ? result : null, AlertDescription.CertificateUnknown, ifAvailable);
    }

    [Fact]
    public async Task A_revoked_responder_is_not_authorized()
    {
        var options = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, Crl(Intermediate, IntermediateKey, [Delegate], nextUpdateHours: -1)] };
        AssertResult(Unauthorized, AlertDescription.BadCertificateStatusResponse, await VerifyAsync(options, stapled: Delegated(Delegate)));
        AssertResult(null, AlertDescription.BadCertificateStatusResponse, await VerifyAsync(options with { Crls = [RootCrl] }, stapled: Delegated(Delegate)));
    }

    [Fact]
    public async Task A_revocation_by_any_source_counts_more_than_a_good_status()
    {
        var good = Ocsp();
        var options = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, Crl(Intermediate, IntermediateKey, [Leaf])] };
        AssertResult("Revoked", default, await VerifyAsync(options, stapled: good));
        var revoked = Ocsp(status: new RevokedStatus(Now.AddDays(-1), 1));
        options = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, Crl(Intermediate, IntermediateKey)], OcspResponses = [good, revoked] };
        AssertResult("Revoked", default, await VerifyAsync(options, stapled: good));
    }

    [Fact]
    public async Task An_OCSP_response_about_an_intermediate_authority_is_used()
    {
        var aboutIntermediate = Ocsp(about: Intermediate, issuer: Root, key: RootKey);
        var options = new TrustOptions { Revocation = RevocationMode.Required, OcspResponses = [aboutIntermediate] };
        AssertResult(null, default, await VerifyAsync(options, stapled: Ocsp()));
        var revoked = Ocsp(about: Intermediate, issuer: Root, key: RootKey, status: new RevokedStatus(Now.AddDays(-1), 1));
        AssertResult("Revoked", default, await VerifyAsync(options with { OcspResponses = [revoked] }, stapled: Ocsp()), Intermediate);
    }

    // RFC 7633 section 4. A response that was not requested cannot be expected.
    [Theory]
    [InlineData(RevocationMode.None, "not requested", null)]
    [InlineData(RevocationMode.IfAvailable, "not sent", "requires a stapled OCSP response (RFC 7633), but the peer sent none")]
    [InlineData(RevocationMode.Required, "not sent", "requires a stapled OCSP response (RFC 7633), but the peer sent none")]
    [InlineData(RevocationMode.IfAvailable, "not requested", "no CRL or OCSP response of its issuer 'CN=Intermediate'")]
    [InlineData(RevocationMode.IfAvailable, "not requested, but a CRL is available", null)]
    [InlineData(RevocationMode.IfAvailable, "not sent, but a CRL is available", "requires a stapled OCSP response")]
    [InlineData(RevocationMode.IfAvailable, "sent", null)]
    [InlineData(RevocationMode.Required, "sent", null)]
    public async Task A_certificate_that_requires_stapling_needs_a_stapled_response(RevocationMode mode, string stapled, string? expected)
    {
        using var leaf = Server(MustStaple()).SignedBy(Intermediate, IntermediateKey);
        ReadOnlyMemory<byte>[] crls = stapled.EndsWith("available", StringComparison.Ordinal) ? [RootCrl, Crl(Intermediate, IntermediateKey)] : [RootCrl];
        var response = default(ReadOnlyMemory<byte>?);
        if (!stapled.StartsWith("not requested", StringComparison.Ordinal))
            response = stapled == "sent" ? Ocsp(about: leaf) : Array.Empty<byte>();
        var error = await VerifyAsync(new TrustOptions { Revocation = mode, Crls = mode == RevocationMode.None ? [] : crls }, leaf, response);
        var alert = expected?.StartsWith("requires", StringComparison.Ordinal) == true ? AlertDescription.BadCertificateStatusResponse : AlertDescription.CertificateUnknown;
        AssertResult(expected, alert, error, leaf);
    }

    [Fact]
    public async Task A_malformed_TLS_feature_extension_is_refused()
    {
        using var leaf = Server(new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 3, 4, 1, 5], critical: false)).SignedBy(Intermediate, IntermediateKey);
        Assert.Equal(CertificateErrorKind.Malformed, (await VerifyAsync(new TrustOptions(), leaf))?.Certificate?.Kind);
    }

    [Fact]
    public async Task A_mutated_response_is_never_satisfactory_and_causes_no_exception()
    {
        var original = Delegated(Delegate);
        var options = new TrustOptions { Revocation = RevocationMode.IfAvailable };
        var random = new Random(20261202);
        for (var number = 0; number < 3000; number++)
        {
            var mutated = CertificateMutator.Mutate(original, Delegate.RawData, random);
            if (mutated.Length == 0 || mutated.AsSpan().SequenceEqual(original))
                continue;
            var error = await VerifyAsync(options, stapled: mutated);
            Assert.True(error?.Certificate?.Kind == CertificateErrorKind.RevocationUnknown, $"Mutation {number}: {System.Convert.ToHexString(mutated)}");
        }
    }

    private static byte[] Delegated(X509Certificate2 responder) =>
        Ocsp(key: OtherKey, responder: new RespID(Convert(responder).SubjectDN), certificates: [responder]);

    private static void AssertResult(string? expected, AlertDescription unknownAlert, SessionError? actual, X509Certificate2? concerned = null)
    {
        if (expected is null)
        {
            Assert.Null(actual);
            return;
        }

        Assert.NotNull(actual?.Certificate);
        Assert.Equal((concerned ?? Leaf).RawData, actual.Certificate.Certificate.ToArray());
        var (kind, alert) = expected == "Revoked"
            ? (CertificateErrorKind.Revoked, AlertDescription.CertificateRevoked)
            : (CertificateErrorKind.RevocationUnknown, unknownAlert);
        Assert.Equal((SessionErrorKind.UntrustedPeer, kind, alert), (actual.Kind, actual.Certificate.Kind, actual.Alert));
        Assert.Contains(expected == "Revoked" ? "was revoked at" : expected, actual.Message, StringComparison.Ordinal);
    }
}
