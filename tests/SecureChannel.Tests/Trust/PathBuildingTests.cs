using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Testing;
using SecureChannel.Testing.Cryptography;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

/// <summary>Certification paths that exist although others fail, and the limits of the search.</summary>
public sealed class PathBuildingTests
{
    private static readonly TestCertificate Shared = TestCertificate.Authority("CN=Shared");

    [Fact]
    public void The_order_of_two_intermediate_certificates_with_one_name_does_not_matter()
    {
        var good = Shared.BelowRoot();
        var leaf = TestCertificate.Tls().SignedBy(good, Shared.Key);
        X509Certificate2[] others =
        [
            (Shared with { NotAfter = TestCertificates.Now.AddDays(-1) }).BelowRoot(), // Renewed.
            (Shared with { MoreExtensions = [new X509Extension("1.2.3.4", [5, 0], critical: true)] }).BelowRoot(),
            (Shared with { Purposes = [CertificatePurposes.TlsClientOid] }).BelowRoot(),
            (Shared with { MoreExtensions = [Constraint(excluded: true, "bank.example")] }).BelowRoot(),
            Shared.SignedBy(Root, TestCertificates.P256), // The signature is wrong.
            TestCertificate.Authority("CN=Shared").BelowRoot(), // Another key.
            Shared.SignedBy(TestCertificate.Authority("CN=Unknown").SelfSigned(), TestCertificates.P256), // Cross-signed by an unknown authority.
        ];
        foreach (var other in others)
        {
            AcceptTls(Trusted, leaf, other, good);
            AcceptTls(Trusted, leaf, good, other);
        }

        AcceptTls(Trusted.WithOptions(new TrustOptions { MaxChainLength = 20 }), [leaf, .. others, good]);
    }

    [Fact]
    public void The_order_of_two_roots_with_one_subject_does_not_matter()
    {
        var next = TestCertificate.Authority("CN=Root");
        var nextRoot = next.SelfSigned();
        var expired = (TestCertificate.Authority("CN=Root", RootKey) with { NotAfter = TestCertificates.Now.AddDays(-1) }).SelfSigned();
        foreach (var anchors in (X509Certificate2[][])[[Root, nextRoot], [nextRoot, Root], [expired, Root, nextRoot], [nextRoot, Root, expired]])
        {
            AcceptTls(TrustPolicy.FromAuthorities(anchors), TestCertificate.Tls().BelowRoot());
            AcceptTls(TrustPolicy.FromAuthorities(anchors), TestCertificate.Tls().SignedBy(nextRoot, next.Key));
        }
    }

    [Fact]
    public void A_pin_that_only_the_second_path_contains_is_found()
    {
        var other = TestCertificate.Authority("CN=Other root");
        var otherRoot = other.SelfSigned();
        var (first, second) = (Shared.BelowRoot(), Shared.SignedBy(otherRoot, other.Key));
        var trust = TrustPolicy.FromAuthorities(Root, otherRoot).WithPins(TrustPolicy.ComputePin(otherRoot));

        AcceptTls(trust, TestCertificate.Tls().SignedBy(first, Shared.Key), first, second);
        AcceptTls(trust, TestCertificate.Tls().SignedBy(first, Shared.Key), second, first);
    }

    [Fact]
    public void A_loop_of_authorities_ends()
    {
        var (left, right) = (TestCertificate.Authority("CN=Left"), TestCertificate.Authority("CN=Right"));
        var leftByRight = left.SignedBy(right.SelfSigned(), right.Key);
        var rightByLeft = right.SignedBy(left.SelfSigned(), left.Key);

        RejectTls(CertificateErrorKind.UnknownAuthority, TestCertificate.Tls().SignedBy(leftByRight, left.Key), leftByRight, rightByLeft);
        AcceptTls(Trusted, TestCertificate.Tls().SignedBy(leftByRight, left.Key), leftByRight, rightByLeft, right.BelowRoot());
    }

    [Fact]
    public void Self_issued_certificates_do_not_count_for_the_path_length()
    {
        var upper = TestCertificate.Authority("CN=Upper") with { PathLength = 0 };
        var renewed = TestCertificate.Authority("CN=Upper");
        var upperCertificate = upper.BelowRoot();
        var renewedCertificate = renewed.SignedBy(upperCertificate, upper.Key);
        AcceptTls(Trusted, TestCertificate.Tls().SignedBy(renewedCertificate, renewed.Key), upperCertificate, renewedCertificate);

        var lower = TestCertificate.Authority("CN=Lower");
        var lowerCertificate = lower.SignedBy(upperCertificate, upper.Key);
        RejectTls(CertificateErrorKind.PathTooLong, TestCertificate.Tls().SignedBy(lowerCertificate, lower.Key), upperCertificate, lowerCertificate);
    }

    [Theory]
    [InlineData(false, "bank.example", true)]
    [InlineData(false, "BANK.example", true)]
    [InlineData(false, "www.bank.example", false)]
    [InlineData(false, "other.example", false)]
    [InlineData(false, "", true)]
    [InlineData(true, "bank.example", false)]
    [InlineData(true, "example", false)]
    [InlineData(true, "www.bank.example", false)] // '*.bank.example' matches the excluded name.
    [InlineData(true, "a.www.bank.example", true)]
    [InlineData(true, "other.example", true)]
    [InlineData(true, "", false)]
    public void Name_constraints_apply_to_names_and_to_all_names_that_a_wildcard_matches(bool excluded, string subtree, bool isAllowed)
    {
        var authority = Shared with { MoreExtensions = [Constraint(excluded, subtree)] };
        var certificate = authority.BelowRoot();
        var leaf = (TestCertificate.Tls() with { Names = ["bank.example", "*.bank.example"] }).SignedBy(certificate, authority.Key);
        if (isAllowed)
            AcceptTls(Trusted, leaf, certificate);
        else
            RejectTls(CertificateErrorKind.NameConstraint, leaf, certificate);

        var anchored = TrustPolicy.FromAuthorities((authority with { Subject = "CN=Anchor" }).SelfSigned());
        var below = (TestCertificate.Tls() with { Names = ["bank.example", "*.bank.example"] })
            .SignedBy((authority with { Subject = "CN=Anchor" }).SelfSigned(), authority.Key);
        Assert.Equal(isAllowed, Verify("bank.example", CertificatePurpose.TlsServer, anchored, [below.RawDataMemory]) is null);
    }

    [Theory]
    [InlineData("bank.example.")]
    [InlineData(".bank.example")]
    [InlineData("*.bank.example")]
    public void Name_constraints_that_are_malformed_are_rejected(string subtree)
    {
        var certificate = (Shared with { MoreExtensions = [Constraint(excluded: true, subtree)] }).BelowRoot();
        RejectTls(CertificateErrorKind.Malformed, TestCertificate.Tls().SignedBy(certificate, Shared.Key), certificate);
    }

    [Theory]
    [InlineData("server", UniversalTagNumber.PrintableString, false)]
    [InlineData("SERVER", UniversalTagNumber.UTF8String, false)]
    [InlineData(" Server ", UniversalTagNumber.UTF8String, false)]
    [InlineData("server", UniversalTagNumber.BMPString, false)]
    [InlineData("other", UniversalTagNumber.UTF8String, true)]
    [InlineData("\u017Ferver", UniversalTagNumber.UTF8String, false)]
    public void Excluded_directory_names_are_compared_without_regard_to_case_and_string_type(string excluded, UniversalTagNumber type, bool isAllowed)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
        {
            var builder = new X500DistinguishedNameBuilder();
            builder.Add("2.5.4.3", excluded, type);
            writer.WriteEncodedValue(builder.Build().RawData);
        }

        var authority = Shared with { MoreExtensions = [new X509Extension("2.5.29.30", writer.Encode(), critical: true)] };
        var certificate = authority.BelowRoot();
        var leaf = TestCertificate.Tls().SignedBy(certificate, authority.Key);
        if (isAllowed)
            AcceptTls(Trusted, leaf, certificate);
        else
            RejectTls(CertificateErrorKind.NameConstraint, leaf, certificate);
    }

    [Fact]
    public void A_server_with_the_subject_of_its_issuer_does_not_escape_the_ban_on_SHA_1()
    {
        // The platform does not sign with SHA-1, so the bytes rename the algorithm: sha256WithRSAEncryption ends in 11, sha1WithRSAEncryption in 5.
        var root = TestCertificate.Authority("CN=Root", TestCertificates.Rsa2048).SelfSigned();
        var bytes = (TestCertificate.Tls() with { Subject = "CN=Root" }).SignedBy(root, TestCertificates.Rsa2048).RawData;
        byte[] name = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
        for (var position = bytes.AsSpan().IndexOf(name); position >= 0; position = bytes.AsSpan().IndexOf(name))
            bytes[position + name.Length - 1] = 5;

        var error = Verify("bank.example", CertificatePurpose.TlsServer, TrustPolicy.FromAuthorities(root), [bytes]);
        Assert.Equal(CertificateErrorKind.WeakSignature, error?.Certificate?.Kind);
    }

    [Fact]
    public void An_extended_key_usage_is_required_only_by_option()
    {
        var leaf = (TestCertificate.Tls() with { Purposes = [] }).BelowRoot();
        AcceptTls(Trusted, leaf);
        var error = Verify("bank.example", CertificatePurpose.TlsServer, Trusted.WithOptions(new TrustOptions { RequireExtendedKeyUsage = true }),
            [leaf.RawDataMemory]);
        Assert.Equal(CertificateErrorKind.WrongUsage, error?.Certificate?.Kind);
    }

    [Fact]
    public async Task A_client_certificate_is_verified_without_a_name()
    {
        var client = (TestCertificate.Tls() with { Purposes = [CertificatePurposes.TlsClientOid], Names = [] }).BelowRoot();
        var accepted = await Trusted.VerifyAsync([client.RawDataMemory], null, CertificatePurpose.TlsClient, TestCertificates.Now);
        Assert.Null(accepted.Error);
        Assert.Equal(client.RawData, accepted.Identity!.Identity.Certificate!.RawData);

        var rejected = await Trusted.VerifyAsync([client.RawDataMemory], null, CertificatePurpose.TlsServer, TestCertificates.Now);
        Assert.Equal(CertificateErrorKind.WrongUsage, rejected.Error?.Kind);
        Assert.Null(rejected.Identity);
        Assert.Equal(CertificateErrorKind.Rejected, default(CertificateVerificationResult).Error?.Kind);
    }

    [Fact]
    public void Changed_options_do_not_use_results_of_other_options()
    {
        var leaf = (TestCertificate.Tls() with { Purposes = [] }).BelowRoot();
        var trust = TrustPolicy.FromAuthorities(Root);
        Assert.True(trust.TryVerify([leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now, null, default, out var identity, out _));
        identity.Remember();
        var strict = trust.WithOptions(new TrustOptions { RequireExtendedKeyUsage = true });
        Assert.False(strict.TryVerify([leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now, null, default, out _, out _));
    }

    [Fact]
    public void A_cold_chain_allocates_at_most_a_third_of_22_KB()
    {
        var intermediate = Shared.BelowRoot();
        ReadOnlyMemory<byte>[] sent = [TestCertificate.Tls().SignedBy(intermediate, Shared.Key).RawDataMemory, intermediate.RawDataMemory];
        var bytes = Allocation.Of(() => Trusted.TryVerify(sent, "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now, null, default, out _, out _));
        Assert.InRange(bytes, 1, 22 * 1024 / 3);
    }

    [Fact]
    public void The_key_of_an_authority_is_imported_once_for_all_policies()
    {
        var provider = new CountingProvider();
        var root = TestCertificate.Authority("CN=Counted");
        var certificate = root.SelfSigned();
        var leaf = TestCertificate.Tls().SignedBy(certificate, root.Key);
        for (var number = 0; number < 3; number++)
        {
            Assert.True(TrustPolicy.FromAuthorities(certificate).TryVerify(
                [leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now, provider, default, out _, out _));
        }

        Assert.Equal(1, provider.Imports);

        // Another key with the name of the authority is another anchor.
        var other = TestCertificate.Authority("CN=Counted").SelfSigned();
        Assert.False(TrustPolicy.FromAuthorities(other).TryVerify(
            [leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, TestCertificates.Now, provider, default, out _, out _));
        Assert.Equal(2, provider.Imports);
    }

    private static void AcceptTls(TrustPolicy trust, params X509Certificate2[] sent) => Accept("bank.example", CertificatePurpose.TlsServer, trust, sent);

    private static void RejectTls(CertificateErrorKind kind, params X509Certificate2[] sent)
    {
        var error = Verify("bank.example", CertificatePurpose.TlsServer, Trusted, [.. sent.Select(certificate => certificate.RawDataMemory)]);
        Assert.Equal(kind, error?.Certificate?.Kind);
        Assert.False(error!.Certificate!.Certificate.IsEmpty);
    }

    private static X509Extension Constraint(bool excluded, string subtree)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, excluded ? 1 : 0)))
        using (writer.PushSequence())
            writer.WriteOctetString(Encoding.ASCII.GetBytes(subtree), new Asn1Tag(TagClass.ContextSpecific, 2));
        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }

    private sealed class CountingProvider : DelegatingProvider
    {
        public int Imports { get; private set; }

        public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key)
        {
            Imports++;
            return base.TryImportVerificationKey(subjectPublicKeyInfo, out key);
        }
    }
}
