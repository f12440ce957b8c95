namespace SecureChannel.Cryptography;

/// <summary>An incremental hash computation. Not thread-safe.</summary>
public abstract class HashContext : IDisposable
{
    /// <summary>Gets the hash function.</summary>
    public abstract HashFunction Function { get; }

    /// <summary>Appends bytes to the hashed data.</summary>
    /// <param name="bytes">The bytes to append.</param>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Writes the hash of all bytes that were appended so far. More bytes may be appended afterwards.</summary>
    /// <param name="hash">The output buffer, at least as long as the hash.</param>
    /// <returns>The number of bytes written, which is the length of the hash.</returns>
    /// <exception cref="ArgumentException">The output buffer is too short.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public abstract int GetHash(Span<byte> hash);

    /// <summary>Releases the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the state.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
