using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// Grows as bytes come, in arrays of the pool, and has none while it is empty. Not thread-safe.
/// </summary>
/// <param name="holdsPlaintext">Whether arrays are zeroed before they go back.</param>
internal sealed class PooledBuffer(bool holdsPlaintext = true) : IBufferWriter<byte>, IDisposable
{
    private const int LeastSize = 4096;

    private byte[] _array = [];
    private int _expected = LeastSize;

    public int Length { get; private set; }

    public Memory<byte> Written => _array.AsMemory(0, Length);

    public void Advance(int count)
    {
        // Unsigned, a negative number is above every bound.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
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

    /// <summary>Makes room for so many bytes more.</summary>
    public void Reserve(int count)
    {
        if (_array.Length - Length >= Math.Max(count, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + Math.Max(count, 1)), Math.Max(_expected, _array.Length * 2)));
        Written.Span.CopyTo(larger);
        Release();
        _array = larger;
    }

    /// <summary>Forgets what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        if (length == 0)
        {
            Clear();
            return;
        }
        if (holdsPlaintext)
            CryptographicOperations.ZeroMemory(_array.AsSpan(length, Length - length));
        Length = length;
    }

    /// <summary>Forgets the first bytes; what follows moves to their place.</summary>
    public void RemoveFirst(int count)
    {
        _array.AsSpan(count, Length - count).CopyTo(_array);
        Truncate(Length - count);
    }

    /// <summary>Forgets all that was written, and gives the memory back. As much as was used will be asked for at once the next time.</summary>
    public void Clear()
    {
        if (_array.Length > 0)
            _expected = Math.Max(LeastSize, Length);
        Release();
        Length = 0;
    }

    public void Dispose() => Clear();

    private void Release()
    {
        if (_array.Length == 0)
            return;
        if (holdsPlaintext)
            CryptographicOperations.ZeroMemory(_array.AsSpan(0, Length));
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }
}
