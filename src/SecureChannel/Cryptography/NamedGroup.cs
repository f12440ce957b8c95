namespace SecureChannel.Cryptography;

/// <summary>
/// The groups of the key exchange. The values are the code points of RFC 9846 section 4.3.7 and draft-ietf-tls-ecdhe-mlkem section 4. Peers may also send
/// values that are not defined here.
/// </summary>
public enum NamedGroup : ushort
{
    /// <summary>The NIST curve P-256.</summary>
    Secp256r1 = 0x0017,

    /// <summary>The NIST curve P-384.</summary>
    Secp384r1 = 0x0018,

    /// <summary>The NIST curve P-521.</summary>
    Secp521r1 = 0x0019,

    /// <summary>Curve25519 (RFC 7748).</summary>
    X25519 = 0x001D,

    /// <summary>
    /// The hybrid of ML-KEM-768 (FIPS 203) and Curve25519. It protects recorded traffic against future quantum computers and is at least as secure as
    /// <see cref="X25519"/> today.
    /// </summary>
    X25519MLKem768 = 0x11EC,
}

/// <summary>The names and sizes of a <see cref="NamedGroup"/>.</summary>
public static class NamedGroups
{
    private const byte UncompressedPoint = 4;
    private const int X25519KeyLength = 32;

    // FIPS 203 section 8, table 3.
    private const int MLKem768EncapsulationKeyLength = 1184;
    private const int MLKem768CiphertextLength = 1088;

    extension(NamedGroup group)
    {
        /// <summary>Gets a value that indicates whether the group is defined in the enumeration.</summary>
        public bool IsKnown => group is NamedGroup.Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.Secp521r1 or NamedGroup.X25519 or NamedGroup.X25519MLKem768;

        /// <summary>Gets a value that indicates whether the group combines a curve with a key encapsulation that resists quantum computers.</summary>
        public bool IsHybrid => group is NamedGroup.X25519MLKem768;

        /// <summary>
        /// Gets the length in bytes of the client's key share: an uncompressed point, the byte string of Curve25519 (RFC 9846 section 4.3.8.2), or the
        /// encapsulation key of ML-KEM before that byte string.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public int ClientShareLength => group is NamedGroup.X25519MLKem768 ? MLKem768EncapsulationKeyLength + X25519KeyLength : PointLength(group);

        /// <summary>
        /// Gets the length in bytes of the server's key share: an uncompressed point, the byte string of Curve25519 (RFC 9846 section 4.3.8.2), or the ciphertext
        /// of ML-KEM before that byte string.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public int ServerShareLength => group is NamedGroup.X25519MLKem768 ? MLKem768CiphertextLength + X25519KeyLength : PointLength(group);

        /// <summary>Gets the length in bytes of a shared secret (RFC 9846 section 7.4.2). A hybrid group concatenates two secrets.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public int SharedSecretLength => group switch
        {
            NamedGroup.Secp256r1 or NamedGroup.X25519 => 32,
            NamedGroup.Secp384r1 => 48,
            NamedGroup.Secp521r1 => 66,
            NamedGroup.X25519MLKem768 => 32 + 32,
            _ => throw Unknown(group),
        };

        /// <summary>Gets the name in the IANA registry, or the code point in hexadecimal if the group is not defined.</summary>
        public string Name => group switch
        {
            NamedGroup.Secp256r1 => "secp256r1",
            NamedGroup.Secp384r1 => "secp384r1",
            NamedGroup.Secp521r1 => "secp521r1",
            NamedGroup.X25519 => "x25519",
            NamedGroup.X25519MLKem768 => "X25519MLKEM768",
            _ => $"0x{(ushort)group:X4}",
        };

        /// <summary>
        /// Returns a value that indicates whether a peer's key share has the length and the format of the group. A provider must still check that a point is on
        /// its curve and that an encapsulation key is valid.
        /// </summary>
        /// <param name="sender">The role that sent the share.</param>
        /// <param name="share">The share.</param>
        /// <returns>True if the length and the format are correct; otherwise, false.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The group is not defined.</exception>
        public bool IsWellFormed(Role sender, ReadOnlySpan<byte> share)
        {
            if (share.Length != (sender == Role.Client ? group.ClientShareLength : group.ServerShareLength))
                return false;

            // RFC 9846 section 4.3.8.2: "uint8 legacy_form = 4", and coordinates of the curve's length: no compressed or hybrid points.
            return group is NamedGroup.X25519 or NamedGroup.X25519MLKem768 || share[0] == UncompressedPoint;
        }
    }

    private static int PointLength(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => 1 + 2 * 32,
        NamedGroup.Secp384r1 => 1 + 2 * 48,
        NamedGroup.Secp521r1 => 1 + 2 * 66,
        NamedGroup.X25519 => X25519KeyLength,
        _ => throw Unknown(group),
    };

    private static ArgumentOutOfRangeException Unknown(NamedGroup group) =>
        new(nameof(group), group.Name, "The group is not defined. Use a member of NamedGroup.");
}
