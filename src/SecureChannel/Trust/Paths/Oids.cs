namespace SecureChannel;

/// <summary>The contents of the OBJECT IDENTIFIER values that certificates use, without tag and length.</summary>
internal static class Oids
{
    // Algorithms of public keys (RFC 3279, RFC 4055, RFC 5480, RFC 8410).
    public static ReadOnlySpan<byte> RsaEncryption => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
    public static ReadOnlySpan<byte> RsaSsaPss => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10];
    public static ReadOnlySpan<byte> EcPublicKey => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
    public static ReadOnlySpan<byte> Ed25519 => [0x2B, 0x65, 0x70];

    // Curves.
    public static ReadOnlySpan<byte> P256 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
    public static ReadOnlySpan<byte> P384 => [0x2B, 0x81, 4, 0, 34];
    public static ReadOnlySpan<byte> P521 => [0x2B, 0x81, 4, 0, 35];

    // Signatures. The last byte selects the hash function.
    public static ReadOnlySpan<byte> RsaPkcs1 => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1];
    public static ReadOnlySpan<byte> EcdsaWithSha2 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3];

    // Purposes (RFC 5280 section 4.2.1.12, and CertificatePurposes.KeyTransportServerOid).
    public static ReadOnlySpan<byte> KeyPurposes => [0x2B, 6, 1, 5, 5, 7, 3];
    public static ReadOnlySpan<byte> AnyExtendedKeyUsage => [0x55, 0x1D, 37, 0];
    public static ReadOnlySpan<byte> KeyTransportServer => Encoded.KeyTransportServer;

    // Extensions: 2.5.29 and 1.3.6.1.5.5.7.1.
    public static ReadOnlySpan<byte> CertificateExtensions => [0x55, 0x1D];
    public static ReadOnlySpan<byte> PrivateExtensions => [0x2B, 6, 1, 5, 5, 7, 1];

    // OCSP (RFC 6960): the type of a response, and the hash function of a certificate's identifier.
    public static ReadOnlySpan<byte> BasicOcspResponse => [0x2B, 6, 1, 5, 5, 7, 48, 1, 1];
    public static ReadOnlySpan<byte> Sha1 => [0x2B, 14, 3, 2, 26];
    public static ReadOnlySpan<byte> Sha256 => [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

    // Attributes of names.
    public static ReadOnlySpan<byte> EmailAddress => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1];

    /// <summary>Returns the dotted form of an identifier for error messages.</summary>
    public static string ToText(ReadOnlySpan<byte> oid)
    {
        Span<byte> encoded = stackalloc byte[2 + 64];
        if (oid.Length > 64)
            return "of an unusual length";
        (encoded[0], encoded[1]) = (DerReader.ObjectIdentifier, (byte)oid.Length);
        oid.CopyTo(encoded[2..]);
        return System.Formats.Asn1.AsnDecoder.ReadObjectIdentifier(encoded[..(2 + oid.Length)], System.Formats.Asn1.AsnEncodingRules.DER, out _);
    }

    private static class Encoded
    {
        public static readonly byte[] KeyTransportServer = Encode(CertificatePurposes.KeyTransportServerOid);

        private static byte[] Encode(string oid)
        {
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            writer.WriteObjectIdentifier(oid);
            return writer.Encode()[2..];
        }
    }
}
