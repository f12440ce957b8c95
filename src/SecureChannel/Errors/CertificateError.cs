namespace SecureChannel;

/// <summary>An error of a certificate, a certification path or an identity. Immutable and thread-safe.</summary>
/// <param name="Kind">The kind of the error.</param>
/// <param name="Message">The text for people: what is wrong, and what to do.</param>
public sealed record CertificateError(CertificateErrorKind Kind, string Message)
{
    /// <summary>Gets the DER encoding of the certificate that the error concerns, or an empty buffer if it concerns none.</summary>
    public ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>Returns the message.</summary>
    public override string ToString() => Message;
}
