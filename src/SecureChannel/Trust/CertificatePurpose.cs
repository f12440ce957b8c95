namespace SecureChannel;

/// <summary>What a server's certificate is for. A certificate for one purpose is refused for another, so that no key serves two protocols.</summary>
public enum CertificatePurpose
{
    /// <summary>
    /// The server's RSA key decrypts the session key that a client wrapped. The certificate's key usage holds keyEncipherment and not digitalSignature; its
    /// extended
    /// key usage holds <see cref="CertificatePurposes.KeyTransportServerOid"/> and neither serverAuth nor anyExtendedKeyUsage: the key serves no TLS.
    /// </summary>
    KeyTransportServer,

    /// <summary>The server's key signs in TLS. Key usage: digitalSignature. Extended key usage: serverAuth (RFC 5280 section 4.2.1.12).</summary>
    TlsServer,
}

/// <summary>The object identifiers that stand in a certificate's extended key usage for each purpose.</summary>
public static class CertificatePurposes
{
    /// <summary>This library's own identifier, below 2.25 (ITU-T X.667): the server's key receives wrapped session keys, and nothing else.</summary>
    public const string KeyTransportServerOid = "2.25.72221760570007964515287438107178984740";

    /// <summary>serverAuth (RFC 5280 section 4.2.1.12).</summary>
    public const string TlsServerOid = "1.3.6.1.5.5.7.3.1";

    internal const string AnyExtendedKeyUsageOid = "2.5.29.37.0";

    /// <summary>The identifier that a certificate for a purpose must have in its extended key usage.</summary>
    /// <param name="purpose">The purpose.</param>
    /// <returns>The identifier in dotted form.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string GetOid(this CertificatePurpose purpose) => purpose switch
    {
        CertificatePurpose.KeyTransportServer => KeyTransportServerOid,
        CertificatePurpose.TlsServer => TlsServerOid,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };
}
