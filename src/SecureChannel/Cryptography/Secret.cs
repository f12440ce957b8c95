using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>
/// Bytes that must not be known, in a buffer of their own that never moves in memory. <see cref="Dispose"/> wipes them. Each stage of a key schedule has
/// a type of its own, so that the wrong secret does not compile. Not safe for use by several threads at once.
/// </summary>
public abstract class Secret : IDisposable
{
    private byte[]? _bytes;

    /// <summary>Makes a secret of zeros, to be filled.</summary>
    /// <param name="length">Its length in bytes, at least 1.</param>
    private protected Secret(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _bytes = GC.AllocateArray<byte>(length, pinned: true);
        Length = length;
    }

    /// <summary>The length in bytes.</summary>
    public int Length { get; }

    /// <summary>The secret itself: do not copy it to where it is not wiped.</summary>
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

    /// <summary>The type and the length, never the bytes.</summary>
    public sealed override string ToString() => $"{GetType().Name} of {Length} bytes";
}
