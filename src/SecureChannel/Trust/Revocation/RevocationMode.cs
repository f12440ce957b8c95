namespace SecureChannel;

/// <summary>
/// The ways in which a <see cref="TrustPolicy"/> checks the revocation of the certificates in a path, except the trust anchor. Nothing is downloaded.
/// </summary>
public enum RevocationMode
{
    /// <summary>Revocation is not checked.</summary>
    None,

    /// <summary>
    /// A revoked certificate is rejected. A certificate whose status is unknown is accepted, unless it requires a stapled response (RFC 7633).
    /// </summary>
    IfAvailable,

    /// <summary>A certificate is rejected unless a current CRL or OCSP response shows that it is not revoked.</summary>
    Required,
}
