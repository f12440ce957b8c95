using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>
/// A secret in pinned memory. <see cref="Dispose"/> wipes it. Each stage of a key schedule has its own type, so that code with the wrong secret does not
/// compile. Not thread-safe.
/// </summary>
public abstract class Secret : IDisposable
{
    private byte[]? _bytes;

    /// <summary>Creates a zero-filled secret. The derived class then writes the secret bytes.</summary>
    /// <param name="length">The length in bytes, at least 1.</param>
    private protected Secret(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _bytes = SensitiveMemory.AllocateKey(length);
        Length = length;
    }

    /// <summary>Gets the length in bytes.</summary>
    public int Length { get; }

    /// <summary>Gets the bytes of the secret. Do not copy them to memory that is not wiped.</summary>
    /// <exception cref="ObjectDisposedException">The secret was wiped.</exception>
    public ReadOnlySpan<byte> Bytes => Writable.Span;

    private protected Memory<byte> Writable => _bytes ?? throw new ObjectDisposedException(GetType().Name, "The secret was wiped.");

    /// <summary>Wipes the secret.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the type and the length, without the secret bytes.</summary>
    public sealed override string ToString() => $"{GetType().Name} of {Length} bytes";

    /// <summary>Fills a new secret with HKDF-Expand-Label, and wipes it if the derivation fails.</summary>
    private protected static TSecret Expand<TSecret>(
        TSecret secret, CryptographyProvider provider, HashFunction hash, Secret from, string prefix, string label, ReadOnlySpan<byte> context)
        where TSecret : Secret
    {
        try
        {
            HkdfLabel.ExpandLabel(provider, hash, from, prefix, label, context, secret.Writable.Span);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }
}
