using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel.Tls13;

/// <summary>The key exchange of a handshake, with the checks of RFC 9846 that do not depend on the provider.</summary>
internal static class KeyAgreement
{
    // draft-ietf-tls-ecdhe-mlkem section 4.3: in a hybrid group, the secret of Curve25519 comes last.
    private const int CurveSecretLength = 32;

    /// <summary>Tries to compute the server's share and the shared secret for a client's share.</summary>
    /// <returns>The error if the client's share is invalid; otherwise, null.</returns>
    public static SessionError? TryEncapsulate(CryptographyProvider cryptography, KeyShareEntry peer, out EncapsulatedSecret? result)
    {
        // RFC 9846 sections 4.3.8.2 and 7.4.2: the client's key is validated, and the result is not all zeros.
        var share = peer.KeyExchange.Span;
        if (peer.Group.IsWellFormed(Role.Client, share) && cryptography.TryEncapsulate(peer.Group, share, out result))
        {
            if (result.Share.Length != peer.Group.ServerShareLength)
                throw new InvalidOperationException($"{cryptography.Name} returned a key share of {result.Share.Length} bytes for the group {peer.Group.Name}.");
            if (IsAcceptable(peer.Group, result.Secret))
                return null;
            result.Secret.Dispose();
        }

        result = null;
        return Tls13Error.Illegal($"The key share of the client is not a valid key of the group {peer.Group.Name}.");
    }

    /// <summary>Tries to compute the shared secret from the server's share.</summary>
    /// <returns>True if the server's share is valid; otherwise, false.</returns>
    public static bool TryDecapsulate(
        KeyExchange exchange, KeyShareEntry peer, [NotNullWhen(true)] out SharedSecret? secret, [NotNullWhen(false)] out SessionError? error)
    {
        // RFC 9846 sections 4.3.8.2 and 7.4.2: the server's key is validated, and the result is not all zeros.
        error = null;
        var share = peer.KeyExchange.Span;
        if (peer.Group.IsWellFormed(Role.Server, share) && exchange.TryDecapsulate(share, out secret))
        {
            if (IsAcceptable(peer.Group, secret))
                return true;
            secret.Dispose();
        }

        secret = null;
        error = Tls13Error.Illegal($"The key share of the server is not a valid key of the group {peer.Group.Name}.");
        return false;
    }

    // RFC 9846 section 7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared secret is the all-zero value and abort if so".
    private static bool IsAcceptable(NamedGroup group, SharedSecret secret)
    {
        if (secret.Length != group.SharedSecretLength)
            throw new InvalidOperationException($"A provider returned a shared secret of {secret.Length} bytes for the group {group.Name}.");
        Span<byte> zeros = stackalloc byte[secret.Length];
        zeros.Clear();
        var curve = group.IsHybrid ? secret.Bytes[^CurveSecretLength..] : secret.Bytes;
        return !CryptographicOperations.FixedTimeEquals(curve, zeros[..curve.Length]);
    }
}
