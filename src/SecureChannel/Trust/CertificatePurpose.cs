namespace SecureChannel;

/// <summary>The purpose of a peer's certificate. A certificate for one purpose is rejected for another, so that one key never serves two protocols.</summary>
public enum CertificatePurpose
{
    /// <summary>
    /// The server's RSA key decrypts the session key that a client wrapped. The key usage must have keyEncipherment and must not have digitalSignature. The
    /// extended key usage must have <see cref="CertificatePurposes.KeyTransportServerOid"/> and neither serverAuth nor anyExtendedKeyUsage, so that the key
    /// cannot serve TLS.
    /// </summary>
    KeyTransportServer,

    /// <summary>
    /// The server's key signs TLS handshakes. If the certificate has a key usage, it must have digitalSignature. If it has an extended key usage, it must have
    /// serverAuth (RFC 5280 section 4.2.1.12).
    /// </summary>
    TlsServer,

    /// <summary>
    /// The client's key signs TLS handshakes. If the certificate has a key usage, it must have digitalSignature. If it has an extended key usage, it must have
    /// clientAuth (RFC 5280 section 4.2.1.12).
    /// </summary>
    TlsClient,
}

/// <summary>The object identifiers that represent the purposes in a certificate's extended key usage.</summary>
public static class CertificatePurposes
{
    /// <summary>The identifier of <see cref="CertificatePurpose.KeyTransportServer"/>, which this library defines under the arc 2.25 (ITU-T X.667).</summary>
    public const string KeyTransportServerOid = "2.25.72221760570007964515287438107178984740";

    /// <summary>The identifier serverAuth of <see cref="CertificatePurpose.TlsServer"/> (RFC 5280 section 4.2.1.12).</summary>
    public const string TlsServerOid = "1.3.6.1.5.5.7.3.1";

    /// <summary>The identifier clientAuth of <see cref="CertificatePurpose.TlsClient"/> (RFC 5280 section 4.2.1.12).</summary>
    public const string TlsClientOid = "1.3.6.1.5.5.7.3.2";

    /// <summary>Returns the identifier of a purpose in an extended key usage.</summary>
    /// <param name="purpose">The purpose.</param>
    /// <returns>The identifier in dotted form.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The purpose is not defined.</exception>
    public static string GetOid(this CertificatePurpose purpose) => purpose switch
    {
        CertificatePurpose.KeyTransportServer => KeyTransportServerOid,
        CertificatePurpose.TlsServer => TlsServerOid,
        CertificatePurpose.TlsClient => TlsClientOid,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };
}
