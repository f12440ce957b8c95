using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>A reader of PEM private keys whose types .NET cannot combine with a certificate: Ed25519 and RSASSA-PSS.</summary>
internal static class PemSigner
{
    private const string Label = "PRIVATE KEY";

    /// <summary>Creates the signer for a certificate from the PEM text of its private key.</summary>
    /// <exception cref="CryptographicException">The text contains no PKCS #8 key, or the key does not belong to the certificate.</exception>
    /// <exception cref="ArgumentException">The provider cannot sign with the key.</exception>
    public static Signer Read(X509Certificate2 certificate, ReadOnlySpan<char> pem, CryptographyProvider cryptography)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || !pem[fields.Label].SequenceEqual(Label))
            throw new CryptographicException(
                $"The text contains no unencrypted PKCS #8 key ('{Label}'), which keys of this type require. Convert the key to PKCS #8.");

        var der = ArrayPool<byte>.Shared.Rent(fields.DecodedDataLength);
        SigningKey? key = null;
        try
        {
            Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out var length);
            if (!cryptography.TryImportSigningKey(der.AsSpan(0, length), out key) || !cryptography.TryImportVerificationKey(certificate, out var publicKey))
                throw new ArgumentException(
                    $"{CertificateText.Of(certificate)} has a key that {cryptography.Name} cannot sign with. Use another CryptographyProvider.");

            using (publicKey)
            {
                var scheme = key.Schemes[0];
                if (!publicKey.Verify(scheme, [], key.Sign(scheme, [])))
                    throw new CryptographicException(
                        $"{CertificateText.Of(certificate)} does not match the private key. Use the private key of this certificate.");
            }

            return Signer.FromKey(key);
        }
        catch
        {
            key?.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(der, clearArray: true);
        }
    }
}
