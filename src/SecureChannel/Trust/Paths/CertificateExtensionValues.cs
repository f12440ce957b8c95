namespace SecureChannel;

/// <summary>The values of the extensions that path validation processes (RFC 5280 section 4.2). Immutable after parsing.</summary>
internal sealed class CertificateExtensionValues
{
    /// <summary>Gets the values of a certificate without extensions.</summary>
    public static CertificateExtensionValues None { get; } = new();

    /// <summary>Gets a value that indicates whether basic constraints are present and mark an authority (section 4.2.1.9).</summary>
    public bool IsAuthority { get; set; }

    /// <summary>Gets the maximum number of certificates of authorities that may follow, or null if it is not limited.</summary>
    public int? PathLength { get; set; }

    /// <summary>Gets the key usage, or null if the extension is absent (section 4.2.1.3).</summary>
    public KeyUsages? KeyUsages { get; set; }

    /// <summary>Gets the extended key usage, or null if the extension is absent (section 4.2.1.12).</summary>
    public ExtendedKeyUsages? ExtendedKeyUsages { get; set; }

    /// <summary>Gets the GeneralName values of the subject alternative names, or null if the extension is absent (section 4.2.1.6).</summary>
    public ReadOnlyMemory<byte>? AlternativeNames { get; set; }

    /// <summary>Gets a value that indicates whether the subject alternative names are present and critical.</summary>
    public bool AreAlternativeNamesCritical { get; set; }

    /// <summary>Gets the name constraints, or null if the extension is absent (section 4.2.1.10).</summary>
    public NameConstraints? NameConstraints { get; set; }

    /// <summary>Gets the value of the CRL distribution points, or null if the extension is absent (section 4.2.1.13).</summary>
    public ReadOnlyMemory<byte>? CrlDistributionPoints { get; set; }

    /// <summary>Gets a value that indicates whether the TLS feature extension requires a stapled OCSP response (RFC 7633 section 4).</summary>
    public bool RequiresStapling { get; set; }

    /// <summary>Gets the subject key identifier, or an empty value (section 4.2.1.2).</summary>
    public ReadOnlyMemory<byte> SubjectKeyIdentifier { get; set; }

    /// <summary>Gets the key identifier of the issuer, or an empty value (section 4.2.1.1).</summary>
    public ReadOnlyMemory<byte> AuthorityKeyIdentifier { get; set; }

    /// <summary>Gets the object identifier of the first critical extension that is not processed, or an empty value.</summary>
    public ReadOnlyMemory<byte> UnknownCritical { get; set; }
}
