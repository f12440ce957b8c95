using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// A server's private key, reduced to the one thing that it may do: decrypt a session key that a client wrapped with RSA-OAEP and SHA-256 (RFC 8017 section
/// 7.1).
/// Derive from it to keep the key in a hardware module. Implementations are safe for use by several threads at once.
/// </summary>
public abstract class KeyUnwrapper : IDisposable
{
    /// <summary>The length of a session key in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>
    /// Decrypts a wrapped session key. Its duration must not depend on whether it succeeds: a client that can tell a bad wrapping from a good one by time can
    /// decrypt
    /// others' sessions. Throws only for what is not the client's doing, such as a module out of order.
    /// </summary>
    /// <param name="wrapped">What a client sent, of any length.</param>
    /// <param name="key">Where the key goes: exactly <see cref="KeyLength"/> bytes. Left as it was on failure.</param>
    /// <param name="cancellationToken">Gives up; for modules that answer late.</param>
    /// <returns>Whether the wrapping was good and held exactly <see cref="KeyLength"/> bytes.</returns>
    public abstract ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default);

    /// <summary>An unwrapper over an RSA key in memory.</summary>
    /// <param name="key">The key with its private part, at least 2048 bits; it must decrypt for several threads at once, as the platform's own do. It is taken
    /// over and disposed.</param>
    /// <returns>The unwrapper.</returns>
    /// <exception cref="ArgumentException">The key is shorter than 2048 bits.</exception>
    /// <exception cref="CryptographicException">The key has no private part.</exception>
    public static KeyUnwrapper FromRsa(RSA key) => new RsaKeyUnwrapper(key);

    /// <summary>Lets go of the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
