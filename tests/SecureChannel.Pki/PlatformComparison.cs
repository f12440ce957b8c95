using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Testing;

namespace SecureChannel.Pki;

/// <summary>A comparison of path validation with the platform's chain engine for one random infrastructure.</summary>
internal sealed class PlatformComparison
{
    private const string AnyPurpose = "2.5.29.37.0";

    private readonly RandomPki _pki;
    private readonly byte[][] _presented;
    private readonly PlatformChain _platform;

    private PlatformComparison(RandomPki pki)
    {
        _pki = pki;
        _presented = [.. pki.Presented.Select(certificate => certificate.RawData)];
        _platform = PlatformChain.Verify(pki.Anchors.Select(anchor => anchor.RawData), _presented);
    }

    /// <summary>Gets the relation between the two results.</summary>
    public PlatformDifference Difference { get; private set; }

    /// <summary>Gets both results, for a disagreement that is not explained.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Compares the two results, and explains a disagreement.</summary>
    public static async Task<PlatformComparison> CreateAsync(RandomPki pki)
    {
        var comparison = new PlatformComparison(pki);
        var error = await pki.VerifyAsync();
        var path = comparison._platform.Path.Select(der => X509CertificateLoader.LoadCertificate(der).Subject);
        comparison.Difference = comparison.Explain(isAccepted: error is null);
        comparison.Description =
            $"Library: {error?.ToString() ?? "accepted"}; platform: {(comparison._platform.IsAccepted ? "accepted" : "rejected")}, {comparison._platform.Status}, "
            + $"path {string.Join(" < ", path)}.";
        return comparison;
    }

    // No acceptance by the platform alone has an explanation.
    private PlatformDifference Explain(bool isAccepted) => (isAccepted, _platform.IsAccepted) switch
    {
        (true, true) => PlatformDifference.BothAccept,
        (false, false) => PlatformDifference.BothReject,
        (true, false) => ExplainRejection(),
        _ => PlatformDifference.Unexplained,
    };

    // The platform verifies each valid path alone: without the other certificates, its choice cannot be the reason.
    private PlatformDifference ExplainRejection()
    {
        byte[][] roots = [.. _pki.Anchors.Where(IsSelfSigned).Select(anchor => anchor.RawData)];
        var paths = new PathOracle(roots, _presented, RandomPki.ServerName, TestCertificates.Now.UtcDateTime).FindPaths().ToList();
        if (paths.Count == 0)
            return PlatformDifference.AnchorIsNotRoot;
        var reasons = paths.Select(FindReason).ToList();
        return reasons.Contains(PlatformDifference.PlatformDoesNotBacktrack) ? PlatformDifference.PlatformDoesNotBacktrack : reasons.Max();
    }

    private static PlatformDifference FindReason(byte[][] path)
    {
        var alone = PlatformChain.Verify([path[^1]], path[..^1]);
        if (alone.IsAccepted)
            return PlatformDifference.PlatformDoesNotBacktrack;
        var certificates = path.Select(X509CertificateLoader.LoadCertificate).ToList();
        if (IsSelfIssued(certificates[0]) && alone.Path.Count == 1)
            return PlatformDifference.ServerHasNameOfIssuer;
        if (certificates.Skip(1).DistinctBy(certificate => certificate.Subject).Count() < certificates.Count - 1 && alone.Path.Count < path.Length)
            return PlatformDifference.AuthoritiesHaveOneName;
        return certificates.Skip(1).Any(HasOnlyAnyPurpose) && alone.Status == X509ChainStatusFlags.NotValidForUsage
            ? PlatformDifference.AnyPurpose
            : PlatformDifference.Unexplained;
    }

    private static bool HasOnlyAnyPurpose(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
            .Select(purpose => purpose.Value)
            .ToList() is [AnyPurpose];

    private static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static bool IsSelfSigned(X509Certificate2 certificate) => IsSelfIssued(certificate) && PathOracle.IsSignedByItself(certificate.RawData);
}
