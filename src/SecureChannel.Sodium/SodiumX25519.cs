using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>A key pair on Curve25519 (RFC 7748).</summary>
internal sealed unsafe class SodiumX25519 : KeyExchange
{
    private const int KeyLength = 32;

    private readonly EphemeralKey _privateKey = EphemeralKey.Generate(SodiumProvider.Instance, KeyLength);
    private readonly byte[] _publicKey = new byte[KeyLength];

    public SodiumX25519()
        : base(NamedGroup.X25519)
    {
        fixed (byte* q = _publicKey, n = _privateKey.Bytes)
            _ = Native.X25519PublicKey(q, n);
    }

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    protected override bool TryDecapsulateCore(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        fixed (byte* s = secret, n = _privateKey.Bytes, p = peerPublicKey)
            return Native.X25519Agree(s, n, p) == 0;
    }

    protected override void Dispose(bool disposing) => _privateKey.Dispose();
}
