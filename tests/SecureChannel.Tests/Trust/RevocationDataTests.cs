using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>The revocation data of a policy: options, files, and the cache of verification results.</summary>
public sealed class RevocationDataTests : IDisposable
{
    private static readonly ECDsa RootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 Root =
        (TestCertificate.Authority($"CN=Root {Guid.NewGuid()}", RootKey) with { Usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign }).SelfSigned();
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 Leaf = (TestCertificate.Tls() with { Key = Key }).SignedBy(Root, RootKey);
    private static readonly TrustPolicy Trust = TrustPolicy.FromAuthorities(Root);

    private readonly TemporaryFolder _folder = new();
    private int _writes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_result_is_reused_while_the_revocation_data_is_unchanged()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl()] });
        var first = Accept(trust, TestCertificates.Now);
        Prove(first);
        Assert.Same(KeyOf(first), KeyOf(Accept(trust, TestCertificates.Now.AddMinutes(59))));
        Assert.NotSame(KeyOf(first), KeyOf(Accept(trust, TestCertificates.Now.AddHours(1))));

        Assert.Equal(CertificateErrorKind.Revoked, Reject(trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl(Leaf)] }), TestCertificates.Now));
    }

    [Fact]
    public void A_result_is_not_reused_after_the_end_of_the_revocation_data()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl(nextUpdate: TestCertificates.Now.AddMinutes(10))] });
        Prove(Accept(trust, TestCertificates.Now));
        Accept(trust, TestCertificates.Now.AddMinutes(10).AddSeconds(-1));
        Assert.Equal(CertificateErrorKind.RevocationUnknown, Reject(trust, TestCertificates.Now.AddMinutes(10)));
    }

    [Fact]
    public void A_result_without_a_status_is_not_reused_when_a_CRL_of_the_future_becomes_valid()
    {
        byte[] crl = Crl(thisUpdate: TestCertificates.Now.AddMinutes(15), revoked: []);
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable, Crls = [crl] });
        var first = Accept(trust, TestCertificates.Now);
        Prove(first);
        Assert.Same(KeyOf(first), KeyOf(Accept(trust, TestCertificates.Now.AddMinutes(9))));
        Assert.NotSame(KeyOf(first), KeyOf(Accept(trust, TestCertificates.Now.AddMinutes(10))));
    }

    [Fact]
    public void A_changed_file_is_used_after_one_minute_although_a_result_is_cached()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable, CrlPaths = [Write(Crl())] });
        Prove(Accept(trust, TestCertificates.Now));
        Write(Crl(Leaf));

        Accept(trust, TestCertificates.Now.AddSeconds(59));
        Assert.Equal(CertificateErrorKind.Revoked, Reject(trust, TestCertificates.Now.AddSeconds(60)));

        Write(Crl());
        Accept(trust, TestCertificates.Now.AddMinutes(2));
    }

    [Fact]
    public void A_stricter_policy_with_the_same_files_and_pins_uses_the_same_data()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [Write(Crl(Leaf))] }).WithPins(TrustPolicy.ComputePin(Leaf));
        Assert.Equal(CertificateErrorKind.Revoked, Reject(trust, TestCertificates.Now));
    }

    [Fact]
    public void A_damaged_or_missing_file_leaves_the_earlier_CRL_and_is_named_in_errors()
    {
        var path = Write(Crl(nextUpdate: TestCertificates.Now.AddMinutes(10)));
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [path] });
        Write(Crl(Leaf)[..^1]);
        Accept(trust, TestCertificates.Now);
        Assert.Equal(CertificateErrorKind.RevocationUnknown, Reject(trust, TestCertificates.Now.AddMinutes(10), $"A file could not be read: '{path}': The CRL is not a valid CRL in DER"));

        File.Delete(path);
        Reject(trust, TestCertificates.Now.AddMinutes(11), "A file could not be read: Could not find");
        Write(Crl());
        Accept(trust, TestCertificates.Now.AddMinutes(12));
    }

    [Fact]
    public void A_file_is_read_again_when_the_clock_was_set_back()
    {
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [Write(Crl())] });
        Accept(trust, TestCertificates.Now);
        Write(Crl(Leaf));
        Assert.Equal(CertificateErrorKind.Revoked, Reject(trust, TestCertificates.Now.AddHours(-1)));
    }

    [Fact]
    public void Files_that_cannot_be_used_are_refused_when_the_policy_is_created()
    {
        Assert.Throws<FileNotFoundException>(() => Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [_folder.PathOf("missing.crl")] }));
        var exception = Assert.Throws<CertificateException>(
            () => Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, CrlPaths = [_folder.Write("text.crl", "no list")] }));
        Assert.Equal($"'{_folder.PathOf("text.crl")}': The content contains no CRL. Expected DER, or at least one PEM block 'X509 CRL'.", exception.Error.Message);
    }

    public static TheoryData<string, string> Misuses => new()
    {
        { "mode", "'Revocation' must be a member of 'RevocationMode', but it is 7." },
        { "none with data", "The options contain CRLs or OCSP responses, but 'Revocation' ignores them. Set it to IfAvailable or Required." },
        { "pins", "'Revocation' is Required, but the policy has no authorities whose revocation data it could verify." },
        { "verifier", "'Revocation' is IfAvailable, but the policy has no authorities whose revocation data it could verify." },
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public void Options_that_do_not_fit_are_refused(string misuse, string expected)
    {
        var exception = Assert.Throws<ArgumentException>(() => misuse switch
        {
            "mode" => Trust.WithOptions(new TrustOptions { Revocation = (RevocationMode)7 }),
            "none with data" => Trust.WithOptions(new TrustOptions { CrlPaths = ["bank.crl"] }),
            "pins" => TrustPolicy.FromPins(TrustPolicy.ComputePin(Leaf)).WithOptions(new TrustOptions { Revocation = RevocationMode.Required }),
            _ => TrustPolicy.FromVerifier(CertificateVerifier.FromPolicy(Trust)).WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable }),
        });
        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_options_are_copied()
    {
        byte[] crl = Crl(Leaf);
        List<ReadOnlyMemory<byte>> crls = [crl];
        var options = new TrustOptions { Revocation = RevocationMode.Required, Crls = crls };
        crls.Clear();
        crl.AsSpan().Clear();
        Assert.Equal(CertificateErrorKind.Revoked, Reject(Trust.WithOptions(options), TestCertificates.Now));
    }

    [Fact]
    public void A_result_is_reused_only_for_the_same_stapled_response()
    {
        using var strict = (TestCertificate.Tls() with { Key = Key, MoreExtensions = [new("1.3.6.1.5.5.7.1.24", [0x30, 3, 2, 1, 5], critical: false)] }).SignedBy(Root, RootKey);
        var trust = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable, Crls = [Crl()] });
        Assert.True(TryVerify(trust, strict, TestCertificates.Now, null, out var accepted, out _));
        Prove(accepted);
        Assert.True(TryVerify(trust, strict, TestCertificates.Now, null, out _, out _));
        Assert.False(TryVerify(trust, strict, TestCertificates.Now, Array.Empty<byte>(), out _, out var error));
        Assert.Equal(AlertDescription.BadCertificateStatusResponse, error.Alert);
        Assert.False(TryVerify(trust, strict, TestCertificates.Now, new byte[] { 1 }, out _, out error));
        Assert.Equal(AlertDescription.BadCertificateStatusResponse, error.Alert);
    }

    [Fact]
    public void A_CRL_with_100_000_entries_is_parsed_once_and_searched_without_allocation()
    {
        const int count = 100_000;
        var builder = new CertificateRevocationListBuilder();
        for (var number = 0; number < count; number++)
            builder.AddEntry(SerialNumber(number), TestCertificates.Now.AddDays(-1));
        var encoded = Build(builder);
        Assert.Null(CrlParser.Parse(encoded, out var crl));
        Assert.Equal(count, crl!.Count);

        byte[] first = SerialNumber(0), last = SerialNumber(count - 1), absent = SerialNumber(count);
        Assert.True(crl.TryFind(first, out var status));
        Assert.Equal((RevocationState.Revoked, TestCertificates.Now.AddDays(-1).UtcDateTime), (status.State, status.Time));
        Assert.True(crl.TryFind(last, out _));
        Assert.False(crl.TryFind(absent, out _));
        Assert.False(crl.TryFind([1], out _));
        Assert.Equal(0, Allocation.Of(() => Assert.True(crl.TryFind(first, out _) && crl.TryFind(last, out _) && !crl.TryFind(absent, out _))));

        // A verification that is not cached allocates as much as with an empty CRL.
        var large = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [encoded] });
        var small = Trust.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl()] });
        Assert.Equal(Allocation.Of(() => Accept(small, TestCertificates.Now)), Allocation.Of(() => Accept(large, TestCertificates.Now)));
    }

    [Fact]
    public void The_path_of_the_platform_is_checked_against_the_given_data()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(Root);
        try
        {
            Accept(TrustPolicy.System.WithOptions(new TrustOptions { Revocation = RevocationMode.Required, Crls = [Crl()] }), TestCertificates.Now);
            var revoked = TrustPolicy.System.WithOptions(new TrustOptions { Revocation = RevocationMode.IfAvailable, Crls = [Crl(Leaf)] });
            Assert.Equal(CertificateErrorKind.Revoked, Reject(revoked, TestCertificates.Now));
        }
        finally
        {
            store.Remove(Root);
        }
    }

    // The serial numbers are not in order, and have different lengths.
    private static byte[] SerialNumber(int number) =>
        [(byte)(1 + number * 7919 % 100), .. BitConverter.GetBytes(number), .. new byte[number % 11]];

    private static byte[] Crl(params X509Certificate2[] revoked) => Crl(revoked, null, null);

    private static byte[] Crl(X509Certificate2[]? revoked = null, DateTimeOffset? thisUpdate = null, DateTimeOffset? nextUpdate = null)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked ?? [])
            builder.AddEntry(certificate, TestCertificates.Now.AddDays(-1));
        return Build(builder, thisUpdate, nextUpdate);
    }

    private static byte[] Build(CertificateRevocationListBuilder builder, DateTimeOffset? thisUpdate = null, DateTimeOffset? nextUpdate = null) => builder.Build(
        Root.SubjectName, X509SignatureGenerator.CreateForECDsa(RootKey), 1, nextUpdate ?? TestCertificates.Now.AddDays(1), HashAlgorithmName.SHA256,
        X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([1, 2, 3]), thisUpdate ?? TestCertificates.Now.AddDays(-1));

    // Each write has another time, even on file systems with coarse times.
    private string Write(byte[] crl)
    {
        var path = _folder.PathOf("bank.crl");
        File.WriteAllBytes(path, crl);
        File.SetLastWriteTimeUtc(path, TestCertificates.Now.UtcDateTime.AddSeconds(++_writes));
        return path;
    }

    private static bool TryVerify(TrustPolicy trust, X509Certificate2 leaf, DateTimeOffset at, ReadOnlyMemory<byte>? stapled,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out VerifiedIdentity? identity, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out SessionError? error) =>
        trust.TryVerify([leaf.RawDataMemory], "bank.example", CertificatePurpose.TlsServer, at, null, new VerificationContext(null, stapled), out identity, out error);

    private static VerifiedIdentity Accept(TrustPolicy trust, DateTimeOffset at)
    {
        Assert.True(TryVerify(trust, Leaf, at, null, out var identity, out _));
        return identity;
    }

    private static CertificateErrorKind Reject(TrustPolicy trust, DateTimeOffset at, string text = "")
    {
        Assert.False(TryVerify(trust, Leaf, at, null, out _, out var error));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        return error.Certificate!.Kind;
    }

    private static VerificationKey KeyOf(VerifiedIdentity verified)
    {
        Assert.True(verified.TryGetVerificationKey(CryptographyProvider.Platform, out var key));
        return key;
    }

    private static void Prove(VerifiedIdentity verified)
    {
        var signature = Key.SignData([1], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(SignatureVerified.TryCheck(CryptographyProvider.Platform, verified, SignatureScheme.EcdsaSecp256r1Sha256, [1], signature, out var proof, out _));
        Assert.Same(verified.Identity, new IdentityProof(proof).Identity);
    }
}
