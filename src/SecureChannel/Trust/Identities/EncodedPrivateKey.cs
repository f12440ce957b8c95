using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>A private key as it was loaded: its algorithm and its encoding in pinned memory. Not thread-safe.</summary>
internal sealed class EncodedPrivateKey : IDisposable
{
    private const string NoPkcs8 = "The private key is not valid PKCS #8 (RFC 5958). Restore it from its source.";

    private readonly string _algorithm;
    private readonly string? _curve;
    private readonly byte[] _key;

    private EncodedPrivateKey(string algorithm, string? curve, ReadOnlySpan<byte> key)
    {
        (_algorithm, _curve) = (algorithm, curve);
        _key = SensitiveMemory.AllocateKey(key.Length);
        key.CopyTo(_key);
    }

    /// <summary>Gets a value that indicates whether the key is an Ed25519 key, whose public key only a provider can compute.</summary>
    public bool IsEd25519 => _algorithm == EncodedKey.Ed25519;

    /// <summary>Reads a PKCS #8 key (RFC 5958 section 2).</summary>
    /// <exception cref="CertificateException">The encoding is malformed, or the algorithm is not supported.</exception>
    public static EncodedPrivateKey FromPkcs8(ReadOnlySpan<byte> der)
    {
        if (!IsOneValue(der) || !EncodedKey.TryReadPrivate(der, out var info))
            throw Malformed(NoPkcs8);
        return info.Algorithm switch
        {
            EncodedKey.RsaEncryption or EncodedKey.RsaSsaPss => FromPkcs1(info.Key, info.Algorithm),
            EncodedKey.EcPublicKey => FromSec1(info.Key, ReadCurve(info.Parameters)),
            EncodedKey.Ed25519 when info.TryGetEd25519Seed(out _) => new(info.Algorithm, null, info.Key),
            EncodedKey.Ed25519 => throw Malformed("The Ed25519 private key does not have 32 bytes (RFC 8410 section 7). Restore it from its source."),
            var algorithm => throw Unsupported(
                $"The private key has the algorithm {algorithm}, which is not supported. Use RSA, ECDSA on P-256, P-384 or P-521, or Ed25519."),
        };
    }

    /// <summary>Reads an unencrypted private key in DER: PKCS #8, PKCS #1 or SEC 1.</summary>
    /// <exception cref="CertificateException">The encoding is malformed or encrypted, or the algorithm is not supported.</exception>
    public static EncodedPrivateKey FromDer(ReadOnlySpan<byte> der)
    {
        if (der.IsEmpty)
            throw new CertificateException(new(CertificateErrorKind.KeyMissing, "The private key is empty. Pass a PKCS #8 key."));
        if (der.IndexOf("-----BEGIN "u8) >= 0)
            throw Malformed("The private key is PEM text, not DER. Use 'FromPem' or 'FromPemFile'.");
        return SecondTagOf(der) switch
        {
            UniversalTagNumber.Integer => FromPkcs1(der),
            UniversalTagNumber.OctetString => FromSec1(der),
            null => throw new CertificateException(new(
                CertificateErrorKind.WrongPassword, "The private key is encrypted. Convert it to PEM, and use 'FromEncryptedPem' with the password.")),
            _ => FromPkcs8(der),
        };
    }

    /// <summary>Reads an RSAPrivateKey (RFC 8017 appendix A.1.2).</summary>
    /// <exception cref="CertificateException">The encoding is malformed.</exception>
    public static EncodedPrivateKey FromPkcs1(ReadOnlySpan<byte> der, string algorithm = EncodedKey.RsaEncryption) =>
        IsOneValue(der) && ReadModulus(der, isPrivate: true) is { IsEmpty: false }
            ? new(algorithm, null, der)
            : throw Malformed("The RSA private key is malformed (RFC 8017 appendix A.1.2). Restore it from its source.");

    /// <summary>Reads an ECPrivateKey (RFC 5915 section 3).</summary>
    /// <param name="der">The encoding.</param>
    /// <param name="curve">The curve that the key's envelope names, or null if the encoding itself names it.</param>
    /// <exception cref="CertificateException">The encoding is malformed, or its curve is not named.</exception>
    public static EncodedPrivateKey FromSec1(ReadOnlySpan<byte> der, string? curve = null)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.DER, out var offset, out var length, out var total);
            var fields = der.Slice(offset, length);
            AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.DER, out var consumed);
            fields = fields[consumed..];
            AsnDecoder.ReadOctetString(fields, AsnEncodingRules.DER, out consumed);
            fields = fields[consumed..];
            var parameters = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (!fields.IsEmpty && Asn1Tag.Decode(fields, out _).HasSameClassAndValue(parameters))
            {
                AsnDecoder.ReadSequence(fields, AsnEncodingRules.DER, out offset, out length, out _, parameters);
                curve ??= ReadCurve(fields.Slice(offset, length));
            }

            return total == der.Length ? new(EncodedKey.EcPublicKey, curve, der) : throw new AsnContentException();
        }
        catch (AsnContentException)
        {
            throw Malformed("The EC private key is malformed (RFC 5915 section 3). Restore it from its source.");
        }
    }

    /// <summary>
    /// Returns a value that indicates whether the key belongs to a certificate. For Ed25519, only the algorithms are compared; a provider compares the keys
    /// when
    /// it imports the key.
    /// </summary>
    public bool Fits(X509Certificate2 certificate)
    {
        if (!EncodedKey.TryReadPublic(certificate.PublicKey.ExportSubjectPublicKeyInfo(), out var info))
            return false;
        return info.Algorithm switch
        {
            EncodedKey.RsaEncryption or EncodedKey.RsaSsaPss => _algorithm is EncodedKey.RsaEncryption or EncodedKey.RsaSsaPss
                && ReadModulus(_key, isPrivate: true).SequenceEqual(ReadModulus(info.Key, isPrivate: false)),
            EncodedKey.EcPublicKey => _algorithm == EncodedKey.EcPublicKey && FitsCurve(info) && FitsPoint(certificate),
            var algorithm => algorithm == _algorithm,
        };
    }

    /// <summary>Encodes the key as PKCS #8 with the algorithm of the certificate, which may restrict an RSA key to RSASSA-PSS.</summary>
    /// <param name="certificate">The certificate that the key belongs to.</param>
    /// <returns>The PKCS #8 key in pinned memory, which the caller wipes.</returns>
    public byte[] ToPkcs8(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var subject = new AsnReader(certificate.PublicKey.ExportSubjectPublicKeyInfo(), AsnEncodingRules.DER).ReadSequence();
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(subject.ReadEncodedValue().Span);
            writer.WriteOctetString(_key);
        }

        var encoded = SensitiveMemory.AllocateKey(writer.GetEncodedLength());
        writer.Encode(encoded);

        // The writer overwrites the memory of its buffer.
        writer.Reset();
        return encoded;
    }

    /// <summary>Imports the key as a key of the platform. The caller owns it.</summary>
    /// <returns>An <see cref="ECDsa"/> or <see cref="RSA"/> key, or null if the platform does not support the algorithm.</returns>
    /// <exception cref="CryptographicException">The key is inconsistent.</exception>
    public AsymmetricAlgorithm? ToPlatformKey(X509Certificate2 certificate)
    {
        if (IsEd25519)
            return null;

        var encoded = ToPkcs8(certificate);
        AsymmetricAlgorithm? key = null;
        try
        {
            key = _algorithm == EncodedKey.EcPublicKey ? ECDsa.Create() : RSA.Create();

            // The platform's import of PKCS #8 keys supports rsaEncryption only.
            if (key is RSA rsa)
                rsa.ImportRSAPrivateKey(_key, out _);
            else
                ((ECDsa)key).ImportPkcs8PrivateKey(encoded, out _);
            return key;
        }
        catch
        {
            key?.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private bool FitsCurve(EncodedKey certificate) =>
        !certificate.EcdsaSchemes().IsEmpty && (_curve is null || _curve == ReadCurve(certificate.Parameters));

    private bool FitsPoint(X509Certificate2 certificate)
    {
        try
        {
            using var key = (ECDsa?)ToPlatformKey(certificate);
            return key!.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> ReadModulus(ReadOnlySpan<byte> der, bool isPrivate)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.DER, out var offset, out var length, out _);
            var fields = der.Slice(offset, length);
            if (isPrivate)
            {
                AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.DER, out var version);
                fields = fields[version..];
            }

            return AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            return [];
        }
    }

    private static string? ReadCurve(ReadOnlySpan<byte> parameters)
    {
        try
        {
            return AsnDecoder.ReadObjectIdentifier(parameters, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            throw Unsupported("The private key has explicit curve parameters. Convert it with: openssl pkey -in key.pem -ec_param_enc named_curve -out named.pem.");
        }
    }

    // Returns the type of the field after the version, or null if there is no version, as in an encrypted key.
    private static UniversalTagNumber? SecondTagOf(ReadOnlySpan<byte> der)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.BER, out var offset, out var length, out _);
            var fields = der.Slice(offset, length);
            if (Asn1Tag.Decode(fields, out _).HasSameClassAndValue(Asn1Tag.Sequence))
                return null;
            AsnDecoder.ReadIntegerBytes(fields, AsnEncodingRules.BER, out var version);
            return (UniversalTagNumber)Asn1Tag.Decode(fields[version..], out _).TagValue;
        }
        catch (AsnContentException)
        {
            return UniversalTagNumber.EndOfContents;
        }
    }

    private static bool IsOneValue(ReadOnlySpan<byte> der) =>
        AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out _, out _, out _, out var length) && length == der.Length;

    private static CertificateException Malformed(string message) => new(new(CertificateErrorKind.Malformed, message));

    private static CertificateException Unsupported(string message) => new(new(CertificateErrorKind.UnsupportedKey, message));
}
