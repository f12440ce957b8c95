using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>
/// One end's ephemeral key pair of a key agreement (RFC 9846 section 4.3.8), made for one handshake. <see cref="Dispose()"/> wipes the private key. Not safe
/// for use by several threads at once.
/// </summary>
/// <param name="group">The group.</param>
public abstract class KeyExchange(NamedGroup group) : IDisposable
{
    private const byte UncompressedPoint = 4;

    /// <summary>The group.</summary>
    public NamedGroup Group { get; } = group;

    /// <summary>The public key as it goes over the wire: an uncompressed point, or the string of a Montgomery curve (RFC 9846 section 4.3.8.2).</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Agrees on a secret. Never throws for what a peer sent.</summary>
    /// <param name="peerPublicKey">The other end's public key as it came over the wire.</param>
    /// <param name="secret">The secret that both ends share; the caller owns it.</param>
    /// <returns>Whether the peer's key is valid: of the right length, a point of the curve, and one that leads to a secret (RFC 9846 sections 4.3.8.2 and 7.4.2).</returns>
    /// <exception cref="ObjectDisposedException">The private key was wiped.</exception>
    public bool TryDecapsulate(ReadOnlySpan<byte> peerPublicKey, [NotNullWhen(true)] out SharedSecret? secret)
    {
        secret = null;

        // RFC 9846 section 4.3.8.2: "uint8 legacy_form = 4", and coordinates of the curve's length: no compressed or hybrid points.
        if (peerPublicKey.Length != Group.PublicKeyLength || (Group != NamedGroup.X25519 && peerPublicKey[0] != UncompressedPoint))
            return false;

        var agreed = new SharedSecret(Group.SharedSecretLength);

        // RFC 9846 section 7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared secret is the all-zero value and abort if so".
        if (!TryDecapsulateCore(peerPublicKey, agreed.Buffer) || CryptographicOperations.FixedTimeEquals(agreed.Bytes, stackalloc byte[agreed.Length]))
        {
            agreed.Dispose();
            return false;
        }

        secret = agreed;
        return true;
    }

    /// <summary>Wipes the private key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The group, never the keys.</summary>
    public sealed override string ToString() => $"{nameof(KeyExchange)} of {Group.Name}";

    /// <summary>Agrees; the length and the form of the peer's key are right.</summary>
    /// <param name="peerPublicKey">The other end's public key.</param>
    /// <param name="secret">Where the secret goes: as long as the group's shared secrets are.</param>
    /// <returns>Whether the key is a point of the curve that leads to a secret.</returns>
    protected abstract bool TryDecapsulateCore(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret);

    /// <summary>Wipes the private key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>What two ends share after a key agreement (RFC 9846 section 7.4). Only <see cref="KeyExchange.TryDecapsulate"/> makes one.</summary>
public sealed class SharedSecret : Secret
{
    internal SharedSecret(int length)
        : base(length)
    {
    }

    internal Span<byte> Buffer => Writable.Span;
}
