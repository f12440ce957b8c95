using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// A policy that decides which peers are trusted: those with a certificate from a trusted authority, with a pinned key, or both. It builds and validates
/// certification paths itself (RFC 5280 section 6), in the same way on every operating system, and uses neither the certificate stores of the machine nor the
/// network; only <see cref="System"/> uses the platform's stores and chain engine. Immutable and thread-safe. Use one policy for many sessions, because it caches verification results for up to one hour.
/// </summary>
/// <remarks>By default, revocation is not checked: set <see cref="TrustOptions.Revocation"/>, use certificates with a short validity, or pin keys.</remarks>
public sealed class TrustPolicy
{
    private readonly ImmutableHashSet<string> _pins;
    private byte[]? _fingerprint;

    private TrustPolicy(ImmutableArray<TrustAnchor> anchors, ImmutableHashSet<string> pins, TrustOptions options, bool isSystem = false,
        CertificateVerifier? verifier = null, RevocationSource? revocation = null)
    {
        IsSystem = isSystem;
        Verifier = verifier;
        Revocation = revocation;
        Anchors = anchors;
        _pins = pins;
        Options = options;
    }

    /// <summary>
    /// Gets a policy that trusts the authorities that the operating system trusts. The platform's chain engine builds the paths, with the certificate stores of the
    /// machine and the user, so results differ between operating systems. Nothing is downloaded. Name, purpose, validity, strength and, by option, revocation are
    /// checked as under every other policy.
    /// </summary>
    public static TrustPolicy System { get; } = new([], [], TrustOptions.Default, isSystem: true);

    /// <summary>Gets a value that indicates whether the platform's chain engine builds the paths.</summary>
    internal bool IsSystem { get; }

    /// <summary>Gets the verifier that decides, or null if this policy decides itself.</summary>
    internal CertificateVerifier? Verifier { get; }

    /// <summary>
    /// Gets a hash of everything that determines the decisions of the policy, to which resumed sessions are bound; or null if a verifier without
    /// <see cref="CertificateVerifier.PolicyId"/> decides. Policies with equal content have equal fingerprints in every process.
    /// </summary>
    internal byte[]? Fingerprint => Verifier is null ? _fingerprint ??= PolicyFingerprint.Compute(this, _pins, null)
        : Verifier.PolicyId is { } id ? PolicyFingerprint.Compute(this, _pins, id)
        : null;

    /// <summary>Gets the source of revocation data, or null if revocation is not checked.</summary>
    internal RevocationSource? Revocation { get; }

    /// <summary>Gets a value that indicates whether the policy can use a stapled OCSP response.</summary>
    internal bool UsesStapledResponses => Revocation is not null || Verifier is not null;

    /// <summary>Gets the cache of certificates that were verified under this policy.</summary>
    internal ChainCache Cache { get; } = new();

    /// <summary>Gets the trust anchors.</summary>
    internal ImmutableArray<TrustAnchor> Anchors { get; }

    /// <summary>Gets the rules for certification paths.</summary>
    internal TrustOptions Options { get; }

    /// <summary>
    /// Creates a policy that trusts given certificates. An authority's certificate, whether a root or not, is trusted to issue others, directly or through
    /// intermediate certificates that the peer sends. An end-entity certificate is trusted only if the peer presents exactly this certificate.
    /// </summary>
    /// <param name="authorities">The certificates. They are copied.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No certificate was given, or one is malformed, too weak or an authority's that must not issue certificates.</exception>
    public static TrustPolicy FromAuthorities(params IEnumerable<X509Certificate2> authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var anchors = authorities.Select(CreateAnchor).ToImmutableArray();
        return anchors.IsEmpty
            ? throw new ArgumentException(
                "At least one trusted authority is required. Pass the certificates of the authorities that issue the peers' certificates.",
                nameof(authorities))
            : new(anchors, [], TrustOptions.Default);
    }

    /// <summary>Creates a policy that trusts given certificates, as <see cref="FromAuthorities"/> does.</summary>
    /// <param name="pem">One or more certificates in PEM (RFC 7468 section 5).</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">
    /// A certificate is malformed, too weak or an authority's that must not issue certificates.
    /// </exception>
    /// <exception cref="CertificateException">The text contains no certificate, or a block is damaged.</exception>
    public static TrustPolicy FromPem(ReadOnlySpan<char> pem)
    {
        var authorities = PemCertificates.Read(pem);
        try
        {
            return FromAuthorities(authorities);
        }
        finally
        {
            authorities.ForEach(authority => authority.Dispose());
        }
    }

    /// <summary>Creates a policy that trusts the certificates in a file, as <see cref="FromAuthorities"/> does.</summary>
    /// <param name="path">The path of a file with one or more certificates in PEM (RFC 7468 section 5).</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">
    /// A certificate is malformed, too weak or an authority's that must not issue certificates.
    /// </exception>
    /// <exception cref="CertificateException">The file contains no certificate, or a block is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrustPolicy FromPemFile(string path) => IdentityFiles.Read(path, IdentityFiles.ReadBytes(path), pem => FromPem(pem));

    /// <summary>
    /// Creates a policy that trusts peers with a pinned key. The pin replaces the authority: the issuer of the certificate, its signature and intermediate
    /// certificates are not checked. Validity, purpose, key strength and name are still checked.
    /// </summary>
    /// <param name="pins">The pins, as <see cref="ComputePin(X509Certificate2)"/> returns them.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">No pin was given, or one is not the base64 form of 32 bytes.</exception>
    public static TrustPolicy FromPins(params IEnumerable<string> pins) => new([], Parse(pins), TrustOptions.Default);

    /// <summary>
    /// Creates a policy that a verifier of your own decides. Over <see cref="SessionSecurity.SslStream"/>, it runs after the handshake of the platform and before
    /// any data is read or written.
    /// </summary>
    /// <param name="verifier">The verifier.</param>
    /// <returns>The policy.</returns>
    public static TrustPolicy FromVerifier(CertificateVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        return new([], [], TrustOptions.Default, verifier: verifier);
    }

    /// <summary>Creates a stricter policy: a certificate in the peer's certification path must also have a pinned key.</summary>
    /// <param name="pins">The pins, as <see cref="ComputePin(X509Certificate2)"/> returns them. They replace earlier pins.</param>
    /// <returns>The stricter policy.</returns>
    /// <exception cref="ArgumentException">No pin was given, or one is not the base64 form of 32 bytes.</exception>
    public TrustPolicy WithPins(params IEnumerable<string> pins) => new(Anchors, Parse(pins), Options, IsSystem, Verifier, Revocation);

    /// <summary>Creates a policy with other rules for certification paths. Verification results are not shared between the two policies.</summary>
    /// <param name="options">The rules. They replace earlier rules.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of range or does not fit the policy, a CRL or an OCSP response is malformed or not supported, or an authority is not a root although the
    /// options require roots.
    /// </exception>
    /// <exception cref="IOException">A file with CRLs cannot be read.</exception>
    /// <exception cref="CertificateException">A file contains no CRL, or one that is malformed or not supported.</exception>
    public TrustPolicy WithOptions(TrustOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(hasIssuers: Verifier is null && (IsSystem || !Anchors.IsEmpty));
        if (options.RequireRootAnchors && Anchors.FirstOrDefault(anchor => !anchor.Certificate.IsSelfIssued) is { Certificate: var certificate })
        {
            throw new ArgumentException($"{CertificateText.Of(certificate)} is issued by {CertificateText.IssuerOf(certificate)}, so it is not a root. "
                + "Trust that authority's root, or set 'RequireRootAnchors' to false.", nameof(options));
        }

        return new(Anchors, _pins, options, IsSystem, Verifier, options.Revocation == RevocationMode.None ? null : new(options));
    }

    /// <summary>Computes the pin of a certificate's key: the base64 form of the SHA-256 hash of its SubjectPublicKeyInfo (RFC 7469 section 2.4).</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The pin: 44 characters.</returns>
    public static string ComputePin(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return ComputePin(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Computes the pin of a key: the base64 form of the SHA-256 hash of its SubjectPublicKeyInfo (RFC 7469 section 2.4).</summary>
    /// <param name="subjectPublicKeyInfo">The SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), in DER.</param>
    /// <returns>The pin: 44 characters.</returns>
    public static string ComputePin(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(subjectPublicKeyInfo, hash);
        return Convert.ToBase64String(hash);
    }

    /// <summary>Verifies a peer's certificates. The result does not prove that the peer holds the private key.</summary>
    /// <param name="chain">The certificates that the peer sent, in DER: its own first, intermediate certificates in any order.</param>
    /// <param name="name">The name that the peer must prove: a DNS name or an IP address. Null checks no name, as for clients.</param>
    /// <param name="purpose">The purpose that the certificate must allow.</param>
    /// <param name="time">The time at which every certificate in the certification path must be valid.</param>
    /// <param name="cancellationToken">A token that cancels the verification.</param>
    /// <returns>The verified identity or the error.</returns>
    public async ValueTask<CertificateVerificationResult> VerifyAsync(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? name, CertificatePurpose purpose,
        DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ToResult(await VerifyAsync(chain, name, purpose, time, null, default, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Returns the number of authorities and the number of pins.</summary>
    public override string ToString() => $"{(Verifier is not null ? "verified" : IsSystem ? "system" : Anchors.Length)} authorities, {_pins.Count} pins";

    /// <summary>Verifies the certificates of a request.</summary>
    internal async ValueTask<CertificateVerificationResult> VerifyAsync(CertificateVerificationRequest request, CancellationToken cancellationToken) =>
        ToResult(await VerifyAsync(
            request.Chain, request.Name, request.Purpose, request.Time, request.Cryptography, request.Context, cancellationToken).ConfigureAwait(false));

    /// <summary>Verifies a peer's certificates with a provider, which is <see cref="CryptographyProvider.Platform"/> if it is null.</summary>
    internal async ValueTask<(VerifiedIdentity? Identity, SessionError? Error)> VerifyAsync(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? name,
        CertificatePurpose purpose, DateTimeOffset time, CryptographyProvider? cryptography, VerificationContext context, CancellationToken cancellationToken)
    {
        if (Verifier is null)
            return TryVerify(chain, name, purpose, time, cryptography, context, out var verified, out var failure) ? (verified, null) : (null, failure);

        var provider = cryptography ?? CryptographyProvider.Platform;
        if (CertificateVerificationRequest.Create(chain, name, purpose, time, provider, context, Options, out var error) is not { } request)
            return (null, error);
        var result = request.Check(await Verifier.VerifyAsync(request, cancellationToken).ConfigureAwait(false));
        if (result.Identity is not { } identity)
            return (null, PathError.Create(result.Error!));
        return IsPinned([identity.Certificate]) ? (identity, null)
            : (null, PathError.Create(new PathFailure(PathFault.NotPinned, identity.Certificate, ComputePin(identity.Certificate.PublicKey.Encoded.Span)),
                0, purpose, time));
    }

    /// <summary>Tries to verify a peer's certificates with a provider, which is <see cref="CryptographyProvider.Platform"/> if it is null.</summary>
    internal bool TryVerify(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? name, CertificatePurpose purpose, DateTimeOffset time,
        CryptographyProvider? cryptography, VerificationContext context,
        [NotNullWhen(true)] out VerifiedIdentity? identity, [NotNullWhen(false)] out SessionError? error) =>
        ChainVerifier.TryVerify(this, chain, name, purpose, time, cryptography ?? CryptographyProvider.Platform, context, out identity, out error);

    /// <summary>Returns a value that indicates whether the policy has no pins, or a certificate in a path has a pinned key.</summary>
    internal bool IsPinned(ReadOnlySpan<ParsedCertificate> path)
    {
        if (_pins.IsEmpty)
            return true;
        foreach (var certificate in path)
        {
            if (_pins.Contains(ComputePin(certificate.PublicKey.Encoded.Span)))
                return true;
        }

        return false;
    }

    private static CertificateVerificationResult ToResult((VerifiedIdentity? Identity, SessionError? Error) outcome) => outcome.Identity is { } identity
        ? new CertificateVerificationResult(identity)
        : new CertificateVerificationResult(
            outcome.Error!.Certificate ?? new CertificateError(CertificateErrorKind.NameMismatch, outcome.Error.Message));

    private static TrustAnchor CreateAnchor(X509Certificate2 authority)
    {
        if (!CertificateParser.TryParse(authority.RawData, out var certificate, out var error, isAnchor: true))
            throw new ArgumentException($"{CertificateText.Of(authority)} {error.Reason}.");

        // An end-entity certificate issues nothing, so only its key matters.
        var failure = certificate.IsAuthority ? CertificateRules.CheckIssuing(certificate, isAnchor: true) : CertificateRules.CheckKey(certificate);
        return failure is { } found
            ? throw new ArgumentException(PathError.Create(found, 0, default, default).Message)
            : new(certificate);
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
