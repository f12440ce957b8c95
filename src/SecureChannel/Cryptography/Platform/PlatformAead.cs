using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>AES-GCM with <see cref="AesGcm"/>. The platform's library stores the expanded key and wipes it when the cipher is disposed.</summary>
internal sealed class PlatformAesGcm(ReadOnlySpan<byte> key) : Aead
{
    private readonly AesGcm _cipher = new(key, 16);

    public override int NonceLength => 12;

    public override int TagLength => 16;

    protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag) =>
        _cipher.Encrypt(nonce, plaintext, ciphertextAndTag[..^TagLength], ciphertextAndTag[^TagLength..], associatedData);

    protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        try
        {
            _cipher.Decrypt(nonce, ciphertextAndTag[..^TagLength], ciphertextAndTag[^TagLength..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}

/// <summary>ChaCha20-Poly1305 with <see cref="ChaCha20Poly1305"/>.</summary>
internal sealed class PlatformChaCha20Poly1305(ReadOnlySpan<byte> key) : Aead
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

    public override int NonceLength => 12;

    public override int TagLength => 16;

    protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag) =>
        _cipher.Encrypt(nonce, plaintext, ciphertextAndTag[..^TagLength], ciphertextAndTag[^TagLength..], associatedData);

    protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        try
        {
            _cipher.Decrypt(nonce, ciphertextAndTag[..^TagLength], ciphertextAndTag[^TagLength..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _cipher.Dispose();
}
