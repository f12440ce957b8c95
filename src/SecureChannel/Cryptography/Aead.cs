namespace SecureChannel.Cryptography;

/// <summary>A cipher with its key, prepared once. Not safe for use by several threads at once. <see cref="Dispose()"/> wipes the key.</summary>
public abstract class Aead : IDisposable
{
    /// <summary>The length of a nonce in bytes.</summary>
    public const int NonceLength = 12;

    /// <summary>The length of the tag in bytes, which follows the ciphertext.</summary>
    public const int TagLength = 16;

    /// <summary>Encrypts and authenticates. The plaintext may be the start of the output's own memory, but not overlap it in another way.</summary>
    /// <param name="nonce">12 bytes that were never used with this key.</param>
    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="associatedData">What to authenticate with it.</param>
    /// <param name="ciphertextAndTag">Where the result goes: exactly 16 bytes more than the plaintext.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertextAndTag.Length, plaintext.Length + TagLength);
        SealCore(nonce, plaintext, associatedData, ciphertextAndTag);
    }

    /// <summary>Decrypts what authenticates. The output may be the start of the input's own memory, but not overlap it in another way.</summary>
    /// <param name="nonce">The 12 bytes that were used to seal.</param>
    /// <param name="ciphertextAndTag">What was sealed.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">Where the result goes: exactly 16 bytes less than the input. Holds no plaintext after a refusal.</param>
    /// <returns>Whether the input is authentic. An input shorter than a tag is not.</returns>
    /// <exception cref="ArgumentException">The length of the nonce or of the output is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        if (ciphertextAndTag.Length < TagLength)
            return false;

        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, ciphertextAndTag.Length - TagLength);
        return TryOpenCore(nonce, ciphertextAndTag, associatedData, plaintext);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Seals; the lengths are right.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="associatedData">What to authenticate with it.</param>
    /// <param name="ciphertextAndTag">16 bytes longer than the plaintext.</param>
    protected abstract void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag);

    /// <summary>Opens; the lengths are right.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="ciphertextAndTag">At least 16 bytes.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">16 bytes shorter than the input.</param>
    /// <returns>Whether the input is authentic.</returns>
    protected abstract bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext);

    /// <summary>Wipes the key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
