using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>An OCSP response that was parsed once (RFC 6960 section 4.2.1). Its signature has not been verified. Immutable after parsing.</summary>
internal sealed class ParsedOcspResponse
{
    /// <summary>Gets the reason why the response cannot be used, or <see cref="RevocationGap.None"/>.</summary>
    public RevocationGap Gap { get; set; }

    /// <summary>Gets the signed part: the ResponseData with its tag and length.</summary>
    public ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>Gets the algorithm of the signature, or null if it is not accepted.</summary>
    public CertificateSignatureAlgorithm? Algorithm { get; init; }

    /// <summary>Gets the signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Gets the certificates that the responder sent, in DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>Gets the name of the responder with its tag and length, or an empty value.</summary>
    public ReadOnlyMemory<byte> ResponderName { get; set; }

    /// <summary>Gets the SHA-1 hash of the responder's key, or an empty value.</summary>
    public ReadOnlyMemory<byte> ResponderKeyHash { get; set; }

    /// <summary>Gets the status of each certificate.</summary>
    public List<SingleOcspResponse> Responses { get; } = [];

    /// <summary>Returns a value that indicates whether the response identifies a certificate as that of its responder.</summary>
    public bool IsFrom(ParsedCertificate responder) => ResponderKeyHash.IsEmpty
        ? ResponderName.Span.SequenceEqual(responder.Subject.Span)
        : OcspIdentifier.Matches(OcspHash.Sha1, ResponderKeyHash.Span, responder.PublicKey.Key.Span);
}

/// <summary>The status of one certificate in an OCSP response (RFC 6960 section 4.2.1).</summary>
/// <param name="Hash">The hash function of the identifier.</param>
/// <param name="IssuerNameHash">The hash of the issuer's name.</param>
/// <param name="IssuerKeyHash">The hash of the issuer's key.</param>
/// <param name="SerialNumber">The content of the serial number.</param>
/// <param name="Status">The status, without the end of its validity.</param>
/// <param name="ThisUpdate">The time from which the status is valid.</param>
/// <param name="NextUpdate">The time at which a newer status is available, or null.</param>
/// <param name="HasCriticalExtension">True if the status has a critical extension; otherwise, false.</param>
internal sealed record SingleOcspResponse(OcspHash Hash, ReadOnlyMemory<byte> IssuerNameHash, ReadOnlyMemory<byte> IssuerKeyHash,
    ReadOnlyMemory<byte> SerialNumber, RevocationStatus Status, DateTime ThisUpdate, DateTime? NextUpdate, bool HasCriticalExtension)
{
    // RFC 6960 section 4.2.2.1: without nextUpdate, "newer revocation information is available all the time".
    private static readonly TimeSpan LifetimeWithoutNextUpdate = TimeSpan.FromHours(1);

    /// <summary>Returns a value that indicates whether the status is that of a certificate of an issuer.</summary>
    public bool IsFor(ParsedCertificate certificate, ParsedCertificate issuer) =>
        SerialNumber.Span.SequenceEqual(certificate.SerialNumber.Span)
        && OcspIdentifier.Matches(Hash, IssuerNameHash.Span, certificate.Issuer.Span)
        && OcspIdentifier.Matches(Hash, IssuerKeyHash.Span, issuer.PublicKey.Key.Span);

    /// <summary>Returns the status at a given time. A revocation does not expire.</summary>
    public RevocationStatus GetStatus(DateTimeOffset at) =>
        HasCriticalExtension ? RevocationStatus.Unknown(RevocationGap.CriticalExtension, isOcsp: true)
        : Status.State != RevocationState.Good ? Status
        : RevocationStatus.NotRevoked(ThisUpdate, NextUpdate ?? LimitWithoutNextUpdate, at, isOcsp: true);

    // The peer chooses the time, and the last hour that a time can have has no next one.
    private DateTime LimitWithoutNextUpdate =>
        DateTime.MaxValue - ThisUpdate > LifetimeWithoutNextUpdate ? ThisUpdate + LifetimeWithoutNextUpdate : DateTime.MaxValue;
}

/// <summary>The hash functions that identify certificates in OCSP responses.</summary>
internal enum OcspHash
{
    Unsupported,
    Sha1,
    Sha256,
}

/// <summary>The comparison of hashes that identify certificates and keys in OCSP responses (RFC 6960 section 4.1.1).</summary>
internal static class OcspIdentifier
{
    /// <summary>Returns a value that indicates whether a hash is the hash of data.</summary>
    public static bool Matches(OcspHash hash, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> data)
    {
        Span<byte> computed = stackalloc byte[SHA256.HashSizeInBytes];
        switch (hash)
        {
            case OcspHash.Sha1:
                // The hash only selects a certificate, and RFC 5019 section 2.1.1 requires SHA-1. The signature proves the status.
#pragma warning disable CA5350, RS0030
                computed = computed[..SHA1.HashData(data, computed)];
#pragma warning restore CA5350, RS0030
                break;
            case OcspHash.Sha256:
                SHA256.HashData(data, computed);
                break;
            default:
                return false;
        }

        return computed.SequenceEqual(expected);
    }
}
