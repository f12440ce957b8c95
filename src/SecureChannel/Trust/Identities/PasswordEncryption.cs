using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace SecureChannel;

/// <summary>
/// The password-based encryption of private keys and PKCS #12 data: PBES2 (RFC 8018 section 6.2) and the older schemes of PKCS #12 (RFC 7292 appendix C). The
/// platform decrypts only keys of the types that it supports, and Ed25519 is not one of them.
/// </summary>
internal static class PasswordEncryption
{
    private const int MaxIterations = 10_000_000;

    /// <summary>Decrypts an EncryptedPrivateKeyInfo (RFC 5958 section 3).</summary>
    /// <param name="encoded">The EncryptedPrivateKeyInfo in DER or BER.</param>
    /// <param name="password">The password.</param>
    /// <returns>The key, which the caller owns.</returns>
    /// <exception cref="CertificateException">The password is wrong, the encoding is malformed, or the encryption or the key is not supported.</exception>
    public static EncodedPrivateKey DecryptKey(ReadOnlyMemory<byte> encoded, char[] password)
    {
        ReadOnlyMemory<byte> algorithm;
        byte[] ciphertext;
        try
        {
            var fields = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
            algorithm = fields.ReadEncodedValue();
            ciphertext = fields.ReadOctetString();
        }
        catch (AsnContentException exception)
        {
            throw Malformed("The encrypted private key is malformed (RFC 5958 section 3). Restore it from its source.", exception);
        }

        var plaintext = Decrypt(algorithm, ciphertext, password);
        try
        {
            return EncodedPrivateKey.FromPkcs8(plaintext);
        }
        catch (CertificateException exception) when (exception.Error.Kind == CertificateErrorKind.Malformed)
        {
            // The padding of one in 256 wrong passwords looks correct.
            throw WrongPassword(exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Decrypts data.</summary>
    /// <param name="algorithm">The AlgorithmIdentifier of the encryption.</param>
    /// <param name="ciphertext">The encrypted data.</param>
    /// <param name="password">The password.</param>
    /// <returns>The plaintext in pinned memory, which the caller wipes.</returns>
    /// <exception cref="CertificateException">The password is wrong, the encoding is malformed, or the encryption is not supported.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> algorithm, byte[] ciphertext, char[] password)
    {
        try
        {
            var fields = new AsnReader(algorithm, AsnEncodingRules.BER).ReadSequence();
            var scheme = fields.ReadObjectIdentifier();
            var parameters = fields.ReadSequence();
            return scheme == "1.2.840.113549.1.5.13"
                ? DecryptPbes2(parameters, ciphertext, password)
                : DecryptPkcs12(scheme, parameters, ciphertext, password);
        }
        catch (AsnContentException exception)
        {
            throw Malformed("The parameters of the password-based encryption are malformed. Export the private key again.", exception);
        }
    }

    /// <summary>Reads an iteration count, which must not make loading a key take minutes.</summary>
    /// <exception cref="CertificateException">The count is out of range.</exception>
    public static int ReadIterations(AsnReader fields) => fields.TryReadInt32(out var iterations) && iterations is > 0 and <= MaxIterations
        ? iterations
        : throw Unsupported($"The password-based encryption has an iteration count that is not between 1 and {MaxIterations}. Export the private key again.");

    private static byte[] DecryptPbes2(AsnReader parameters, byte[] ciphertext, char[] password)
    {
        var derivation = parameters.ReadSequence();
        if (derivation.ReadObjectIdentifier() is not "1.2.840.113549.1.5.12" and var function)
            throw UnsupportedEncryption(function == "1.3.6.1.4.1.11591.4.11" ? "scrypt" : function);

        var settings = derivation.ReadSequence();
        var salt = settings.ReadOctetString();
        var iterations = ReadIterations(settings);
        if (settings.HasData && settings.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            settings.ReadInteger();
        var hash = settings.HasData ? HashOfHmac(settings.ReadSequence().ReadObjectIdentifier()) : HashAlgorithmName.SHA1;

        var encryption = parameters.ReadSequence();
        var name = encryption.ReadObjectIdentifier();
        using var cipher = CreatePbes2Cipher(name, out var keyLength);
        var key = SensitiveMemory.AllocateKey(keyLength);
        var bytes = SensitiveMemory.AllocateKey(Encoding.UTF8.GetByteCount(password));
        try
        {
            Encoding.UTF8.GetBytes(password, bytes);
            Rfc2898DeriveBytes.Pbkdf2(bytes, salt, key, iterations, hash);
            return Decrypt(cipher, key, encryption.ReadOctetString(), ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] DecryptPkcs12(string scheme, AsnReader parameters, byte[] ciphertext, char[] password)
    {
        using var cipher = CreatePkcs12Cipher(scheme, out var keyLength);
        var salt = parameters.ReadOctetString();
        var iterations = ReadIterations(parameters);
        var key = SensitiveMemory.AllocateKey(keyLength);
        try
        {
            Pkcs12KeyDerivation.Derive(HashAlgorithmName.SHA1, Pkcs12KeyDerivation.EncryptionKey, password, salt, iterations, key);
            var iv = new byte[8];
            Pkcs12KeyDerivation.Derive(HashAlgorithmName.SHA1, Pkcs12KeyDerivation.InitializationVector, password, salt, iterations, iv);
            return Decrypt(cipher, keyLength == 16 && cipher is TripleDES ? [.. key, .. key[..8]] : key, iv, ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Decrypt(SymmetricAlgorithm cipher, byte[] key, byte[] iv, byte[] ciphertext)
    {
        var buffer = SensitiveMemory.AllocateKey(ciphertext.Length);
        try
        {
            cipher.Key = key;
            var length = cipher.DecryptCbc(ciphertext, iv, buffer);
            var plaintext = SensitiveMemory.AllocateKey(length);
            buffer.AsSpan(0, length).CopyTo(plaintext);
            return plaintext;
        }
        catch (PlatformNotSupportedException)
        {
            throw UnsupportedEncryption(cipher.GetType().Name);
        }
        catch (CryptographicException exception)
        {
            throw WrongPassword(exception);
        }
        catch (ArgumentException exception)
        {
            throw Malformed("The parameters of the password-based encryption are malformed. Export the private key again.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Files of older programs use TripleDES. It only decrypts local files.")]
    private static SymmetricAlgorithm CreatePbes2Cipher(string name, out int keyLength)
    {
        keyLength = name switch
        {
            "2.16.840.1.101.3.4.1.2" => 16,
            "2.16.840.1.101.3.4.1.22" or "1.2.840.113549.3.7" => 24,
            "2.16.840.1.101.3.4.1.42" => 32,
            _ => throw UnsupportedEncryption(name),
        };
        return name == "1.2.840.113549.3.7" ? TripleDES.Create() : Aes.Create();
    }

    [SuppressMessage("Security", "CA5350", Justification = "Files of older programs use TripleDES. It only decrypts local files.")]
    private static TripleDES CreatePkcs12Cipher(string scheme, out int keyLength)
    {
        keyLength = scheme switch
        {
            "1.2.840.113549.1.12.1.3" => 24,
            "1.2.840.113549.1.12.1.4" => 16,
            "1.2.840.113549.1.12.1.5" or "1.2.840.113549.1.12.1.6" => throw UnsupportedEncryption("RC2"),
            _ => throw UnsupportedEncryption(scheme),
        };
        return TripleDES.Create();
    }

    private static HashAlgorithmName HashOfHmac(string name) => name switch
    {
        "1.2.840.113549.2.7" => HashAlgorithmName.SHA1,
        "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
        "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
        "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
        _ => throw UnsupportedEncryption(name),
    };

    private static CertificateException UnsupportedEncryption(string name) => Unsupported(
        $"The password-based encryption uses {name}, which is not supported. Use PBES2 with PBKDF2 and AES: the default of openssl pkcs8 and openssl pkcs12 since "
        + "OpenSSL 3.0. Read old files with the option -legacy of openssl pkcs12.");

    private static CertificateException WrongPassword(Exception cause) =>
        new(new(CertificateErrorKind.WrongPassword, "The private key cannot be decrypted: the password is wrong, or the data is damaged."), cause);

    private static CertificateException Unsupported(string message) => new(new(CertificateErrorKind.UnsupportedKey, message));

    private static CertificateException Malformed(string message, Exception cause) => new(new(CertificateErrorKind.Malformed, message), cause);
}
