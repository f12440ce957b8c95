using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel;

/// <summary>Decides whether the certificates that a peer sent prove a name, to this end's trust. Safe for use by several threads at once.</summary>
public static class ChainValidator
{
    /// <summary>The most certificates that a peer may send.</summary>
    public const int MaxCertificates = 10;

    /// <summary>The most bytes that a peer's certificates may have together.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The schemes of signatures that are accepted in certificates, best first, for peers that must be told (RFC 9846 section 4.3.3).</summary>
    public static ImmutableArray<SignatureScheme> SignatureSchemes { get; } =
    [
        SignatureScheme.Ed25519,
        SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPssPssSha256, SignatureScheme.RsaPssPssSha384, SignatureScheme.RsaPssPssSha512,
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
    ];

    /// <summary>
    /// Checks the path to an authority, its signatures and its strength, validity, purpose and name (RFC 5280 section 6, RFC 9525). Downloads nothing, and
    /// believes no certificate that was neither sent nor configured. Never throws for what a
    /// peer sent. What was found out about the same certificates before is used again for an hour at most, once a peer has shown that it holds their key.
    /// </summary>
    /// <param name="presented">The certificates in DER as they were sent: the peer's own first, the others in any order.</param>
    /// <param name="name">The name that the peer must have: a DNS name or an IP address.</param>
    /// <param name="purpose">What the certificate must be for.</param>
    /// <param name="trust">Whom to believe.</param>
    /// <param name="at">The time at which every certificate must be valid.</param>
    /// <param name="identity">The proof that everything was right.</param>
    /// <param name="error">What was wrong with which certificate, and what to do.</param>
    /// <returns>Whether the peer is trusted.</returns>
    public static bool TryValidate(IReadOnlyList<ReadOnlyMemory<byte>> presented, string name, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at,
        [NotNullWhen(true)] out VerifiedIdentity? identity, [NotNullWhen(false)] out SessionError? error)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(trust);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Enum.IsDefined(purpose), true, nameof(purpose));

        identity = null;
        if (Bound(presented) is { } tooMuch)
        {
            error = tooMuch;
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

    /// <summary>How many bytes certificates have together; they came in one message, which bounds them.</summary>
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
        catch (Exception exception) when (CertificateChecks.IsCorruption(exception))
        {
            error = CertificateChecks.Corrupt(exception);
        }

        foreach (var certificate in certificates.Skip(error is null ? 1 : 0))
            certificate.Dispose();

        if (error is null)
            leaf = new(certificates[0], key, at, until);

        return error is null;
    }

    private static SessionError? Bound(IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        if (presented.Count == 0)
            return new(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, "the peer sent no certificate");

        if (presented.Count > MaxCertificates || LengthOf(presented) > MaxBytes)
        {
            return new(SessionErrorKind.UntrustedPeer, AlertDescription.BadCertificate,
                $"the peer sent {presented.Count} certificates of {LengthOf(presented)} bytes; "
                + $"at most {MaxCertificates} of {MaxBytes} bytes in all are read");
        }

        return null;
    }

    private static SessionError? Load(IReadOnlyList<ReadOnlyMemory<byte>> presented, List<X509Certificate2> certificates)
    {
        for (var index = 0; index < presented.Count; index++)
        {
            if (!TryLoad(presented[index], out var certificate))
                return new(SessionErrorKind.MalformedMessage, AlertDescription.BadCertificate,
                    $"certificate {index + 1} of the {presented.Count} that the peer sent is no certificate in DER");

            certificates.Add(certificate);
        }

        return null;
    }

    private static bool TryLoad(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = null;
        try
        {
            // The platform's loader also takes PEM, and bytes after the certificate.
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

    private static SessionError? Check(List<X509Certificate2> presented, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at, out DateTimeOffset until)
    {
        if (trust.AuthorityCount > 0)
            return CheckPath(presented, purpose, trust, at, out until);

        until = presented[0].NotAfter;
        return CheckElements([presented[0]], purpose, at) ?? CheckPins([presented[0]], trust);
    }

    private static SessionError? CheckPath(List<X509Certificate2> presented, CertificatePurpose purpose, TrustPolicy trust, DateTimeOffset at, out DateTimeOffset until)
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
            return new(SessionErrorKind.UntrustedPeer, AlertDescription.CertificateUnknown, "the platform found no path for the peer's certificate");

        var last = path[^1];
        if (trust.IsAuthority(last))
            return null;

        if (trust.HasAuthorityNamed(last.IssuerName))
        {
            return CertificateChecks.Refuse(AlertDescription.UnknownCa, last,
                $"is issued by {CertificateText.Quote(last.Issuer)}: a trusted authority has that name, "
                + "but another key; was the authority renewed, or is this an imposter?");
        }

        var count = trust.AuthorityCount == 1 ? "is not the 1 trusted authority" : $"is none of the {trust.AuthorityCount} trusted authorities";
        return CertificateChecks.IsSelfIssued(last)
            ? CertificateChecks.Refuse(AlertDescription.UnknownCa, last, $"is issued by itself and {count}; add it to TrustPolicy.FromAuthorities if it is to be trusted")
            : CertificateChecks.Refuse(AlertDescription.UnknownCa, last,
                $"is issued by {CertificateText.Quote(last.Issuer)}, which {count} and no certificate that the peer "
                + "sent; add that authority to TrustPolicy.FromAuthorities if it is to be trusted, or let the server send the intermediate");
    }

    // The platform also looks into the stores of the user and of the machine.
    private static SessionError? CheckOrigin(List<X509Certificate2> path, List<X509Certificate2> presented, TrustPolicy trust)
    {
        var foreign = path.Find(element => !trust.IsAuthority(element)
            && !presented.Exists(sent => sent.RawDataMemory.Span.SequenceEqual(element.RawDataMemory.Span)));
        return foreign is null
            ? null
            : CertificateChecks.Refuse(AlertDescription.UnknownCa, foreign,
                "was found on this machine, but neither sent by the peer nor configured; let the server send it");
    }

    private static SessionError? CheckElements(List<X509Certificate2> path, CertificatePurpose purpose, DateTimeOffset at)
    {
        for (var index = 0; index < path.Count; index++)
        {
            var element = path[index];
            var error = CertificateChecks.Extensions(element)
                ?? CertificateChecks.Validity(element, at)
                ?? (index == 0 ? CertificateChecks.Leaf(element, purpose) : CertificateChecks.Authority(element, isRoot: index == path.Count - 1));
            if (error is not null)
                return error;
        }

        return null;
    }

    private static SessionError? CheckPins(List<X509Certificate2> path, TrustPolicy trust) => !trust.HasPins || path.Exists(trust.IsPinned)
        ? null
        : CertificateChecks.Refuse(AlertDescription.CertificateUnknown, path[0],
            $"has a key that is not pinned; its pin is {TrustPolicy.ComputePin(path[0])}, to be added to the pins if the key was changed on purpose");

    private static SessionError? CheckStatus(X509Chain builder)
    {
        foreach (var element in builder.ChainElements)
        {
            foreach (var status in element.ChainElementStatus)
            {
                if (Describe(status) is var (alert, why))
                    return CertificateChecks.Refuse(alert, element.Certificate, why);
            }
        }

        return builder.ChainStatus.FirstOrDefault(status => status.Status != X509ChainStatusFlags.NoError) is { Status: not X509ChainStatusFlags.NoError } other
            ? new(SessionErrorKind.UntrustedPeer, AlertDescription.CertificateUnknown, $"the path to the authority is refused by the platform: {other.Status}")
            : null;
    }

    private static (AlertDescription Alert, string Why)? Describe(X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NoError => null,
        X509ChainStatusFlags.NotSignatureValid => (AlertDescription.BadCertificate,
            "has a signature that is not its issuer's: it was altered or forged, or issued by another authority of the same name"),
        X509ChainStatusFlags.NotTimeValid => (AlertDescription.CertificateExpired, "is not valid at this time"),
        X509ChainStatusFlags.NotValidForUsage => (AlertDescription.UnsupportedCertificate,
            "stands in a path whose authorities do not allow this purpose (extended key usage)"),
        X509ChainStatusFlags.InvalidBasicConstraints => (AlertDescription.BadCertificate, "stands in a path that is longer than an authority's basic constraints allow"),
        X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => (AlertDescription.UnknownCa, "does not lead to a trusted authority"),
        X509ChainStatusFlags.Revoked => (AlertDescription.CertificateRevoked, "was revoked"),
        _ => (AlertDescription.CertificateUnknown, $"is refused by the platform: {status.Status}"),
    };
}
