using System.Globalization;
using SecureChannel.Testing;

namespace SecureChannel.Pki.Tests;

/// <summary>Compares path validation with an independent oracle. The environment variable PKI_COUNT sets the number of random infrastructures.</summary>
public sealed class RandomPkiTests
{
    private const int DefaultCount = 500;

    [Fact]
    public async Task Path_validation_agrees_with_the_oracle_on_random_infrastructures()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("PKI_COUNT") ?? $"{DefaultCount}", CultureInfo.InvariantCulture);
        var first = int.Parse(Environment.GetEnvironmentVariable("PKI_FIRST") ?? "0", CultureInfo.InvariantCulture);
        var accepted = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var pki = new RandomPki(seed);
            var oracle = new PathOracle([.. pki.Anchors.Select(anchor => anchor.RawData)], [.. pki.Presented.Select(certificate => certificate.RawData)],
                RandomPki.ServerName, TestCertificates.Now.UtcDateTime);
            var expected = oracle.Accepts();
            var actual = await VerifyAsync(pki);
            Assert.True(expected == (actual is null), $"Seed {seed}: the oracle {(expected ? "accepts" : "rejects")}, but the library reports: {actual}");
            accepted += expected ? 1 : 0;
        }

        // Both results must be frequent, or the comparison shows little.
        Assert.InRange(accepted, count / 8, count * 7 / 8);
    }

    private static async Task<CertificateError?> VerifyAsync(RandomPki pki)
    {
        // An authority that must not issue certificates cannot be configured, so it is left out, as the oracle rejects its paths.
        var anchors = pki.Anchors.Where(CanBeTrusted).ToList();
        if (anchors.Count == 0)
            return new CertificateError(CertificateErrorKind.UnknownAuthority, "No anchor can be configured.");
        var result = await TrustPolicy.FromAuthorities(anchors).VerifyAsync([.. pki.Presented.Select(certificate => certificate.RawDataMemory)],
            RandomPki.ServerName, CertificatePurpose.TlsServer, TestCertificates.Now);
        return result.Error;
    }

    private static bool CanBeTrusted(System.Security.Cryptography.X509Certificates.X509Certificate2 anchor)
    {
        try
        {
            TrustPolicy.FromAuthorities(anchor);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
