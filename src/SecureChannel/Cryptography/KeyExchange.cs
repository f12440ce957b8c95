using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Cryptography;

/// <summary>
/// The client's side of a key exchange (RFC 9846 section 4.3.8): an ephemeral private key and the share that is sent to the server. <see cref="Dispose"/>
/// wipes the private key. Not thread-safe.
/// </summary>
/// <param name="group">The group.</param>
public abstract class KeyExchange(NamedGroup group) : IDisposable
{
    /// <summary>Gets the group.</summary>
    public NamedGroup Group { get; } = group;

    /// <summary>
    /// Gets the client's key share in its wire format: an uncompressed point, the byte string of Curve25519 (RFC 9846 section 4.3.8.2), or the encapsulation key
    /// of ML-KEM before that byte string.
    /// </summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Tries to compute the shared secret from the server's share. Invalid shares are reported by the result, never by an exception.</summary>
    /// <param name="peerShare">The key share of the server in its wire format.</param>
    /// <param name="secret">The shared secret, which the caller owns, or null if the share is invalid.</param>
    /// <returns>
    /// True if the share has the length and the format of the group (see <see cref="NamedGroups"/>), and its point is on the curve; otherwise, false.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The private key was wiped.</exception>
    public abstract bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret);

    /// <summary>Wipes the private key.</summary>
    public abstract void Dispose();

    /// <summary>Returns a description that names the group and contains no key.</summary>
    public sealed override string ToString() => $"{nameof(KeyExchange)} of {Group.Name}";
}

/// <summary>The result of the server's side of a key exchange.</summary>
/// <param name="share">The key share that the server sends to the client.</param>
/// <param name="secret">The shared secret, which the caller owns.</param>
public sealed class EncapsulatedSecret(ReadOnlyMemory<byte> share, SharedSecret secret)
{
    /// <summary>Gets the key share that the server sends to the client.</summary>
    public ReadOnlyMemory<byte> Share { get; } = share;

    /// <summary>Gets the shared secret. The caller owns it.</summary>
    public SharedSecret Secret { get; } = secret;
}

/// <summary>The shared secret of a key exchange (RFC 9846 section 7.4).</summary>
/// <param name="length">The length in bytes. The secret consists of zeros, which every handshake rejects, until it is filled.</param>
public sealed class SharedSecret(int length) : Secret(length)
{
    /// <summary>Gets the bytes of the secret as writable memory, for the provider that computes it.</summary>
    /// <exception cref="ObjectDisposedException">The secret was wiped.</exception>
    public Memory<byte> Buffer => Writable;
}
