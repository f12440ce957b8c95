namespace SecureChannel.Cryptography;

/// <summary>
/// The groups of the key exchange. The values are the code points of RFC 9846 section 4.3.7. Peers may also send values that are not defined here.
/// </summary>
public enum NamedGroup : ushort
{
    /// <summary>The NIST curve P-256.</summary>
    Secp256r1 = 0x0017,

    /// <summary>The NIST curve P-384.</summary>
    Secp384r1 = 0x0018,

    /// <summary>Curve25519 (RFC 7748).</summary>
    X25519 = 0x001D,
}

/// <summary>The names and sizes of a <see cref="NamedGroup"/>.</summary>
public static class NamedGroups
{
    extension(NamedGroup group)
    {
        /// <summary>Gets a value that indicates whether the group is defined in the enumeration.</summary>
        public bool IsKnown => group is NamedGroup.Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.X25519;

        /// <summary>Gets the length in bytes of a public key on the wire (RFC 9846 section 4.3.8.2: an uncompressed point, or a string of 32 bytes).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public int PublicKeyLength => group switch
        {
            NamedGroup.Secp256r1 => 1 + 2 * 32,
            NamedGroup.Secp384r1 => 1 + 2 * 48,
            NamedGroup.X25519 => 32,
            _ => throw Unknown(group),
        };

        /// <summary>Gets the length in bytes of a shared secret (RFC 9846 section 7.4.2).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public int SharedSecretLength => group switch
        {
            NamedGroup.Secp256r1 or NamedGroup.X25519 => 32,
            NamedGroup.Secp384r1 => 48,
            _ => throw Unknown(group),
        };

        /// <summary>Gets the name in the IANA registry, or the code point in hexadecimal if the group is not defined.</summary>
        public string Name => group switch
        {
            NamedGroup.Secp256r1 => "secp256r1",
            NamedGroup.Secp384r1 => "secp384r1",
            NamedGroup.X25519 => "x25519",
            _ => $"0x{(ushort)group:X4}",
        };
    }

    private static ArgumentOutOfRangeException Unknown(NamedGroup group) =>
        new(nameof(group), group.Name, "The group is not defined. Use a member of NamedGroup.");
}
