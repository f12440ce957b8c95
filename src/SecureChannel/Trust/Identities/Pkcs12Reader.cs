using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel;

/// <summary>
/// A reader of PKCS #12 data (RFC 7292). The platform's reader rejects Ed25519 and RSASSA-PSS keys, and stores keys differently on each operating system.
/// </summary>
internal sealed class Pkcs12Reader : IDisposable
{
    private const int MaxDepth = 4;
    private const string DataType = "1.2.840.113549.1.7.1";
    private const string SignedDataType = "1.2.840.113549.1.7.2";
    private const string EncryptedDataType = "1.2.840.113549.1.7.6";

    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private readonly char[] _password;

    private Pkcs12Reader(char[] password) => _password = password;

    /// <summary>Gets the certificates, in the order of the data. The caller owns them.</summary>
    public List<X509Certificate2> Certificates { get; } = [];

    /// <summary>Gets the private keys, which the reader owns.</summary>
    public List<EncodedPrivateKey> Keys { get; } = [];

    /// <summary>Reads all certificates and private keys.</summary>
    /// <param name="data">The data.</param>
    /// <param name="password">The password.</param>
    /// <returns>The reader with its results.</returns>
    /// <exception cref="CertificateException">The data is malformed, the password is wrong, or the data uses unsupported algorithms.</exception>
    public static Pkcs12Reader Read(ReadOnlySpan<byte> data, char[] password)
    {
        var reader = new Pkcs12Reader(password);
        try
        {
            reader.ReadAll(data.ToArray());
            return reader;
        }
        catch (AsnContentException exception)
        {
            reader.DisposeAll();
            throw Malformed(Describe(data), exception);
        }
        catch
        {
            reader.DisposeAll();
            throw;
        }
    }

    /// <summary>Wipes the private keys.</summary>
    public void Dispose() => Keys.ForEach(key => key.Dispose());

    private void DisposeAll()
    {
        Dispose();
        Certificates.ForEach(certificate => certificate.Dispose());
    }

    private void ReadAll(ReadOnlyMemory<byte> data)
    {
        var fields = new AsnReader(data, AsnEncodingRules.BER).ReadSequence();
        if (!fields.TryReadInt32(out var version) || version != 3)
            throw new AsnContentException();

        var (type, content) = ReadContent(fields.ReadSequence());
        if (type == SignedDataType)
            throw Unsupported("The PKCS #12 data is signed with a public key, which is not supported. Protect it with a password instead.");
        var safes = content!.ReadOctetString();
        if (fields.HasData)
            CheckMac(fields.ReadSequence(), safes);

        var list = new AsnReader(safes, AsnEncodingRules.BER).ReadSequence();
        while (list.HasData)
            ReadSafe(list.ReadSequence());
    }

    private void CheckMac(AsnReader mac, byte[] content)
    {
        var digest = mac.ReadSequence();
        var name = digest.ReadSequence().ReadObjectIdentifier();
        var expected = digest.ReadOctetString();
        var hash = name switch
        {
            "1.3.14.3.2.26" => HashAlgorithmName.SHA1,
            "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => throw Unsupported(
                $"The PKCS #12 data is protected by the algorithm {name}, which is not supported. Export it with: openssl pkcs12 -export -macalg sha256."),
        };
        var salt = mac.ReadOctetString();
        var iterations = mac.HasData ? PasswordEncryption.ReadIterations(mac) : 1;

        // RFC 7292 appendix B.1 terminates the password, but some programs leave out an empty one completely.
        if (!Matches(terminates: true) && (_password.Length > 0 || !Matches(terminates: false)))
        {
            throw new CertificateException(new(CertificateErrorKind.WrongPassword, _password.Length == 0
                ? "The PKCS #12 data is encrypted. Pass its password."
                : "The PKCS #12 data cannot be verified: the password is wrong, or the data is damaged."));
        }

        bool Matches(bool terminates)
        {
            var key = SensitiveMemory.AllocateKey(expected.Length);
            Pkcs12KeyDerivation.Derive(hash, Pkcs12KeyDerivation.MacKey, _password, salt, iterations, key, terminates);
            var computed = CryptographicOperations.HmacData(hash, key, content);
            CryptographicOperations.ZeroMemory(key);
            return CryptographicOperations.FixedTimeEquals(computed, expected);
        }
    }

    private void ReadSafe(AsnReader safe)
    {
        var (type, content) = ReadContent(safe);
        if (type == DataType)
        {
            ReadBags(content!.ReadOctetString(), 0);
            return;
        }

        if (type != EncryptedDataType)
            throw Unsupported("A part of the PKCS #12 data is encrypted with a public key, which is not supported. Protect it with a password instead.");

        var encrypted = content!.ReadSequence();
        encrypted.ReadInteger();
        var info = encrypted.ReadSequence();
        info.ReadObjectIdentifier();
        var algorithm = info.ReadEncodedValue();
        var plaintext = PasswordEncryption.Decrypt(algorithm, info.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0)), _password);
        try
        {
            ReadBags(plaintext, 0);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private void ReadBags(ReadOnlyMemory<byte> encoded, int depth)
    {
        if (depth > MaxDepth)
            throw new AsnContentException();
        var bags = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        while (bags.HasData)
        {
            var bag = bags.ReadSequence();
            var type = bag.ReadObjectIdentifier();
            var value = bag.ReadSequence(Explicit).ReadEncodedValue();
            switch (type)
            {
                case "1.2.840.113549.1.12.10.1.1":
                    Keys.Add(EncodedPrivateKey.FromPkcs8(value.Span));
                    break;
                case "1.2.840.113549.1.12.10.1.2":
                    Keys.Add(PasswordEncryption.DecryptKey(value, _password));
                    break;
                case "1.2.840.113549.1.12.10.1.3":
                    ReadCertificate(new AsnReader(value, AsnEncodingRules.BER).ReadSequence());
                    break;
                case "1.2.840.113549.1.12.10.1.6":
                    ReadBags(value, depth + 1);
                    break;
            }
        }
    }

    private void ReadCertificate(AsnReader bag)
    {
        if (bag.ReadObjectIdentifier() == "1.2.840.113549.1.9.22.1")
            Certificates.Add(PemCertificates.Decode(bag.ReadSequence(Explicit).ReadOctetString(), $"Certificate {Certificates.Count + 1} of the PKCS #12 data"));
    }

    private static (string Type, AsnReader? Content) ReadContent(AsnReader info) =>
        (info.ReadObjectIdentifier(), info.HasData ? info.ReadSequence(Explicit) : throw new AsnContentException());

    private static string Describe(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return "The PKCS #12 data is empty.";
        if (data.IndexOf("-----BEGIN "u8) >= 0)
            return "The data is PEM text, not PKCS #12. Use 'FromPem' or 'FromPemFile'.";
        return IsCertificate(data)
            ? "The data is a certificate without a private key, not PKCS #12. Use 'FromDer' and pass the private key."
            : "The data is not PKCS #12 (RFC 7292), or it is damaged. Restore it from its source.";
    }

    private static bool IsCertificate(ReadOnlySpan<byte> data)
    {
        try
        {
            return X509Certificate2.GetCertContentType(data) == X509ContentType.Cert;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static CertificateException Malformed(string message, Exception cause) => new(new(CertificateErrorKind.Malformed, message), cause);

    private static CertificateException Unsupported(string message) => new(new(CertificateErrorKind.UnsupportedKey, message));
}
