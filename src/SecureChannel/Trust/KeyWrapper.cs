using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureChannel.Handshakes;

/// <summary>Wraps a session key so that only the owner of a validated certificate can read it.</summary>
public static class KeyWrapper
{
    /// <summary>Encrypts a session key under the certificate's RSA key with OAEP and SHA-256 (RFC 8017 section 7.1).</summary>
    /// <param name="recipient">Who can unwrap it; validated for <see cref="CertificatePurpose.KeyTransportServer"/>.</param>
    /// <param name="key">Exactly <see cref="KeyUnwrapper.KeyLength"/> bytes.</param>
    /// <returns>The wrapped key, as long as the RSA modulus.</returns>
    /// <exception cref="ArgumentException">The chain was validated for another purpose, or the key has another length.</exception>
    public static byte[] Wrap(VerifiedIdentity recipient, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyUnwrapper.KeyLength, nameof(key));
        if (recipient.Purpose != CertificatePurpose.KeyTransportServer)
            throw new ArgumentException($"The chain was validated for {recipient.Purpose}, not for {CertificatePurpose.KeyTransportServer}.",
                nameof(recipient));

        using var rsa = recipient.Leaf.GetRSAPublicKey()!;
        return rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256);
    }
}
