using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>Grows as bytes come, in arrays of the pool, which are zeroed before they go back: it may hold plaintext. Not thread-safe.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int LeastSize = 4096;

    private byte[] _array = [];

    public int Length { get; private set; }

    public Memory<byte> Written => _array.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Forgets what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        CryptographicOperations.ZeroMemory(_array.AsSpan(length, Length - length));
        Length = length;
    }

    public void Dispose()
    {
        Release();
        Length = 0;
    }

    private void Reserve(int sizeHint)
    {
        if (_array.Length - Length >= Math.Max(sizeHint, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + Math.Max(sizeHint, 1)), Math.Max(LeastSize, _array.Length * 2)));
        Written.Span.CopyTo(larger);
        Release();
        _array = larger;
    }

    private void Release()
    {
        if (_array.Length == 0)
            return;
        CryptographicOperations.ZeroMemory(_array.AsSpan(0, Length));
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }
}
