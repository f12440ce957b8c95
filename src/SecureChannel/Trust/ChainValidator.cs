using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>The verification of a peer's certificates against a trust policy. Thread-safe.</summary>
public static class ChainValidator
{
    /// <summary>The maximum number of certificates that a peer may send.</summary>
    public const int MaxCertificates = 10;

    /// <summary>The maximum total size of a peer's certificates in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Gets the signature schemes that are accepted in certificates, best first, to be offered to peers (RFC 9846 section 4.3.3).</summary>
    public static ImmutableArray<SignatureScheme> SignatureSchemes { get; } =
    [
        SignatureScheme.Ed25519,
        SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPssPssSha256, SignatureScheme.RsaPssPssSha384, SignatureScheme.RsaPssPssSha512,
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
    ];

    /// <summary>
    /// Tries to verify the certification path to a trusted authority, its signatures, and the strength, validity, purpose and name of its certificates
    /// (RFC 5280 section 6, RFC 9525). The method downloads nothing and uses only certificates that the peer sent or that are configured. Malformed
    /// certificates are reported as errors, never as exceptions. A result is reused for up to one hour after a peer proved that it holds the private key.
    /// </summary>
    /// <param name="presented">The certificates that the peer sent, in DER: its own first, intermediate certificates in any order.</param>
    /// <param name="name">The name that the peer must prove: a DNS name or an IP address.</param>
    /// <param name="purpose">The purpose that the certificate must allow.</param>
    /// <param name="trust">The policy that decides which certificates are trusted.</param>
    /// <param name="at">The time at which every certificate in the certification path must be valid.</param>
    /// <param name="identity">The proof that the certificate is trusted, or null if it is not.</param>
    /// <param name="error">The certificate that failed, the reason and the remedy, or null if the peer is trusted.</param>
    /// <returns>True if the certificate is trusted; otherwise, false.</returns>
    public static bool TryValidate(IReadOnlyList<ReadOnlyMemory<byte>> presented, string name, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at,
        [NotNullWhen(true)] out VerifiedIdentity? identity, [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(trust);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Enum.IsDefined(purpose), true, nameof(purpose));

        identity = null;
        if (CheckSize(presented) is { } sizeError)
        {
            error = sizeError;
            return false;
        }

        var key = ChainCacheKey.Of(presented, purpose);
        if (!trust.Cache.TryGet(key, at, out var leaf) && !TryCheck(presented, key, trust, at, out leaf, out error))
            return false;

        error = leaf.CheckName(name);
        if (error is null)
            identity = new(leaf, name, trust.Cache);
        return error is null;
    }

    /// <summary>
    /// Returns the total size of certificates in bytes. The sum cannot overflow, because the certificates were received in one message of limited size.
    /// </summary>
    internal static int LengthOf(IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        var length = 0;
        for (var index = 0; index < presented.Count; index++)
            length = checked(length + presented[index].Length);
        return length;
    }

    private static bool TryCheck(IReadOnlyList<ReadOnlyMemory<byte>> presented, ChainCacheKey key, TrustPolicy trust, DateTimeOffset at,
        [NotNullWhen(true)] out CheckedLeaf? leaf, [NotNullWhen(false)] out SessionError? error)
    {
        leaf = null;
        var certificates = new List<X509Certificate2>();
        var until = DateTimeOffset.MaxValue;
        try
        {
            error = Load(presented, certificates) ?? Check(certificates, key.Purpose, trust, at, out until);
        }
        catch (Exception exception) when (CertificateChecks.IsMalformedField(exception))
        {
            error = CertificateChecks.Malformed(exception);
        }

        foreach (var certificate in certificates.Skip(error is null ? 1 : 0))
            certificate.Dispose();

        if (error is null)
            leaf = new(certificates[0], key, at, until);

        return error is null;
    }

    private static SessionError? CheckSize(IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        if (presented.Count == 0)
            return new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateMissing, AlertDescription.DecodeError, "The peer sent no certificate. Configure one at the peer.");

        if (presented.Count > MaxCertificates || LengthOf(presented) > MaxBytes)
        {
            return new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.BadCertificate,
                $"The peer sent {presented.Count} certificates with a total of {LengthOf(presented)} bytes, but at most {MaxCertificates} certificates "
                + $"with a total of {MaxBytes} bytes are accepted. Remove certificates that do not belong to the certification path.");
        }

        return null;
    }

    private static SessionError? Load(IReadOnlyList<ReadOnlyMemory<byte>> presented, List<X509Certificate2> certificates)
    {
        for (var index = 0; index < presented.Count; index++)
        {
            if (!TryLoad(presented[index], out var certificate))
            {
                return new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.BadCertificate,
                    $"Certificate {index + 1} of {presented.Count} from the peer is not a valid certificate in DER. Replace it at the peer.");
            }

            certificates.Add(certificate);
        }

        return null;
    }

    private static bool TryLoad(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = null;
        try
        {
            // The platform's loader also accepts PEM and trailing bytes.
            if (!AsnDecoder.TryReadEncodedValue(bytes.Span, AsnEncodingRules.DER, out var tag, out _, out _, out var consumed)
                || !tag.HasSameClassAndValue(Asn1Tag.Sequence) || consumed != bytes.Length)
            {
                return false;
            }

            certificate = X509CertificateLoader.LoadCertificate(bytes.Span);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return false;
        }
    }

    private static SessionError? Check(
        List<X509Certificate2> presented, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at, out DateTimeOffset until)
    {
        if (trust.AuthorityCount > 0)
            return CheckPath(presented, purpose, trust, at, out until);

        until = presented[0].NotAfter;
        return CheckElements([presented[0]], purpose, at) ?? CheckPins([presented[0]], trust);
    }

    private static SessionError? CheckPath(
        List<X509Certificate2> presented, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at, out DateTimeOffset until)
    {
        using var builder = new X509Chain { ChainPolicy = trust.CreatePolicy() };
        builder.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose.GetOid(), null));
        builder.ChainPolicy.VerificationTime = at.UtcDateTime;
        foreach (var certificate in presented.Skip(1))
            builder.ChainPolicy.ExtraStore.Add(certificate);

        builder.Build(presented[0]);
        var path = builder.ChainElements.Select(element => element.Certificate).ToList();
        try
        {
            until = path.Count == 0 ? at : path.Min(element => element.NotAfter);
            return CheckRoot(path, trust)
                ?? CheckOrigin(path, presented, trust)
                ?? CheckElements(path, purpose, at)
                ?? CheckPins(path, trust)
                ?? CheckStatus(builder);
        }
        finally
        {
            foreach (var certificate in path)
                certificate.Dispose();
        }
    }

    private static SessionError? CheckRoot(List<X509Certificate2> path, TrustPolicy trust)
    {
        if (path.Count == 0)
        {
            return new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.CertificateUnknown,
                "The platform found no certification path for the peer's certificate. Check the certificates that the peer sends.");
        }

        var last = path[^1];
        if (trust.IsAuthority(last))
            return null;

        if (trust.HasAuthorityNamed(last.IssuerName))
        {
            return CertificateChecks.Reject(AlertDescription.UnknownCa, last,
                $"is issued by {PeerText.Quote(last.Issuer)}. A trusted authority has the same name but a different key. "
                + "If the authority renewed its key, update the trusted authorities; otherwise, the certificate may be forged");
        }

        var authorities = trust.AuthorityCount == 1 ? "the trusted authority" : $"one of the {trust.AuthorityCount} trusted authorities";
        return CertificateChecks.IsSelfIssued(last)
            ? CertificateChecks.Reject(AlertDescription.UnknownCa, last,
                $"is self-issued and is not {authorities}. If you trust it, add it to TrustPolicy.FromAuthorities")
            : CertificateChecks.Reject(AlertDescription.UnknownCa, last,
                $"is issued by {PeerText.Quote(last.Issuer)}, which is not {authorities}, and the peer did not send that issuer's certificate. "
                + "Configure the peer to send the intermediate certificate, or add the authority to TrustPolicy.FromAuthorities if you trust it");
    }

    // The platform also searches the certificate stores of the user and the machine.
    private static SessionError? CheckOrigin(List<X509Certificate2> path, List<X509Certificate2> presented, TrustPolicy trust)
    {
        var foreign = path.Find(element => !trust.IsAuthority(element)
            && !presented.Exists(sent => sent.RawDataMemory.Span.SequenceEqual(element.RawDataMemory.Span)));
        return foreign is null
            ? null
            : CertificateChecks.Reject(AlertDescription.UnknownCa, foreign,
                "was found in a certificate store of this machine, but the peer did not send it. Configure the peer to send it");
    }

    private static SessionError? CheckElements(List<X509Certificate2> path, CertificatePurpose purpose, DateTimeOffset at)
    {
        for (var index = 0; index < path.Count; index++)
        {
            var element = path[index];
            var error = CertificateChecks.CheckExtensions(element)
                ?? CertificateChecks.CheckValidity(element, at)
                ?? (index == 0
                    ? CertificateChecks.CheckEndEntity(element, purpose)
                    : CertificateChecks.CheckAuthority(element, isRoot: index == path.Count - 1));
            if (error is not null)
                return error;
        }

        return null;
    }

    private static SessionError? CheckPins(List<X509Certificate2> path, TrustPolicy trust) => !trust.HasPins || path.Exists(trust.IsPinned)
        ? null
        : CertificateChecks.Reject(AlertDescription.CertificateUnknown, path[0],
            $"has a key that is not pinned. If the key was replaced on purpose, add its pin {TrustPolicy.ComputePin(path[0])}");

    private static SessionError? CheckStatus(X509Chain builder)
    {
        foreach (var element in builder.ChainElements)
        {
            foreach (var status in element.ChainElementStatus)
            {
                if (Describe(status) is var (alert, reason))
                    return CertificateChecks.Reject(alert, element.Certificate, reason);
            }
        }

        return builder.ChainStatus.FirstOrDefault(status => status.Status != X509ChainStatusFlags.NoError) is { Status: not X509ChainStatusFlags.NoError } other
            ? new(SessionErrorKind.UntrustedPeer, SessionErrorCode.CertificateRejected, AlertDescription.CertificateUnknown,
                $"The platform rejects the certification path: {other.Status}. Check the certificates that the peer sends.")
            : null;
    }

    private static (AlertDescription Alert, string Reason)? Describe(X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NoError => null,
        X509ChainStatusFlags.NotSignatureValid => (AlertDescription.BadCertificate,
            "has a signature that its issuer's key does not verify: it was modified or forged, or another authority with the same name issued it. Replace it"),
        X509ChainStatusFlags.NotTimeValid => (AlertDescription.CertificateExpired, "is not valid at the current time. Renew it"),
        X509ChainStatusFlags.NotValidForUsage => (AlertDescription.UnsupportedCertificate,
            "is in a certification path with an authority that does not allow this purpose (extended key usage). Issue it under another authority"),
        X509ChainStatusFlags.InvalidBasicConstraints => (AlertDescription.BadCertificate,
            "is in a certification path that is longer than an authority's basic constraints allow. Issue it under another authority"),
        X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => (AlertDescription.UnknownCa,
            "does not lead to a trusted authority. Check the trusted authorities and the certificates that the peer sends"),
        X509ChainStatusFlags.Revoked => (AlertDescription.CertificateRevoked, "was revoked. Replace it"),
        _ => (AlertDescription.CertificateUnknown, $"is rejected by the platform: {status.Status}. Replace it"),
    };
}
