using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Numerics;

namespace SecureChannel.Cryptography;

/// <summary>
/// A key with its algorithm, read from a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) or a PrivateKeyInfo (RFC 5958 section 2). Providers use it to read
/// keys that the platform does not support.
/// </summary>
public readonly ref struct EncodedKey
{
    /// <summary>The object identifier id-Ed25519 (RFC 8410 section 3).</summary>
    public const string Ed25519 = "1.3.101.112";

    internal const string RsaEncryption = "1.2.840.113549.1.1.1";
    internal const string RsaSsaPss = "1.2.840.113549.1.1.10";
    internal const string EcPublicKey = "1.2.840.10045.2.1";

    private EncodedKey(string algorithm, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> key)
    {
        Algorithm = algorithm;
        Parameters = parameters;
        Key = key;
    }

    /// <summary>Gets the object identifier of the key's algorithm in dotted form, such as <see cref="Ed25519"/>.</summary>
    public string Algorithm { get; }

    /// <summary>Gets the parameters of the key's algorithm in DER, or an empty value if they are absent.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>Gets the encoded key without the algorithm identifier, in the format that the algorithm defines.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Tries to read a SubjectPublicKeyInfo.</summary>
    /// <param name="encoded">The SubjectPublicKeyInfo in DER.</param>
    /// <param name="info">The public key.</param>
    /// <returns>True if the encoding is well-formed; otherwise, false.</returns>
    public static bool TryReadPublic(ReadOnlySpan<byte> encoded, out EncodedKey info)
    {
        try
        {
            var fields = Enter(encoded);
            fields = fields[ReadAlgorithm(fields, out var algorithm, out var parameters)..];
            AsnDecoder.TryReadPrimitiveBitString(fields, AsnEncodingRules.DER, out var unused, out var key, out _);
            info = new EncodedKey(algorithm, parameters, key);
            return unused == 0 && !key.IsEmpty;
        }
        catch (AsnContentException)
        {
            info = default;
            return false;
        }
    }

    /// <summary>Tries to read an unencrypted PrivateKeyInfo (PKCS #8).</summary>
    /// <param name="encoded">The PrivateKeyInfo in DER.</param>
    /// <param name="info">The private key. <see cref="Key"/> is secret.</param>
    /// <returns>True if the encoding is well-formed; otherwise, false.</returns>
    public static bool TryReadPrivate(ReadOnlySpan<byte> encoded, out EncodedKey info)
    {
        try
        {
            var fields = Enter(encoded);
            AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.DER, out var version);
            fields = fields[version..];
            fields = fields[ReadAlgorithm(fields, out var algorithm, out var parameters)..];
            AsnDecoder.TryReadPrimitiveOctetString(fields, AsnEncodingRules.DER, out var key, out _);
            info = new EncodedKey(algorithm, parameters, key);
            return !key.IsEmpty;
        }
        catch (AsnContentException)
        {
            info = default;
            return false;
        }
    }

    /// <summary>Tries to read the seed of an Ed25519 private key, which is an OCTET STRING within the key (RFC 8410 section 7).</summary>
    /// <param name="seed">The seed: 32 bytes.</param>
    /// <returns>True if the algorithm is Ed25519 and the key is well-formed; otherwise, false.</returns>
    public bool TryGetEd25519Seed(out ReadOnlySpan<byte> seed)
    {
        seed = default;
        try
        {
            return Algorithm == Ed25519 && AsnDecoder.TryReadPrimitiveOctetString(Key, AsnEncodingRules.DER, out seed, out var length)
                && length == Key.Length && seed.Length == 32;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the scheme that an ECDSA key supports (RFC 9846 section 4.3.3), or an empty array for other keys and for curves that TLS does not define.
    /// </summary>
    internal ImmutableArray<SignatureScheme> EcdsaSchemes() => ReadCurve() switch
    {
        "1.2.840.10045.3.1.7" => [SignatureScheme.EcdsaSecp256r1Sha256],
        "1.3.132.0.34" => [SignatureScheme.EcdsaSecp384r1Sha384],
        "1.3.132.0.35" => [SignatureScheme.EcdsaSecp521r1Sha512],
        _ => [],
    };

    /// <summary>Returns the length of an RSA key's modulus in bits, or 0 if the key is not a well-formed RSA key.</summary>
    internal int ReadRsaBits()
    {
        if (Algorithm is not (RsaEncryption or RsaSsaPss))
            return 0;
        try
        {
            // RFC 8017 appendix A.1.1: the modulus is the first field.
            var modulus = AsnDecoder.ReadIntegerBytes(Enter(Key), AsnEncodingRules.DER, out _).TrimStart((byte)0);
            return modulus.IsEmpty ? 0 : 8 * modulus.Length - BitOperations.LeadingZeroCount((uint)modulus[0]) + 24;
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }

    /// <summary>Returns the schemes that an RSA key supports (RFC 9846 section 4.3.3), or an empty array for other keys.</summary>
    internal ImmutableArray<SignatureScheme> RsaSchemes()
    {
        if (Algorithm == RsaEncryption)
            return [SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512];
        if (Algorithm != RsaSsaPss)
            return [];
        if (Parameters.IsEmpty)
            return [SignatureScheme.RsaPssPssSha256, SignatureScheme.RsaPssPssSha384, SignatureScheme.RsaPssPssSha512];

        // RFC 9846 section 4.3.3: "If the corresponding public key's parameters are present, then the parameters in the signature MUST be identical".
        // RFC 9846 section 4.3.3 also fixes the mask generation function and the length of the salt. Keys with other parameters cannot sign.
        return PssParameters.ReadHash(new DerReader(Parameters.ToArray())) switch
        {
            PssParameters.Sha256 => [SignatureScheme.RsaPssPssSha256],
            PssParameters.Sha384 => [SignatureScheme.RsaPssPssSha384],
            PssParameters.Sha512 => [SignatureScheme.RsaPssPssSha512],
            _ => [],
        };
    }

    private string ReadCurve()
    {
        try
        {
            return Algorithm == EcPublicKey ? AsnDecoder.ReadObjectIdentifier(Parameters, AsnEncodingRules.DER, out _) : "";
        }
        catch (AsnContentException)
        {
            // RFC 5480 section 2.1.1: curves must be named, so explicit parameters are rejected.
            return "";
        }
    }

    private static ReadOnlySpan<byte> Enter(ReadOnlySpan<byte> encoded)
    {
        AsnDecoder.ReadSequence(encoded, AsnEncodingRules.DER, out var offset, out var length, out _);
        return encoded.Slice(offset, length);
    }

    private static int ReadAlgorithm(ReadOnlySpan<byte> fields, out string algorithm, out ReadOnlySpan<byte> parameters)
    {
        AsnDecoder.ReadSequence(fields, AsnEncodingRules.DER, out var offset, out var length, out var whole);
        var content = fields.Slice(offset, length);
        algorithm = AsnDecoder.ReadObjectIdentifier(content, AsnEncodingRules.DER, out var consumed);
        parameters = content[consumed..];
        return whole;
    }
}
