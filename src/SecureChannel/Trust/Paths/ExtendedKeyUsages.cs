namespace SecureChannel;

/// <summary>The purposes in an extended key usage extension (RFC 5280 section 4.2.1.12). Purposes without a member are <see cref="Other"/>.</summary>
[Flags]
internal enum ExtendedKeyUsages
{
    None = 0,
    ServerAuth = 1,
    ClientAuth = 2,
    KeyTransportServer = 4,
    Any = 8,
    Other = 16,
    OcspSigning = 32,
}

/// <summary>The bits of a key usage extension (RFC 5280 section 4.2.1.3), as <see cref="DerReader.TryReadNamedBits"/> returns them.</summary>
[Flags]
internal enum KeyUsages : ushort
{
    None = 0,
    DigitalSignature = 0x8000,
    NonRepudiation = 0x4000,
    KeyEncipherment = 0x2000,
    DataEncipherment = 0x1000,
    KeyAgreement = 0x0800,
    KeyCertSign = 0x0400,
    CrlSign = 0x0200,
}
