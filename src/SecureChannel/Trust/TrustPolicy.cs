using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// Whom this end believes: authorities whose certificates are accepted, pinned keys, or both. The machine's own authorities are never asked. Immutable; safe
/// for use by several threads at once. Keep one for many sessions: it remembers what it found out about a peer's certificates, for an hour at most.
/// </summary>
/// <remarks>Revocation is not checked: give servers certificates of short life, or pin their keys.</remarks>
public sealed class TrustPolicy
{
    private readonly ImmutableArray<X509Certificate2> _authorities;
    private readonly ImmutableHashSet<string> _pins;

    private TrustPolicy(ImmutableArray<X509Certificate2> authorities, ImmutableHashSet<string> pins)
    {
        _authorities = authorities;
        _pins = pins;
    }

    /// <summary>What was found out about certificates under this policy.</summary>
    internal ChainCache Cache { get; } = new();

    internal int AuthorityCount => _authorities.Length;

    internal bool HasPins => !_pins.IsEmpty;

    /// <summary>Accepts certificates that one of these authorities issued, directly or through intermediates that the peer sends.</summary>
    /// <param name="authorities">The authorities' own certificates, self-signed. They are copied.</param>
    /// <returns>The trust.</returns>
    /// <exception cref="ArgumentException">There is none, or one is not self-signed, not an authority's, or too weak.</exception>
    public static TrustPolicy FromAuthorities(params IEnumerable<X509Certificate2> authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var copies = authorities.Select(authority => X509CertificateLoader.LoadCertificate(authority.RawData)).ToImmutableArray();
        if (copies.IsEmpty)
            throw new ArgumentException("No authority was given: no peer could ever be trusted.", nameof(authorities));

        foreach (var authority in copies)
            RefuseUnfit(authority);

        return new(copies, []);
    }

    /// <summary>Accepts certificates that one of these authorities issued.</summary>
    /// <param name="pem">One or more certificates in PEM (RFC 7468 section 5).</param>
    /// <returns>The trust.</returns>
    /// <exception cref="ArgumentException">There is none, or one is not self-signed, not an authority's, or too weak.</exception>
    /// <exception cref="CryptographicException">A certificate cannot be read.</exception>
    public static TrustPolicy FromPem(ReadOnlySpan<char> pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return FromAuthorities(authorities);
    }

    /// <summary>
    /// Accepts a peer whose key is one of these, whoever issued its certificate. Its validity, purpose, strength and name are still checked, but not who
    /// vouches for them.
    /// </summary>
    /// <param name="pins">As <see cref="ComputePin"/> gives them.</param>
    /// <returns>The trust.</returns>
    /// <exception cref="ArgumentException">There is none, or one is not the base64 form of 32 bytes.</exception>
    public static TrustPolicy FromPins(params IEnumerable<string> pins) => new([], Parse(pins));

    /// <summary>Demands, beside everything that is demanded already, that a certificate of the peer's chain has one of these keys.</summary>
    /// <param name="pins">As <see cref="ComputePin"/> gives them; they replace earlier ones.</param>
    /// <returns>The narrower trust.</returns>
    /// <exception cref="ArgumentException">There is none, or one is not the base64 form of 32 bytes.</exception>
    public TrustPolicy WithPins(params IEnumerable<string> pins) => new(_authorities, Parse(pins));

    /// <summary>The pin of a certificate's key: the base64 form of SHA-256 over its SubjectPublicKeyInfo (RFC 7469 section 2.4).</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>44 characters.</returns>
    public static string ComputePin(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>How many authorities and pins there are.</summary>
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
            throw new ArgumentException($"{CertificateText.Of(authority)} is issued by {CertificateText.Quote(authority.Issuer)}, so it is no root: give that "
                + "authority's certificate, or pin this one's key with TrustPolicy.FromPins.");
        }

        if (CertificateChecks.Authority(authority, isRoot: true) is { } error)
            throw new ArgumentException(error.Message);
    }

    private static ImmutableHashSet<string> Parse(IEnumerable<string> pins)
    {
        ArgumentNullException.ThrowIfNull(pins);
        var parsed = pins.ToImmutableHashSet(StringComparer.Ordinal);
        if (parsed.IsEmpty)
            throw new ArgumentException("No pin was given: no peer could ever be trusted.", nameof(pins));

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 1];
        foreach (var pin in parsed)
        {
            if (!Convert.TryFromBase64String(pin, bytes, out var length) || length != SHA256.HashSizeInBytes || Convert.ToBase64String(bytes[..length]) != pin)
                throw new ArgumentException($"{CertificateText.Quote(pin)} is not the base64 form of a SHA-256 hash: TrustPolicy.ComputePin makes pins.", nameof(pins));
        }

        return parsed;
    }
}
