using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>A key pair on Curve25519 (RFC 7748).</summary>
internal sealed class SodiumX25519 : KeyExchange
{
    private readonly EphemeralKey _privateKey = EphemeralKey.Generate(SodiumProvider.Instance, Curve25519.KeyLength);
    private readonly byte[] _publicKey = new byte[Curve25519.KeyLength];

    public SodiumX25519()
        : base(NamedGroup.X25519) => Curve25519.WritePublicKey(_privateKey.Bytes, _publicKey);

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    public static bool TryEncapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result)
    {
        result = null;
        if (peerShare.Length != Curve25519.KeyLength)
            return false;

        var (share, secret) = (new byte[Curve25519.KeyLength], new SharedSecret(Curve25519.KeyLength));
        if (Curve25519.TryEncapsulate(peerShare, share, secret.Buffer.Span))
            result = new EncapsulatedSecret(share, secret);
        else
            secret.Dispose();
        return result is not null;
    }

    public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret)
    {
        var key = _privateKey.Bytes;
        secret = null;
        if (peerShare.Length != Curve25519.KeyLength)
            return false;

        var shared = new SharedSecret(Curve25519.KeyLength);
        if (Curve25519.TryAgree(key, peerShare, shared.Buffer.Span))
            secret = shared;
        else
            shared.Dispose();
        return secret is not null;
    }

    public override void Dispose() => _privateKey.Dispose();
}

/// <summary>The operations on Curve25519 (RFC 7748), alone or as a part of a hybrid group.</summary>
internal static unsafe class Curve25519
{
    /// <summary>The length of a private key, a public key and a shared secret, in bytes.</summary>
    public const int KeyLength = 32;

    public static void WritePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        fixed (byte* n = privateKey, q = publicKey)
            _ = Native.X25519PublicKey(q, n);
    }

    /// <summary>Tries to compute a shared secret. libsodium rejects points that result in zeros (RFC 7748 section 6.1).</summary>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        fixed (byte* n = privateKey, p = peerPublicKey, s = secret)
            return Native.X25519Agree(s, n, p) == 0;
    }

    /// <summary>Tries to compute a shared secret with a new private key, which is on the stack and wiped, and writes the public key.</summary>
    public static bool TryEncapsulate(ReadOnlySpan<byte> peerPublicKey, Span<byte> publicKey, Span<byte> secret)
    {
        var privateKey = stackalloc byte[KeyLength];
        try
        {
            Native.FillRandom(privateKey, KeyLength);
            WritePublicKey(new(privateKey, KeyLength), publicKey);
            return TryAgree(new(privateKey, KeyLength), peerPublicKey, secret);
        }
        finally
        {
            Native.Wipe(privateKey, KeyLength);
        }
    }
}
