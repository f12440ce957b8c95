using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// The selection and order of the certificates that an endpoint sends: the leaf, then intermediate certificates in path order, without roots.
/// </summary>
internal sealed class IdentityChain
{
    private IdentityChain(List<X509Certificate2> intermediates, List<X509Certificate2> unused, bool isComplete) =>
        (Intermediates, Unused, IsComplete) = (intermediates, unused, isComplete);

    /// <summary>Gets the intermediate certificates, in path order. Alternatives, such as cross-signed certificates, follow each other.</summary>
    public List<X509Certificate2> Intermediates { get; }

    /// <summary>Gets the certificates that are neither roots nor part of a path from the leaf.</summary>
    public List<X509Certificate2> Unused { get; }

    /// <summary>Gets a value that indicates whether the issuer of the last certificate was given too, or whether the leaf has no issuer.</summary>
    public bool IsComplete { get; }

    /// <summary>Selects the certificate that a key belongs to.</summary>
    /// <param name="certificates">The certificates, in the order of the source.</param>
    /// <param name="keys">The private keys.</param>
    /// <param name="now">The time that decides between several certificates of one key.</param>
    /// <returns>The first valid end-entity certificate that fits a key, or another one that fits, or null.</returns>
    public static X509Certificate2? FindLeaf(IReadOnlyList<X509Certificate2> certificates, IReadOnlyList<EncodedPrivateKey> keys, DateTimeOffset now) =>
        certificates
            .Where(certificate => keys.Any(key => key.Fits(certificate)))
            .OrderBy(IsAuthority)
            .ThenBy(certificate => !IsValid(certificate, now))
            .FirstOrDefault();

    /// <summary>Orders the certificates of a path.</summary>
    /// <param name="leaf">The endpoint's own certificate.</param>
    /// <param name="others">The other certificates, in any order. The leaf, roots and duplicates among them are ignored.</param>
    /// <param name="now">The time that decides the order of alternatives.</param>
    public static IdentityChain Create(X509Certificate2 leaf, IEnumerable<X509Certificate2> others, DateTimeOffset now)
    {
        var distinct = others
            .DistinctBy(certificate => Convert.ToHexString(certificate.RawDataMemory.Span))
            .Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))
            .ToList();
        var roots = distinct.Where(IsRoot).ToList();
        var rest = distinct.Except(roots).ToList();
        List<X509Certificate2> path = [];
        List<X509Certificate2> level = [leaf];
        var isComplete = IsRoot(leaf);
        while (level.Count > 0)
        {
            isComplete |= roots.Exists(root => level.Exists(child => IsIssuer(root, child)));
            var issuers = rest
                .Where(candidate => IsAuthority(candidate) && level.Exists(child => IsIssuer(candidate, child)))
                .OrderBy(candidate => !IsValid(candidate, now))
                .ThenByDescending(candidate => candidate.NotAfter)
                .ToList();
            rest = [.. rest.Except(issuers)];
            path.AddRange(issuers);
            level = issuers;
        }

        return new(path, rest, isComplete);
    }

    /// <summary>Returns a value that indicates whether the certificate's basic constraints mark it as an authority.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    /// <summary>Returns a value that indicates whether a certificate is valid at a time.</summary>
    public static bool IsValid(X509Certificate2 certificate, DateTimeOffset time) =>
        IdentityChecks.CheckValidity(certificate, time) is null;

    // An authority that changes its key issues a certificate to itself (RFC 4210 section 4.4), which is self-issued but not a root.
    private static bool IsRoot(X509Certificate2 certificate) => CertificateChecks.IsSelfIssued(certificate) && HasKeyOfIssuer(certificate, certificate);

    private static bool IsIssuer(X509Certificate2 issuer, X509Certificate2 certificate) =>
        issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) && HasKeyOfIssuer(issuer, certificate);

    private static bool HasKeyOfIssuer(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        var expected = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var actual = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return expected is null || actual is null || expected.Value.Span.SequenceEqual(actual.Value.Span);
    }
}
