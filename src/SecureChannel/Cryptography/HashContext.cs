namespace SecureChannel.Cryptography;

/// <summary>Hashes bytes as they come. Not safe for use by several threads at once.</summary>
public abstract class HashContext : IDisposable
{
    /// <summary>Which function this is.</summary>
    public abstract HashFunction Function { get; }

    /// <summary>Adds bytes.</summary>
    /// <param name="bytes">What to add.</param>
    /// <exception cref="ObjectDisposedException">The hasher was disposed.</exception>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Writes the hash of all bytes so far; more may follow.</summary>
    /// <param name="hash">Where it goes: at least the function's length.</param>
    /// <returns>The number of bytes written: the function's length.</returns>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    /// <exception cref="ObjectDisposedException">The hasher was disposed.</exception>
    public abstract int GetHash(Span<byte> hash);

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
