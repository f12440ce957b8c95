namespace SecureChannel.Cryptography;

/// <summary>An authenticated cipher for one key, which is prepared once for many uses. <see cref="Dispose"/> wipes the key. Not thread-safe.</summary>
public abstract class Aead : IDisposable
{
    /// <summary>Gets the length of a nonce in bytes, such as 12 for AES-GCM and ChaCha20-Poly1305.</summary>
    public abstract int NonceLength { get; }

    /// <summary>Gets the length in bytes of the tag, which follows the ciphertext, such as 16 for AES-GCM and ChaCha20-Poly1305.</summary>
    public abstract int TagLength { get; }

    /// <summary>Encrypts and authenticates data. The plaintext may start at the same address as the output, but must not overlap it in any other way.</summary>
    /// <param name="nonce">The nonce: <see cref="NonceLength"/> bytes that were never used with this key.</param>
    /// <param name="plaintext">The data to encrypt.</param>
    /// <param name="associatedData">The data to authenticate without encrypting it.</param>
    /// <param name="ciphertextAndTag">The output buffer: exactly <see cref="TagLength"/> bytes longer than the plaintext.</param>
    /// <exception cref="ArgumentException">The nonce or the output buffer does not have the required length.</exception>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertextAndTag.Length, plaintext.Length + TagLength);
        SealCore(nonce, plaintext, associatedData, ciphertextAndTag);
    }

    /// <summary>
    /// Tries to authenticate and decrypt data. The output may start at the same address as the input, but must not overlap it in any other way.
    /// </summary>
    /// <param name="nonce">The nonce that the data was encrypted with: <see cref="NonceLength"/> bytes.</param>
    /// <param name="ciphertextAndTag">The ciphertext, followed by the tag.</param>
    /// <param name="associatedData">The associated data that was authenticated.</param>
    /// <param name="plaintext">The output buffer: exactly <see cref="TagLength"/> bytes shorter than the input. After a failure it contains no plaintext.</param>
    /// <returns>True if the input is authentic; otherwise, false. An input that is shorter than a tag is never authentic.</returns>
    /// <exception cref="ArgumentException">The nonce or the output buffer does not have the required length.</exception>
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
    public abstract void Dispose();

    /// <summary>Encrypts and authenticates data. The caller has checked the lengths.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="plaintext">The data to encrypt.</param>
    /// <param name="associatedData">The data to authenticate without encrypting it.</param>
    /// <param name="ciphertextAndTag">The output buffer, longer than the plaintext by a tag.</param>
    protected abstract void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag);

    /// <summary>Tries to authenticate and decrypt data. The caller has checked the lengths.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="ciphertextAndTag">The ciphertext, followed by the tag.</param>
    /// <param name="associatedData">The associated data that was authenticated.</param>
    /// <param name="plaintext">The output buffer, shorter than the input by a tag.</param>
    /// <returns>True if the input is authentic; otherwise, false.</returns>
    protected abstract bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext);
}
