using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// A policy that decides which peers are trusted: those with a certificate from a trusted authority, with a pinned key, or both. It does not use the
/// certificate stores of the machine. Immutable and thread-safe. Use one policy for many sessions, because it caches verification results for up to one hour.
/// </summary>
/// <remarks>Revocation is not checked. Use certificates with a short validity, or pin keys.</remarks>
public sealed class TrustPolicy
{
    private readonly ImmutableArray<X509Certificate2> _authorities;
    private readonly ImmutableHashSet<string> _pins;

    private TrustPolicy(ImmutableArray<X509Certificate2> authorities, ImmutableHashSet<string> pins)
    {
        _authorities = authorities;
        _pins = pins;
    }

    /// <summary>Gets the cache of certificates that were verified under this policy.</summary>
    internal ChainCache Cache { get; } = new();

    internal int AuthorityCount => _authorities.Length;

    internal bool HasPins => !_pins.IsEmpty;

    /// <summary>
    /// Creates a policy that trusts certificates from given authorities, issued directly or through intermediate certificates that the peer sends.
    /// </summary>
    /// <param name="authorities">The self-signed certificates of the authorities. They are copied.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No certificate was given, or one is not self-signed, does not belong to an authority, or is too weak.</exception>
    public static TrustPolicy FromAuthorities(params IEnumerable<X509Certificate2> authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var copies = authorities.Select(authority => X509CertificateLoader.LoadCertificate(authority.RawData)).ToImmutableArray();
        if (copies.IsEmpty)
            throw new ArgumentException(
                "At least one trusted authority is required. Pass the certificates of the authorities that issue the peers' certificates.",
                nameof(authorities));

        foreach (var authority in copies)
            RefuseUnfit(authority);

        return new(copies, []);
    }

    /// <summary>Creates a policy that trusts certificates from given authorities.</summary>
    /// <param name="pem">One or more self-signed certificates in PEM (RFC 7468 section 5).</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">
    /// A certificate is not self-signed, does not belong to an authority, or is too weak.
    /// </exception>
    /// <exception cref="CertificateException">The text contains no certificate, or a block is damaged.</exception>
    public static TrustPolicy FromPem(ReadOnlySpan<char> pem) => FromAuthorities(PemCertificates.Read(pem));

    /// <summary>Creates a policy that trusts certificates from the authorities in a file.</summary>
    /// <param name="path">The path of a file with one or more self-signed certificates in PEM (RFC 7468 section 5).</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">
    /// A certificate is not self-signed, does not belong to an authority, or is too weak.
    /// </exception>
    /// <exception cref="CertificateException">The file contains no certificate, or a block is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrustPolicy FromPemFile(string path) => FromPem(File.ReadAllText(path));

    /// <summary>
    /// Creates a policy that trusts peers with a pinned key, regardless of the issuer of their certificates. Validity, purpose, strength and name are still
    /// checked.
    /// </summary>
    /// <param name="pins">The pins, as <see cref="ComputePin"/> returns them.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No pin was given, or one is not the base64 form of 32 bytes.</exception>
    public static TrustPolicy FromPins(params IEnumerable<string> pins) => new([], Parse(pins));

    /// <summary>Creates a stricter policy: a certificate in the peer's certification path must also have a pinned key.</summary>
    /// <param name="pins">The pins, as <see cref="ComputePin"/> returns them. They replace earlier pins.</param>
    /// <returns>The stricter policy.</returns>
    /// <exception cref="ArgumentException">No pin was given, or one is not the base64 form of 32 bytes.</exception>
    public TrustPolicy WithPins(params IEnumerable<string> pins) => new(_authorities, Parse(pins));

    /// <summary>Computes the pin of a certificate's key: the base64 form of the SHA-256 hash of its SubjectPublicKeyInfo (RFC 7469 section 2.4).</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The pin: 44 characters.</returns>
    public static string ComputePin(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Returns the number of authorities and the number of pins.</summary>
    public override string ToString() => $"{_authorities.Length} authorities, {_pins.Count} pins";

    internal X509ChainPolicy CreatePolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities.ToArray());
        return policy;
    }

    internal bool IsAuthority(X509Certificate2 certificate) =>
        _authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    internal bool HasAuthorityNamed(X500DistinguishedName name) =>
        _authorities.Any(authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(name.RawData));

    internal bool IsPinned(X509Certificate2 certificate) => _pins.Contains(ComputePin(certificate));

    private static void RefuseUnfit(X509Certificate2 authority)
    {
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData))
        {
            throw new ArgumentException(
                $"{CertificateText.Of(authority)} is issued by {PeerText.Quote(authority.Issuer)}, so it cannot be a trust anchor. "
                + "Use that authority's certificate, or pin the key of this certificate with TrustPolicy.FromPins.");
        }

        if (CertificateChecks.CheckAuthority(authority, isRoot: true) is { } error)
            throw new ArgumentException(error.Message);
    }

    private static ImmutableHashSet<string> Parse(IEnumerable<string> pins)
    {
        ArgumentNullException.ThrowIfNull(pins);
        var parsed = pins.ToImmutableHashSet(StringComparer.Ordinal);
        if (parsed.IsEmpty)
            throw new ArgumentException("At least one pin is required. Compute it from the peer's certificate with TrustPolicy.ComputePin.", nameof(pins));

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 1];
        foreach (var pin in parsed)
        {
            if (!Convert.TryFromBase64String(pin, bytes, out var length) || length != SHA256.HashSizeInBytes || Convert.ToBase64String(bytes[..length]) != pin)
                throw new ArgumentException(
                    $"{PeerText.Quote(pin)} is not the base64 form of a SHA-256 hash. Compute the pin with TrustPolicy.ComputePin.", nameof(pins));
        }

        return parsed;
    }
}
