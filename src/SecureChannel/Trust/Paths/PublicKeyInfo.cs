using System.Numerics;

namespace SecureChannel;

/// <summary>The kinds of public keys that path validation supports.</summary>
internal enum PublicKeyKind
{
    Unsupported,
    Rsa,
    RsaPss,
    P256,
    P384,
    P521,
    Ed25519,
}

/// <summary>A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) that was parsed but not imported. Immutable and thread-safe.</summary>
internal sealed class PublicKeyInfo
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private int _exponentBits;
    private bool _isModulusOdd;

    /// <summary>Gets the complete SubjectPublicKeyInfo in DER.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Gets the kind of the key.</summary>
    public PublicKeyKind Kind { get; private set; }

    /// <summary>Gets the key without its algorithm.</summary>
    public ReadOnlyMemory<byte> Key { get; private init; }

    /// <summary>Gets the hash function that the parameters of an RSASSA-PSS key prescribe, or null (RFC 4055 section 3.3).</summary>
    public int? PssHash { get; private set; }

    /// <summary>Gets the length of an RSA modulus in bits, or 0 for other keys.</summary>
    public int RsaBits { get; private set; }

    /// <summary>Tries to parse a SubjectPublicKeyInfo. Unsupported algorithms are accepted here, because not every certificate is used.</summary>
    public static PublicKeyInfo? Parse(ReadOnlyMemory<byte> encoded)
    {
        var outer = new DerReader(encoded);
        if (!outer.TryEnter(DerReader.Sequence, out var fields) || !outer.IsEmpty || !fields.TryEnter(DerReader.Sequence, out var algorithm)
            || !fields.TryReadBytesOfBits(out var key) || !fields.IsEmpty || !algorithm.TryReadOid(out var oid))
        {
            return null;
        }

        var result = new PublicKeyInfo { Encoded = encoded, Key = key };
        return result.Read(oid.Span, algorithm) ? result : null;
    }

    /// <summary>Returns the weakness of the key as the rest of a sentence whose subject is the certificate, or null if the key is accepted.</summary>
    public string? FindWeakness() => Kind switch
    {
        PublicKeyKind.Unsupported => "has a key type that is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519",
        PublicKeyKind.Rsa or PublicKeyKind.RsaPss when RsaBits < MinRsaBits =>
            $"has an RSA key of {RsaBits} bits, but at least {MinRsaBits} are required. Reissue it with a longer key",
        PublicKeyKind.Rsa or PublicKeyKind.RsaPss when RsaBits > MaxRsaBits =>
            $"has an RSA key of {RsaBits} bits, but at most {MaxRsaBits} are accepted. Reissue it with a shorter key",
        PublicKeyKind.Rsa or PublicKeyKind.RsaPss when RsaBits % 8 != 0 =>
            $"has an RSA key of {RsaBits} bits, but the length must be a multiple of 8. Reissue it for another key",
        PublicKeyKind.Rsa or PublicKeyKind.RsaPss when _exponentBits is < 2 or > 32 =>
            "has an RSA key with a public exponent that is not accepted. Reissue it for a key with the exponent 65537",
        PublicKeyKind.Rsa or PublicKeyKind.RsaPss when !_isModulusOdd => "has an RSA key with an even modulus. Reissue it for another key",
        _ => null,
    };

    private bool Read(ReadOnlySpan<byte> oid, DerReader parameters)
    {
        if (oid.SequenceEqual(Oids.RsaEncryption))
        {
            Kind = PublicKeyKind.Rsa;
            return IsNullOrAbsent(parameters) && ReadRsa();
        }

        if (oid.SequenceEqual(Oids.RsaSsaPss))
        {
            Kind = PublicKeyKind.RsaPss;
            if (!parameters.IsEmpty)
            {
                PssHash = PssParameters.ReadHash(parameters);
                Kind = PssHash is null ? PublicKeyKind.Unsupported : PublicKeyKind.RsaPss;
            }

            return ReadRsa();
        }

        if (oid.SequenceEqual(Oids.EcPublicKey))
        {
            // RFC 5480 section 2.1.1: curves must be named, so explicit parameters are not supported.
            Kind = parameters.TryReadOid(out var curve) && parameters.IsEmpty ? CurveOf(curve.Span) : PublicKeyKind.Unsupported;
            return true;
        }

        if (oid.SequenceEqual(Oids.Ed25519))
        {
            Kind = PublicKeyKind.Ed25519;
            return parameters.IsEmpty && Key.Length == 32;
        }

        return true;
    }

    private static bool IsNullOrAbsent(DerReader parameters) =>
        parameters.IsEmpty || (parameters.TryRead(DerReader.Null, out var content) && content.IsEmpty && parameters.IsEmpty);

    private static PublicKeyKind CurveOf(ReadOnlySpan<byte> curve) =>
        curve.SequenceEqual(Oids.P256) ? PublicKeyKind.P256
        : curve.SequenceEqual(Oids.P384) ? PublicKeyKind.P384
        : curve.SequenceEqual(Oids.P521) ? PublicKeyKind.P521
        : PublicKeyKind.Unsupported;

    // RFC 8017 appendix A.1.1.
    private bool ReadRsa()
    {
        var outer = new DerReader(Key);
        if (!outer.TryEnter(DerReader.Sequence, out var fields) || !outer.IsEmpty || !fields.TryReadInteger(out var modulus)
            || !fields.TryReadInteger(out var exponent) || !fields.IsEmpty)
        {
            return false;
        }

        RsaBits = BitsOf(modulus.Span);
        _isModulusOdd = (modulus.Span[^1] & 1) != 0;
        _exponentBits = (exponent.Span[^1] & 1) == 0 ? 0 : BitsOf(exponent.Span);
        return RsaBits > 0;
    }

    // The integer has its shortest form; a negative one has no length.
    private static int BitsOf(ReadOnlySpan<byte> integer)
    {
        if (integer[0] >= 0x80)
            return 0;
        var magnitude = integer.TrimStart((byte)0);
        return magnitude.IsEmpty ? 0 : 8 * magnitude.Length - BitOperations.LeadingZeroCount((uint)magnitude[0]) + 24;
    }
}
