namespace SecureChannel;

/// <summary>The reason why a certificate cannot be parsed.</summary>
/// <param name="Kind">The kind of the error.</param>
/// <param name="Reason">The rest of a sentence whose subject is the certificate, without the final period.</param>
internal sealed record ParseError(CertificateErrorKind Kind, string Reason)
{
    /// <summary>Gets the error of bytes that are not a certificate.</summary>
    public static ParseError NotDer { get; } = new(CertificateErrorKind.Malformed, "is not a valid certificate in DER. Replace it at the peer");

    /// <summary>Gets the encoded subject of the certificate, or an empty value if it was not read.</summary>
    public ReadOnlyMemory<byte> Subject { get; init; }

    /// <summary>Gets the content of the serial number, or an empty value if it was not read.</summary>
    public ReadOnlyMemory<byte> Serial { get; init; }

    public static ParseError Malformed(string reason) => new(CertificateErrorKind.Malformed, reason + ". Reissue it");
}
