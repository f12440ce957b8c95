namespace SecureChannel.Cryptography;

/// <summary>The groups of key agreement, with the code points of RFC 9846 section 4.3.7. Open: the wire may hold values that are not named here.</summary>
public enum NamedGroup : ushort
{
    /// <summary>NIST's curve P-256.</summary>
    Secp256r1 = 0x0017,

    /// <summary>NIST's curve P-384.</summary>
    Secp384r1 = 0x0018,

    /// <summary>Curve25519 (RFC 7748).</summary>
    X25519 = 0x001D,
}

/// <summary>The names and sizes of a <see cref="NamedGroup"/>.</summary>
public static class NamedGroups
{
    extension(NamedGroup group)
    {
        /// <summary>Whether the group is one of the enumeration's.</summary>
        public bool IsKnown => group is NamedGroup.Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.X25519;

        /// <summary>The length of a public key on the wire, in bytes (RFC 9846 section 4.3.8.2: an uncompressed point, or a string of 32 bytes).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not known.</exception>
        public int PublicKeyLength => group switch
        {
            NamedGroup.Secp256r1 => 1 + 2 * 32,
            NamedGroup.Secp384r1 => 1 + 2 * 48,
            NamedGroup.X25519 => 32,
            _ => throw Unknown(group),
        };

        /// <summary>The length of a shared secret in bytes (RFC 9846 section 7.4.2).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not known.</exception>
        public int SharedSecretLength => group switch
        {
            NamedGroup.Secp256r1 or NamedGroup.X25519 => 32,
            NamedGroup.Secp384r1 => 48,
            _ => throw Unknown(group),
        };

        /// <summary>The name that IANA's registry has, or the number in hexadecimal.</summary>
        public string Name => group switch
        {
            NamedGroup.Secp256r1 => "secp256r1",
            NamedGroup.Secp384r1 => "secp384r1",
            NamedGroup.X25519 => "x25519",
            _ => $"0x{(ushort)group:X4}",
        };
    }

    private static ArgumentOutOfRangeException Unknown(NamedGroup group) => new(nameof(group), group.Name, "Not a known group.");
}
