using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>Reads private keys of kinds that the platform does not join with a certificate.</summary>
internal static class PemSigner
{
    private const string Label = "PRIVATE KEY";

    /// <summary>The signer of a certificate, from the PEM of its key.</summary>
    /// <exception cref="CryptographicException">There is no PKCS #8 key, or it is not the certificate's.</exception>
    /// <exception cref="ArgumentException">The provider does not sign with such a key.</exception>
    public static Signer Read(X509Certificate2 certificate, ReadOnlySpan<char> pem, CryptographyProvider cryptography)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || !pem[fields.Label].SequenceEqual(Label))
            throw new CryptographicException($"The key's text holds no unencrypted PKCS #8 key (\"{Label}\"), the only form for a key of this kind.");

        var der = ArrayPool<byte>.Shared.Rent(fields.DecodedDataLength);
        SigningKey? key = null;
        try
        {
            Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out var length);
            if (!cryptography.TryImportSigningKey(der.AsSpan(0, length), out key) || !cryptography.TryImportVerificationKey(certificate, out var publicKey))
                throw new ArgumentException($"{cryptography.Name} does not sign with the key of {CertificateText.Of(certificate)}: give another CryptographyProvider.");

            using (publicKey)
            {
                var scheme = key.Schemes[0];
                if (!publicKey.Verify(scheme, [], key.Sign(scheme, [])))
                    throw new CryptographicException($"The private key is not that of {CertificateText.Of(certificate)}.");
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
