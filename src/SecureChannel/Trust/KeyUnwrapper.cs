using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// A server's private key that can only decrypt session keys, which clients wrap with RSA-OAEP and SHA-256 (RFC 8017 section 7.1). Derive from this class to
/// use a key in a hardware security module. Implementations must be thread-safe.
/// </summary>
public abstract class KeyUnwrapper : IDisposable
{
    /// <summary>The length of a session key in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>
    /// Tries to decrypt a wrapped session key. The duration must not depend on success: a client that can distinguish valid from invalid wrapped keys by time
    /// can decrypt the sessions of other clients. Implementations throw only for failures that the client did not cause, such as an unavailable module.
    /// </summary>
    /// <param name="wrapped">The wrapped key that the client sent, of any length.</param>
    /// <param name="key">The buffer for the key: exactly <see cref="KeyLength"/> bytes. It is unchanged after a failure.</param>
    /// <param name="cancellationToken">Cancels the operation, if the module supports it.</param>
    /// <returns>True if the wrapped key is valid and contains exactly <see cref="KeyLength"/> bytes; otherwise, false.</returns>
    public abstract ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default);

    /// <summary>Creates an unwrapper for an RSA key in memory.</summary>
    /// <param name="key">
    /// The private key of at least 2048 bits. It must support concurrent decryption, as the platform's own keys do. The unwrapper owns and disposes it.
    /// </param>
    /// <returns>The unwrapper.</returns>
    /// <exception cref="ArgumentException">The key is shorter than 2048 bits.</exception>
    /// <exception cref="CryptographicException">The key has no private part, or cannot decrypt.</exception>
    public static KeyUnwrapper FromRsa(RSA key) => new RsaKeyUnwrapper(key);

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the key.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
