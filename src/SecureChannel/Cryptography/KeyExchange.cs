using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>
/// An ephemeral key pair for the key exchange of one handshake (RFC 9846 section 4.3.8). <see cref="Dispose()"/> wipes the private key. Not thread-safe.
/// </summary>
/// <param name="group">The group.</param>
public abstract class KeyExchange(NamedGroup group) : IDisposable
{
    private const byte UncompressedPoint = 4;

    /// <summary>Gets the group.</summary>
    public NamedGroup Group { get; } = group;

    /// <summary>Gets the public key in its wire format: an uncompressed point, or the byte string of a Montgomery curve (RFC 9846 section 4.3.8.2).</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Tries to compute the shared secret. Invalid peer keys are reported by the result, never by an exception.</summary>
    /// <param name="peerPublicKey">The peer's public key in its wire format.</param>
    /// <param name="secret">The shared secret, which the caller owns, or null if the peer's key is invalid.</param>
    /// <returns>
    /// True if the peer's key has the required length, is a point on the curve and does not result in an all-zero secret (RFC 9846 sections 4.3.8.2 and 7.4.2);
    /// otherwise, false.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The private key was wiped.</exception>
    public bool TryDecapsulate(ReadOnlySpan<byte> peerPublicKey, [NotNullWhen(true)] out SharedSecret? secret)
    {
        secret = null;

        // RFC 9846 section 4.3.8.2: "uint8 legacy_form = 4", and coordinates of the curve's length: no compressed or hybrid points.
        if (peerPublicKey.Length != Group.PublicKeyLength || (Group != NamedGroup.X25519 && peerPublicKey[0] != UncompressedPoint))
            return false;

        var shared = new SharedSecret(Group.SharedSecretLength);
        try
        {
            // RFC 9846 section 7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared secret is the all-zero value and abort if so".
            if (TryDecapsulateCore(peerPublicKey, shared.Buffer) && !CryptographicOperations.FixedTimeEquals(shared.Bytes, stackalloc byte[shared.Length]))
                secret = shared;
            return secret is not null;
        }
        finally
        {
            if (secret is null)
                shared.Dispose();
        }
    }

    /// <summary>Wipes the private key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns a description that names the group and contains no key.</summary>
    public sealed override string ToString() => $"{nameof(KeyExchange)} of {Group.Name}";

    /// <summary>Tries to compute the shared secret. The caller has checked the length and the format of the peer's key.</summary>
    /// <param name="peerPublicKey">The peer's public key.</param>
    /// <param name="secret">The output buffer, as long as the shared secrets of the group.</param>
    /// <returns>True if the key is a point on the curve and results in a secret; otherwise, false.</returns>
    protected abstract bool TryDecapsulateCore(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret);

    /// <summary>Wipes the private key.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>The shared secret of a key exchange (RFC 9846 section 7.4). Only <see cref="KeyExchange.TryDecapsulate"/> creates it.</summary>
public sealed class SharedSecret : Secret
{
    internal SharedSecret(int length)
        : base(length)
    {
    }

    internal Span<byte> Buffer => Writable.Span;
}
