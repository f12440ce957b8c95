using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The certificates with private keys that the platform uses, in the form that each operating system needs.</summary>
internal static class PlatformCertificates
{
    /// <summary>Combines a certificate with its private key. If the platform does not support the key, the result has no private key.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="key">The private key, which fits the certificate.</param>
    /// <returns>A new certificate, which the caller owns.</returns>
    /// <exception cref="CertificateException">The private key is damaged.</exception>
    public static X509Certificate2 Combine(X509Certificate2 certificate, EncodedPrivateKey key)
    {
        // .NET combines neither Ed25519 nor RSASSA-PSS keys with certificates.
        if (certificate.PublicKey.Oid.Value is EncodedKey.Ed25519 or EncodedKey.RsaSsaPss)
            return X509CertificateLoader.LoadCertificate(certificate.RawData);
        try
        {
            using var imported = key.ToPlatformKey(certificate);
            return imported is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)imported!);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CertificateException(IdentityKey.CreateMismatchError(certificate), exception);
        }
    }

    /// <summary>Prepares a certificate for SslStream.</summary>
    /// <param name="certificate">The certificate with its private key.</param>
    /// <returns>A new certificate, which the caller owns.</returns>
    public static X509Certificate2 Prepare(X509Certificate2 certificate) =>
        OperatingSystem.IsWindows() && HasEphemeralKey(certificate) ? Reimport(certificate) : new X509Certificate2(certificate);

    // Schannel runs in another process and cannot use a key that exists only in the memory of this process, such as a key from PEM.
    private static X509Certificate2 Reimport(X509Certificate2 certificate)
    {
        var exported = certificate.Export(X509ContentType.Pkcs12);
        try
        {
            return X509CertificateLoader.LoadPkcs12(exported, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(exported);
        }
    }

    [SupportedOSPlatform("windows")]
    private static bool HasEphemeralKey(X509Certificate2 certificate)
    {
        using var ecdsa = certificate.GetECDsaPrivateKey();
        using var rsa = certificate.GetRSAPrivateKey();
        return ecdsa is ECDsaCng { Key.IsEphemeral: true } || rsa is RSACng { Key.IsEphemeral: true };
    }
}
