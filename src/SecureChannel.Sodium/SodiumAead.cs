using System.Runtime.InteropServices;
using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>A libsodium cipher. The prepared key is in native memory with 16-byte alignment, which is wiped before it is freed.</summary>
internal abstract unsafe class SodiumAead(nuint length) : Aead
{
    private void* _key = NativeMemory.AlignedAlloc(length, 16);

    ~SodiumAead() => Wipe();

    public override int NonceLength => 12;

    public override int TagLength => 16;

    protected void* Key => _key is not null ? _key : throw new ObjectDisposedException(GetType().Name, "The key was wiped.");

    public override void Dispose()
    {
        Wipe();
        GC.SuppressFinalize(this);
    }

    private void Wipe()
    {
        if (_key is null)
            return;

        Native.Wipe(_key, length);
        NativeMemory.AlignedFree(_key);
        _key = null;
    }
}

/// <summary>AES-256-GCM. The round keys and the GHASH table are computed once, when the key is prepared.</summary>
internal sealed unsafe class SodiumAes256Gcm : SodiumAead
{
    private static readonly nuint StateLength = Native.Aes256GcmStateLength();

    public SodiumAes256Gcm(ReadOnlySpan<byte> key)
        : base(StateLength)
    {
        fixed (byte* bytes = key)
            _ = Native.Aes256GcmPrepare(Key, bytes);
    }

    protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
    {
        fixed (byte* n = nonce, p = plaintext, a = associatedData, c = ciphertextAndTag)
            _ = Native.Aes256GcmEncrypt(c, null, p, (ulong)plaintext.Length, a, (ulong)associatedData.Length, null, n, Key);
        GC.KeepAlive(this);
    }

    protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        int result;
        fixed (byte* n = nonce, c = ciphertextAndTag, a = associatedData, p = plaintext)
            result = Native.Aes256GcmDecrypt(p, null, null, c, (ulong)ciphertextAndTag.Length, a, (ulong)associatedData.Length, n, Key);
        GC.KeepAlive(this);
        return result == 0;
    }
}

/// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
internal sealed unsafe class SodiumChaCha20Poly1305 : SodiumAead
{
    public SodiumChaCha20Poly1305(ReadOnlySpan<byte> key)
        : base((nuint)key.Length) => key.CopyTo(new Span<byte>(Key, key.Length));

    protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
    {
        fixed (byte* n = nonce, p = plaintext, a = associatedData, c = ciphertextAndTag)
            _ = Native.ChaCha20Poly1305Encrypt(c, null, p, (ulong)plaintext.Length, a, (ulong)associatedData.Length, null, n, Key);
        GC.KeepAlive(this);
    }

    protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        int result;
        fixed (byte* n = nonce, c = ciphertextAndTag, a = associatedData, p = plaintext)
            result = Native.ChaCha20Poly1305Decrypt(p, null, null, c, (ulong)ciphertextAndTag.Length, a, (ulong)associatedData.Length, n, Key);
        GC.KeepAlive(this);
        return result == 0;
    }
}
