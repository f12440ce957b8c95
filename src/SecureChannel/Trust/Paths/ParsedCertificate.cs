using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A certificate that was parsed once (RFC 5280 section 4.1). Its fields are slices of the encoding, and its signature has not been verified. Immutable and
/// thread-safe.
/// </summary>
internal sealed class ParsedCertificate
{
    /// <summary>Gets the complete certificate in DER.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Gets the signed part: the TBSCertificate with its tag and length.</summary>
    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>Gets the algorithm of the signature, or null if it is not accepted.</summary>
    public required CertificateSignatureAlgorithm? Algorithm { get; init; }

    /// <summary>Gets the signature.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Gets the content of the serial number.</summary>
    public required ReadOnlyMemory<byte> SerialNumber { get; init; }

    /// <summary>Gets the name of the issuer with its tag and length.</summary>
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    /// <summary>Gets the name of the subject with its tag and length.</summary>
    public required ReadOnlyMemory<byte> Subject { get; init; }

    /// <summary>Gets the first time at which the certificate is valid.</summary>
    public required DateTime NotBefore { get; init; }

    /// <summary>Gets the last second in which the certificate is valid.</summary>
    public required DateTime NotAfter { get; init; }

    /// <summary>Gets the SubjectPublicKeyInfo.</summary>
    public required PublicKeyInfo PublicKey { get; init; }

    /// <summary>Gets the extensions.</summary>
    public required CertificateExtensionValues Extensions { get; init; }

    /// <summary>Gets a value that indicates whether basic constraints mark the certificate as an authority's.</summary>
    public bool IsAuthority => Extensions.IsAuthority;

    /// <summary>Gets a value that indicates whether the subject and the issuer are the same (RFC 5280 section 3.2).</summary>
    public required bool IsSelfIssued { get; init; }

    /// <summary>Returns a value that indicates whether this certificate carries the name of a certificate's issuer.</summary>
    public bool IsNamedAsIssuerOf(ParsedCertificate certificate) => Subject.Span.SequenceEqual(certificate.Issuer.Span);

    /// <summary>
    /// Returns a value that indicates whether the key identifiers of a certificate and this candidate for its issuer differ. Identifiers only rank candidates.
    /// </summary>
    public bool HasDifferentKeyThanIssuerOf(ParsedCertificate certificate) =>
        !certificate.Extensions.AuthorityKeyIdentifier.IsEmpty && !Extensions.SubjectKeyIdentifier.IsEmpty
        && !certificate.Extensions.AuthorityKeyIdentifier.Span.SequenceEqual(Extensions.SubjectKeyIdentifier.Span);

    /// <summary>Returns a value that indicates whether two certificates are for the same subject and key, as cross-certificates of one authority are.</summary>
    public bool IsSameEntityAs(ParsedCertificate other) =>
        Subject.Span.SequenceEqual(other.Subject.Span) && PublicKey.Encoded.Span.SequenceEqual(other.PublicKey.Encoded.Span);

    /// <summary>Returns the subject for error messages.</summary>
    public override string ToString() => CertificateText.Of(this);
}
