using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>
/// The verification of a peer's certificates against a trust policy. It downloads nothing and, except for
/// <see cref="TrustPolicy.System"/>, uses only certificates that the peer sent or that are configured. Malformed certificates are reported as errors, never as exceptions. Thread-safe.
/// </summary>
internal static class ChainVerifier
{
    /// <summary>The maximum total size of a peer's certificates in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Tries to verify the certification path, its signatures, and the strength, validity, purpose and name of its certificates (RFC 5280 section 6, RFC 9525).
    /// A result is reused for up to one hour after a peer proved that it holds the private key.
    /// </summary>
    /// <param name="trust">The policy that decides which certificates are trusted.</param>
    /// <param name="presented">The certificates that the peer sent, in DER: its own first, intermediate certificates in any order.</param>
    /// <param name="name">The name that the peer must prove, or null to check no name.</param>
    /// <param name="purpose">The purpose that the certificate must allow.</param>
    /// <param name="at">The time at which every certificate in the certification path must be valid.</param>
    /// <param name="cryptography">The provider that verifies signatures.</param>
    /// <param name="context">The facts of the handshake, such as the stapled OCSP response.</param>
    /// <param name="identity">The proof that the certificate is trusted, or null if it is not.</param>
    /// <param name="error">The certificate that failed, the reason and the remedy, or null if the peer is trusted.</param>
    /// <returns>True if the certificate is trusted; otherwise, false.</returns>
    public static bool TryVerify(TrustPolicy trust, IReadOnlyList<ReadOnlyMemory<byte>> presented, string? name, CertificatePurpose purpose, DateTimeOffset at,
        CryptographyProvider cryptography, VerificationContext context,
        [NotNullWhen(true)] out VerifiedIdentity? identity, [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Enum.IsDefined(purpose), true, nameof(purpose));

        identity = null;
        error = CheckSize(presented, trust.Options);
        if (error is not null)
            return false;

        var revocation = trust.Revocation?.GetCurrent(at);
        var key = ChainCacheKey.Of(presented, purpose, cryptography, revocation, context.StapledOcspResponse);
        if (!trust.Cache.TryGet(key, at, out var leaf))
        {
            error = Check(presented, key, trust, at, revocation, context.StapledOcspResponse, out leaf);
            if (error is not null)
                return false;
        }

        error = name is null ? null : leaf!.CheckName(name);
        if (error is null)
            identity = new(leaf!, name, trust.Cache);
        return error is null;
    }

    /// <summary>
    /// Returns the total size of certificates in bytes. The sum cannot overflow, because the certificates were received in one message of limited size.
    /// </summary>
    public static int LengthOf(IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        var length = 0;
        for (var index = 0; index < presented.Count; index++)
            length = checked(length + presented[index].Length);
        return length;
    }

    /// <summary>Checks the number and the size of the certificates that a peer sent.</summary>
    public static SessionError? CheckSize(IReadOnlyList<ReadOnlyMemory<byte>> presented, TrustOptions options)
    {
        if (presented.Count == 0)
        {
            const string message = "The peer sent no certificate. Configure one at the peer.";
            return new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.DecodeError, message)
            {
                Certificate = new(CertificateErrorKind.Malformed, message),
            };
        }

        if (presented.Count <= options.MaxChainLength && LengthOf(presented) <= MaxBytes)
            return null;
        return PathError.Create(CertificateErrorKind.TooManyCertificates, AlertDescription.BadCertificate,
            $"The peer sent {presented.Count} certificates with a total of {LengthOf(presented)} bytes, but at most {options.MaxChainLength} certificates "
            + $"with a total of {MaxBytes} bytes are accepted. Remove certificates that do not belong to the certification path.");
    }

    private static SessionError? Check(IReadOnlyList<ReadOnlyMemory<byte>> presented, ChainCacheKey key, TrustPolicy trust, DateTimeOffset at,
        RevocationData? revocation, ReadOnlyMemory<byte>? stapledResponse, out CheckedLeaf? leaf)
    {
        leaf = null;
        var certificates = new ParsedCertificate[presented.Count];
        for (var index = 0; index < certificates.Length; index++)
        {
            // The caller's buffers may change after the call, and the result outlives it.
            if (!CertificateParser.TryParse(presented[index].ToArray(), out var certificate, out var error))
                return CreateParseError(error, presented[index], index, certificates.Length);
            certificates[index] = certificate;
        }

        var request = new PolicyRequest
        {
            Trust = trust, Purpose = key.Purpose, Time = at, Options = trust.Options, Cryptography = key.Cryptography,
            Revocation = revocation is { } data ? new(trust.Options.Revocation, data, at, key.Cryptography, stapledResponse) : null,
        };
        var isTrusted = trust.IsSystem ? SystemChain.TryBuild(request, certificates, out var path, out var failure)
            : trust.Anchors.IsEmpty ? TryCheckPinned(request, certificates[0], out path, out failure)
            : PathBuilder.TryBuild(request, trust.Anchors, certificates, out path, out failure);
        if (!isTrusted)
            return PathError.Create(failure!.Value, trust.Anchors.Length, key.Purpose, at);

        leaf = new(certificates[0], ConstraintsOf(path), key, at, EndOf(path, request.Revocation?.ValidUntil ?? DateTime.MaxValue));
        return null;
    }

    // A pin replaces the authority: the issuer and its signature are not checked.
    private static bool TryCheckPinned(
        PathRequest request, ParsedCertificate leaf, out ImmutableArray<ParsedCertificate> path, [NotNullWhen(false)] out PathFailure? failure)
    {
        path = [leaf];
        failure = CertificateRules.CheckEndEntity(leaf, request.Purpose, request.Time, request.Options.RequireExtendedKeyUsage) ?? request.CheckPath([leaf]);
        return failure is null;
    }

    /// <summary>Creates the error of a certificate that cannot be parsed.</summary>
    public static SessionError CreateParseError(ParseError error, ReadOnlyMemory<byte> encoded, int index, int count) => PathError.Create(
        error.Kind, AlertDescription.BadCertificate,
        $"{(error.Subject.IsEmpty ? $"Certificate {index + 1} of {count} from the peer" : CertificateText.Of(error.Subject, error.Serial))} {error.Reason}.",
        encoded.ToArray());

    private static ImmutableArray<NameConstraints> ConstraintsOf(ImmutableArray<ParsedCertificate> path)
    {
        ImmutableArray<NameConstraints> result = [];
        foreach (var certificate in path)
        {
            if (certificate.Extensions.NameConstraints is { } constraints)
                result = result.Add(constraints);
        }

        return result;
    }

    private static DateTimeOffset EndOf(ImmutableArray<ParsedCertificate> path, DateTime end)
    {
        foreach (var certificate in path)
            end = certificate.NotAfter < end ? certificate.NotAfter : end;
        return new DateTimeOffset(end, TimeSpan.Zero);
    }

    private sealed class PolicyRequest : PathRequest
    {
        public required TrustPolicy Trust { get; init; }

        public required RevocationChecker? Revocation { get; init; }

        public override PathFailure? CheckPath(ReadOnlySpan<ParsedCertificate> path) => Trust.IsPinned(path)
            ? Revocation?.Check(path)
            : new(PathFault.NotPinned, path[0], TrustPolicy.ComputePin(path[0].PublicKey.Encoded.Span));
    }
}
