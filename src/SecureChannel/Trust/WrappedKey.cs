using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>
/// A session key that is encrypted so that only the holder of one verified certificate's private key can read it. An instance proves for which identity
/// the key was wrapped.
/// </summary>
public sealed class WrappedKey
{
    private WrappedKey(VerifiedIdentity recipient, byte[] ciphertext)
    {
        Recipient = recipient;
        Ciphertext = ciphertext;
    }

    /// <summary>Gets the encrypted key, which is as long as the RSA modulus.</summary>
    public ReadOnlyMemory<byte> Ciphertext { get; }

    /// <summary>Gets the identity for which the key was wrapped.</summary>
    internal VerifiedIdentity Recipient { get; }

    /// <summary>Encrypts a session key with RSA-OAEP and SHA-256 (RFC 8017 section 7.1) under the public key of the recipient's certificate.</summary>
    /// <param name="recipient">The recipient, which must be verified for <see cref="CertificatePurpose.KeyTransportServer"/>.</param>
    /// <param name="key">The session key: exactly <see cref="KeyUnwrapper.KeyLength"/> bytes.</param>
    /// <returns>The wrapped key.</returns>
    /// <exception cref="ArgumentException">The recipient was verified for another purpose, or the key does not have the required length.</exception>
    /// <exception cref="CryptographicException">The public key of the recipient cannot encrypt.</exception>
    public static WrappedKey Wrap(VerifiedIdentity recipient, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyUnwrapper.KeyLength, nameof(key));
        if (recipient.Purpose != CertificatePurpose.KeyTransportServer)
        {
            throw new ArgumentException(
                $"The recipient's certificate was verified for {recipient.Purpose}. Verify it for {CertificatePurpose.KeyTransportServer}.", nameof(recipient));
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(recipient.Certificate.PublicKey.Encoded.Span, out _);
        return new WrappedKey(recipient, rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256));
    }

    /// <summary>Tries to encrypt a session key as <see cref="Wrap"/> does. A public key that cannot encrypt is reported by the result.</summary>
    /// <param name="recipient">The recipient, which must be verified for <see cref="CertificatePurpose.KeyTransportServer"/>.</param>
    /// <param name="key">The session key: exactly <see cref="KeyUnwrapper.KeyLength"/> bytes.</param>
    /// <param name="wrapped">The wrapped key, or null if the public key cannot encrypt.</param>
    /// <param name="error">The error, or null if the key was wrapped.</param>
    /// <returns>True if the key was wrapped; otherwise, false.</returns>
    /// <exception cref="ArgumentException">The recipient was verified for another purpose, or the key does not have the required length.</exception>
    public static bool TryWrap(
        VerifiedIdentity recipient, ReadOnlySpan<byte> key, [NotNullWhen(true)] out WrappedKey? wrapped, [NotNullWhen(false)] out SessionError? error)
    {
        (wrapped, error) = (null, null);
        try
        {
            wrapped = Wrap(recipient, key);
            return true;
        }
        catch (CryptographicException)
        {
            // The platform checks an RSA key when it is first used.
            error = PathError.Create(CertificateErrorKind.WeakKey, AlertDescription.BadCertificate, recipient.Certificate,
                "has a public key that cannot encrypt. Issue a certificate for another key");
            return false;
        }
    }
}
