using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>The lengths of Ed25519 keys and signatures in bytes (RFC 8032 section 5.1).</summary>
internal static class Ed25519
{
    public const int SeedLength = 32;
    public const int PublicKeyLength = 32;
    public const int PrivateKeyLength = 64;
    public const int SignatureLength = 64;

    public static ImmutableArray<SignatureScheme> Schemes { get; } = [SignatureScheme.Ed25519];
}

/// <summary>An Ed25519 public key.</summary>
internal sealed unsafe class SodiumEd25519VerificationKey(ReadOnlySpan<byte> publicKey) : VerificationKey
{
    private readonly byte[] _publicKey = publicKey.ToArray();

    public override ImmutableArray<SignatureScheme> Schemes => Ed25519.Schemes;

    protected override bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Ed25519.SignatureLength)
            return false;

        fixed (byte* s = signature, m = content, k = _publicKey)
            return Native.Ed25519Verify(s, m, (ulong)content.Length, k) == 0;
    }

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>An Ed25519 private key: the seed and the public key in pinned memory, which is wiped when the key is disposed.</summary>
internal sealed unsafe class SodiumEd25519SigningKey : SigningKey
{
    private readonly EphemeralKey _privateKey = new(Ed25519.PrivateKeyLength);

    public SodiumEd25519SigningKey(ReadOnlySpan<byte> seed)
    {
        var publicKey = stackalloc byte[Ed25519.PublicKeyLength];
        fixed (byte* k = _privateKey.Buffer.Span, s = seed)
            _ = Native.Ed25519KeyPair(publicKey, k, s);
    }

    public override ImmutableArray<SignatureScheme> Schemes => Ed25519.Schemes;

    protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> content)
    {
        var signature = new byte[Ed25519.SignatureLength];
        fixed (byte* s = signature, m = content, k = _privateKey.Bytes)
            _ = Native.Ed25519Sign(s, null, m, (ulong)content.Length, k);
        return signature;
    }

    protected override void Dispose(bool disposing) => _privateKey.Dispose();
}
