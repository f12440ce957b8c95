using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using SecureChannel.Testing;
using static SecureChannel.Pki.Tests.RevocationPki;
using X509Extension = System.Security.Cryptography.X509Certificates.X509Extension;

namespace SecureChannel.Pki.Tests;

/// <summary>The use of CRLs: RFC 5280 section 6.3.3. BouncyCastle creates the CRLs.</summary>
public sealed class CrlTests
{
    private static readonly X509Certificate2 Pointed = Server(DistributionPoint(CrlUri)).SignedBy(Intermediate, IntermediateKey);

    // For each row: the CRLs of the intermediate authority, and the result for the server's certificate in both modes: null if it is accepted.
    private static readonly Dictionary<string, (Func<byte[][]> Crls, X509Certificate2 Leaf, string? Required, string? IfAvailable)> Rows = new()
    {
        ["current"] = (() => [Crl(Intermediate, IntermediateKey)], Leaf, null, null),
        ["lists another certificate"] = (() => [Crl(Intermediate, IntermediateKey, [OtherLeaf])], Leaf, null, null),
        ["lists the certificate"] = (() => [Crl(Intermediate, IntermediateKey, [OtherLeaf, Leaf])], Leaf, "Revoked", "Revoked"),
        ["none"] = (() => [], Leaf, "no CRL or OCSP response of its issuer 'CN=Intermediate'", null),
        ["of another issuer"] = (() => [Crl(Root, RootKey)], Leaf, "no CRL or OCSP response", null),
        ["expired"] = (() => [Crl(Intermediate, IntermediateKey, nextUpdateHours: 0)], Leaf, "expired at 2026-06-15 12:00:00Z", null),
        ["expired, but lists the certificate"] = (() => [Crl(Intermediate, IntermediateKey, [Leaf], nextUpdateHours: -1)], Leaf, "Revoked", "Revoked"),
        ["expired, and a current one"] =
            (() => [Crl(Intermediate, IntermediateKey, nextUpdateHours: -1), Crl(Intermediate, IntermediateKey)], Leaf, null, null),
        ["of the future"] = (() => [Crl(Intermediate, IntermediateKey, thisUpdateHours: 1)], Leaf, "is not valid before 2026-06-15 13:00:00Z", null),
        ["of four minutes later"] = (() => [Crl(Intermediate, IntermediateKey, change: crl => crl.SetThisUpdate(Now.AddMinutes(4)))], Leaf, null, null),
        ["signed by another key"] = (() => [Crl(Intermediate, OtherKey, [Leaf])], Leaf, "the signature of the CRL is not by the key of its issuer", null),
        ["signed with SHA-1"] = (() => [Crl(Intermediate, IntermediateKey, [Leaf], algorithm: "SHA1withECDSA")], Leaf, "algorithm that is not accepted", null),
        ["for servers and clients only"] = (() => [Crl(Intermediate, IntermediateKey, change: Scope(users: true))], Leaf, null, null),
        ["for authorities only"] = (() => [Crl(Intermediate, IntermediateKey, [Leaf], change: Scope(authorities: true))], Leaf, "issuingDistributionPoint", null),
        ["for a distribution point of the certificate"] = (() => [Crl(Intermediate, IntermediateKey, change: Scope(CrlUri))], Pointed, null, null),
        ["for a distribution point of the certificate, which it lists"] =
            (() => [Crl(Intermediate, IntermediateKey, [Pointed], change: Scope(CrlUri))], Pointed, "Revoked", "Revoked"),
        ["for another distribution point"] =
            (() => [Crl(Intermediate, IntermediateKey, [Pointed], change: Scope("http://crl.example/2.crl"))], Pointed, "issuingDistributionPoint", null),
        ["for a distribution point, but the certificate has none"] =
            (() => [Crl(Intermediate, IntermediateKey, change: Scope(CrlUri))], Leaf, "issuingDistributionPoint", null),
        ["for some reasons"] =
            (() => [Crl(Intermediate, IntermediateKey, change: Scope(reasons: ReasonFlags.KeyCompromise))], Leaf, "covers only some reasons", null),
        ["for some reasons, and for the others"] =
            (() => [Crl(Intermediate, IntermediateKey, change: Scope(reasons: ReasonFlags.KeyCompromise)),
                Crl(Intermediate, IntermediateKey, change: Scope(reasons: AllReasons & ~ReasonFlags.KeyCompromise))], Leaf, null, null),
        ["for some reasons, one of which applies"] =
            (() => [Crl(Intermediate, IntermediateKey, [Leaf], change: Scope(reasons: ReasonFlags.KeyCompromise))], Leaf, "Revoked", "Revoked"),
    };

    // The bits of ReasonFlags in BouncyCastle: unused bits of the last byte are first.
    private const int AllReasons = ReasonFlags.KeyCompromise | ReasonFlags.CACompromise | ReasonFlags.AffiliationChanged | ReasonFlags.Superseded
        | ReasonFlags.CessationOfOperation | ReasonFlags.CertificateHold | ReasonFlags.PrivilegeWithdrawn | ReasonFlags.AACompromise;

    // For each row: a CRL that is refused when a policy is created, and the reason.
    private static readonly Dictionary<string, (Func<byte[]> Crl, string Reason)> RefusedRows = new()
    {
        ["delta"] = (() => Crl(Root, RootKey, change: crl => crl.AddExtension(X509Extensions.DeltaCrlIndicator, true, DerInteger.ValueOf(1))), "is a delta CRL"),
        ["indirect"] = (() => Crl(Root, RootKey, change: Scope(indirect: true)), "is an indirect CRL"),
        ["attribute certificates"] = (() => Crl(Root, RootKey, change: Scope(attributes: true)), "contains only attribute certificates"),
        ["no number"] = (() => Crl(Root, RootKey, hasNumber: false), "has no CRL number"),
        ["no number, but other extensions"] = (() => Crl(Root, RootKey, hasNumber: false, change: Scope(users: true)), "has no CRL number"),
        ["critical number"] =
            (() => Crl(Root, RootKey, hasNumber: false, change: crl => crl.AddExtension(X509Extensions.CrlNumber, true, DerInteger.ValueOf(1))), "critical extension 2.5.29.20"),
        ["unknown critical extension"] =
            (() => Crl(Root, RootKey, change: crl => crl.AddExtension(new DerObjectIdentifier("1.2.3.4"), true, DerNull.Instance)), "critical extension 1.2.3.4"),
        ["unknown critical extension of an entry"] =
            (() => Crl(Root, RootKey, change: crl => crl.AddCrlEntry(SerialNumberOf(Leaf), Now, Extension("1.2.3.4", isCritical: true))), "entry with extensions"),
        ["issuer of an entry"] =
            (() => Crl(Root, RootKey, change: crl => crl.AddCrlEntry(SerialNumberOf(Leaf), Now, Extension("2.5.29.29", isCritical: true))), "entry with extensions"),
        ["trailing byte"] = (() => [.. Crl(Root, RootKey), 0], "is not a valid CRL in DER"),
        ["truncated"] = (() => Crl(Root, RootKey)[..^1], "is not a valid CRL in DER"),
        ["empty"] = (() => [], "contains no CRL"),
        ["certificate"] = (() => Root.RawData, "is not a valid CRL in DER"),
        ["text"] = (() => "http://crl.example/1.crl"u8.ToArray(), "contains no CRL"),
        ["certificate in PEM"] = (() => [.. Root.ExportCertificatePem().Select(letter => (byte)letter)], "at least one PEM block 'X509 CRL'"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static TheoryData<string> RefusedNames => [.. RefusedRows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_certificate_is_accepted_or_rejected_according_to_the_CRLs(string row)
    {
        var (crls, leaf, required, ifAvailable) = Rows[row];
        ReadOnlyMemory<byte>[] all = [RootCrl, .. crls().Select(crl => (ReadOnlyMemory<byte>)crl)];
        AssertResult(required, await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = all }, leaf), leaf);
        AssertResult(ifAvailable, await VerifyAsync(new TrustOptions { Revocation = RevocationMode.IfAvailable, Crls = all }, leaf), leaf);
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void A_CRL_that_cannot_be_processed_is_refused_when_the_policy_is_created(string row)
    {
        var (crl, reason) = RefusedRows[row];
        var exception = Assert.Throws<ArgumentException>(() => Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, crl()] }));
        Assert.StartsWith("Item 1 of 'Crls': ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_names_the_time_the_issuer_and_the_reason()
    {
        var error = await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, Crl(Intermediate, IntermediateKey, [Leaf])] });
        Assert.Equal("The certificate 'CN=server' was revoked at 2026-06-13 12:00:00Z by its issuer 'CN=Intermediate' with the reason keyCompromise. "
            + "Replace it by a certificate for a new key.", error!.Message);
    }

    [Fact]
    public async Task Every_certificate_of_the_path_except_the_anchor_is_checked()
    {
        byte[] ofLeaf = Crl(Intermediate, IntermediateKey), ofIntermediate = Crl(Root, RootKey, [Intermediate]), ofRoot = Crl(Root, RootKey, [Root]);
        AssertResult("Revoked", await VerifyAsync(new TrustOptions { Revocation = RevocationMode.IfAvailable, Crls = [ofLeaf, ofIntermediate] }), Intermediate);
        AssertResult("no CRL or OCSP response of its issuer 'CN=Root'", await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [ofLeaf] }), Intermediate);
        AssertResult(null, await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [ofLeaf, ofRoot] }), Leaf);

        // An intermediate authority as the anchor is not checked, and neither is a certificate that is an anchor itself.
        var trust = TrustPolicy.FromAuthorities(Intermediate);
        AssertResult(null, await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [ofLeaf, ofIntermediate] }, trust: trust), Leaf);
        trust = TrustPolicy.FromAuthorities(Leaf);
        var revoked = new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl(Intermediate, IntermediateKey, [Leaf])] };
        AssertResult(null, await VerifyAsync(revoked, trust: trust), Leaf);
    }

    [Fact]
    public async Task Another_path_is_used_if_a_certificate_of_the_first_one_is_revoked()
    {
        using var otherRoot = Authority("CN=Other root", OtherKey).SelfSigned();
        using var cross = Authority("CN=Intermediate", IntermediateKey).SignedBy(otherRoot, OtherKey);
        var trust = TrustPolicy.FromAuthorities(Root, otherRoot).WithOptions(new TrustOptions
        {
            Revocation = RevocationMode.Required,
            Crls = [Crl(Intermediate, IntermediateKey), Crl(Root, RootKey, [Intermediate]), Crl(otherRoot, OtherKey)],
        });
        foreach (var sent in (X509Certificate2[][])[[Leaf, Intermediate, cross], [Leaf, cross, Intermediate]])
            Assert.Null((await VerifyPresentedAsync(trust, sent)).Error);
        Assert.Equal(CertificateErrorKind.Revoked, (await VerifyPresentedAsync(trust, Leaf, Intermediate)).Error?.Kind);
    }

    [Fact]
    public async Task A_CRL_for_authorities_covers_intermediate_authorities_and_no_servers()
    {
        byte[] ofLeaf = Crl(Intermediate, IntermediateKey), forAuthorities = Crl(Root, RootKey, change: Scope(authorities: true)), forUsers = Crl(Root, RootKey, change: Scope(users: true));
        AssertResult(null, await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [ofLeaf, forAuthorities] }), Leaf);
        AssertResult("issuingDistributionPoint", await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [ofLeaf, forUsers] }), Intermediate);
    }

    [Fact]
    public async Task An_authority_without_cRLSign_cannot_sign_CRLs()
    {
        using var limited = TestCertificate.Authority("CN=Limited", IntermediateKey).SignedBy(Root, RootKey);
        using var leaf = Server().SignedBy(limited, IntermediateKey);
        var options = new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, Crl(limited, IntermediateKey, [leaf])] };
        AssertResult("the key usage of its issuer 'CN=Limited' lacks cRLSign", await VerifyAsync(options, leaf, intermediate: limited), leaf);
    }

    [Fact]
    public async Task Revocation_is_not_checked_by_default()
    {
        AssertResult(null, await VerifyAsync(new TrustOptions()), Leaf);
        Assert.Equal(RevocationMode.None, new TrustOptions().Revocation);
    }

    [Fact]
    public async Task CRLs_are_read_from_PEM_with_several_blocks()
    {
        var pem = PemEncoding.WriteString("X509 CRL", RootCrl) + "\n" + PemEncoding.WriteString("X509 CRL", Crl(Intermediate, IntermediateKey, [Leaf]));
        var options = new TrustOptions { Revocation = RevocationMode.Required, Crls = [System.Text.Encoding.ASCII.GetBytes(pem)] };
        AssertResult("Revoked", await VerifyAsync(options), Leaf);
        AssertResult(null, await VerifyAsync(options, OtherLeaf), OtherLeaf);
    }

    [Fact]
    public async Task A_mutated_CRL_is_refused_or_ignored_and_causes_no_other_exception()
    {
        var original = Crl(Intermediate, IntermediateKey, [OtherLeaf], change: Scope(users: true));
        var random = new Random(20261201);
        for (var number = 0; number < 3000; number++)
        {
            var mutated = CertificateMutator.Mutate(original, RootCrl, random);
            if (mutated.AsSpan().SequenceEqual(original))
                continue;
            try
            {
                var error = await VerifyAsync(new TrustOptions { Revocation = RevocationMode.Required, Crls = [RootCrl, mutated] });
                Assert.True(error?.Certificate?.Kind == CertificateErrorKind.RevocationUnknown, $"Mutation {number}: {System.Convert.ToHexString(mutated)}");
            }
            catch (ArgumentException)
            {
                // The CRL was refused when the policy was created.
            }
        }
    }

    private static ValueTask<CertificateVerificationResult> VerifyPresentedAsync(TrustPolicy trust, params X509Certificate2[] sent) =>
        trust.VerifyAsync([.. sent.Select(certificate => certificate.RawDataMemory)], Name, CertificatePurpose.TlsServer, TestCertificates.Now);

    private static Action<Org.BouncyCastle.X509.X509V2CrlGenerator> Scope(
        string? uri = null, bool users = false, bool authorities = false, bool indirect = false, bool attributes = false, int? reasons = null) => crl =>
    {
        var name = uri is null ? null : new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, uri)));
        crl.AddExtension(X509Extensions.IssuingDistributionPoint, true,
            new IssuingDistributionPoint(name, users, authorities, reasons is { } flags ? new ReasonFlags(flags) : null, indirect, attributes));
    };

    private static X509Extension DistributionPoint(string uri)
    {
        var name = new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, uri)));
        return new X509Extension("2.5.29.31", new CrlDistPoint([new DistributionPoint(name, null, null)]).GetDerEncoded(), critical: false);
    }

    private static void AssertResult(string? expected, SessionError? actual, X509Certificate2 concerned)
    {
        if (expected is null)
        {
            Assert.Null(actual);
            return;
        }

        Assert.NotNull(actual?.Certificate);
        Assert.Equal(concerned.RawData, actual.Certificate.Certificate.ToArray());
        var (kind, alert) = expected == "Revoked"
            ? (CertificateErrorKind.Revoked, AlertDescription.CertificateRevoked)
            : (CertificateErrorKind.RevocationUnknown, AlertDescription.CertificateUnknown);
        Assert.Equal((SessionErrorKind.UntrustedPeer, kind, alert), (actual.Kind, actual.Certificate.Kind, actual.Alert));
        Assert.Contains(expected == "Revoked" ? "was revoked at" : expected, actual.Message, StringComparison.Ordinal);
    }
}
