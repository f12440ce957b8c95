using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Pki.Tests;

/// <summary>Certificates of an attacker. The environment variable PKI_MUTATIONS sets the number of mutated certificates.</summary>
public sealed class HostileCertificateTests
{
    private const string Name = "bank.example";
    private const int DefaultMutations = 3000;
    private const int Authorities = 40;

    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadClock = 3;

    private static readonly ECDsa RootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 Root = TestCertificate.Authority("CN=Root", RootKey).SelfSigned();

    [Fact]
    public async Task A_mutated_certificate_is_never_accepted_and_causes_no_exception()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("PKI_MUTATIONS") ?? $"{DefaultMutations}", CultureInfo.InvariantCulture);
        var trust = TrustPolicy.FromAuthorities(Root);
        var upper = TestCertificate.Authority("CN=Upper") with { PathLength = 1, Purposes = [CertificatePurposes.TlsServerOid] };
        using var intermediate = upper.SignedBy(Root, RootKey);
        byte[][] originals =
        [
            (TestCertificate.Tls() with { Names = [Name, "*.branch.bank.example", "192.0.2.7"] }).SignedBy(intermediate, upper.Key).RawData,
            intermediate.RawData,
        ];
        Assert.Null(await VerifyAsync(trust, originals));

        var random = new Random(1);
        for (var number = 0; number < count; number++)
        {
            var position = random.Next(2);
            var mutated = CertificateMutator.Mutate(originals[position], originals[1 - position], random);
            byte[][] sent = position == 0 ? [mutated, originals[1]] : [originals[0], mutated];
            var error = await VerifyAsync(trust, sent);
            Assert.True(error is not null || mutated.AsSpan().SequenceEqual(originals[position]), $"Mutation {number}: {Convert.ToHexString(mutated)}");
        }
    }

    [Fact]
    public async Task A_parser_reports_every_prefix_of_a_certificate_as_an_error()
    {
        var trust = TrustPolicy.FromAuthorities(Root);
        var original = TestCertificate.Tls().SignedBy(Root, RootKey).RawData;
        for (var length = 0; length < original.Length; length++)
            Assert.Equal(CertificateErrorKind.Malformed, (await VerifyAsync(trust, original[..length]))?.Kind);
    }

    [Theory]
    [InlineData("distinct names")]
    [InlineData("one name")]
    [InlineData("one name, as the root's")]
    public async Task Forty_cross_signed_authorities_are_refused_in_less_than_50_ms(string shape)
    {
        var trust = TrustPolicy.FromAuthorities(Root).WithOptions(new TrustOptions { MaxChainLength = 100 });
        var sent = CreateMesh(shape);
        await VerifyAsync(trust, sent);
        // The verification runs on this thread alone, so the work of other threads does not count. The processor's caches are shared: the best of up to 30 runs counts.
        var best = TimeSpan.MaxValue;
        CertificateError? error = null;
        for (var run = 0; run < 30 && best >= TimeSpan.FromMilliseconds(50); run++)
        {
            var start = ThreadTime();
            var verification = VerifyAsync(trust, sent);
            var elapsed = ThreadTime() - start;
            Assert.True(verification.IsCompletedSuccessfully);
            error = await verification;
            best = elapsed < best ? elapsed : best;
        }

        Assert.Equal(CertificateErrorKind.TooManyChecks, error?.Kind);
        Assert.InRange(best.TotalMilliseconds, 0, 50);
    }

    [Fact]
    public async Task A_valid_path_among_wrong_candidates_is_found_within_the_limit_of_signatures()
    {
        var trust = TrustPolicy.FromAuthorities(Root).WithOptions(new TrustOptions { MaxChainLength = 100 });
        var good = TestCertificate.Authority("CN=Shared");
        using var intermediate = good.SignedBy(Root, RootKey);
        var wrong = Enumerable.Range(0, Authorities).Select(_ => TestCertificate.Authority("CN=Shared").SignedBy(Root, RootKey).RawData);
        var leaf = TestCertificate.Tls().SignedBy(intermediate, good.Key).RawData;

        Assert.Null(await VerifyAsync(trust, [leaf, .. wrong, intermediate.RawData]));
    }

    // The time that this thread has used a processor. Other systems than Linux report the time that has passed.
    private static TimeSpan ThreadTime()
    {
        if (!OperatingSystem.IsLinux() || GetTime(ThreadClock, out var time) != 0)
            return Stopwatch.GetElapsedTime(0);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out ClockTime time);

    // Each authority is certified by several others, so that the number of paths grows exponentially. None leads to the root.
    private static byte[][] CreateMesh(string shape)
    {
        var names = Enumerable.Range(0, Authorities).Select(number => shape switch
        {
            "distinct names" => $"CN=Authority {number % 8}",
            "one name" => "CN=Authority",
            _ => "CN=Root",
        }).ToArray();
        var authorities = names.Select(name => TestCertificate.Authority(name)).ToArray();
        var certificates = authorities.Select((content, number) =>
        {
            var issuer = (number * 7 + 3) % Authorities;
            using var named = authorities[issuer].SelfSigned();
            return content.SignedBy(named, authorities[issuer].Key).RawData;
        });
        using var last = authorities[0].SelfSigned();
        return [TestCertificate.Tls().SignedBy(last, authorities[0].Key).RawData, .. certificates];
    }

    private static async Task<CertificateError?> VerifyAsync(TrustPolicy trust, params byte[][] sent)
    {
        var result = await trust.VerifyAsync([.. sent.Select(bytes => (ReadOnlyMemory<byte>)bytes)], Name, CertificatePurpose.TlsServer, TestCertificates.Now);
        return result.Error;
    }

    private readonly record struct ClockTime(nint Seconds, nint Nanoseconds);
}
