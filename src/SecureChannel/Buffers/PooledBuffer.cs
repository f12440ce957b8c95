using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>A growing buffer of bytes in an array of the shared pool. It has no array while it is empty. Not thread-safe.</summary>
/// <param name="holdsPlaintext">True to zero the array before it is returned to the pool; otherwise, false.</param>
internal sealed class PooledBuffer(bool holdsPlaintext = true) : IBufferWriter<byte>, IDisposable
{
    private const int LeastSize = 4096;

    private byte[] _array = [];
    private int _expected = LeastSize;

    // The number of bytes at the start of the array that a caller may have written, including those that it did not advance over or that were removed.
    private int _used;

    /// <summary>Gets the number of bytes that were written.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the bytes that were written.</summary>
    public Memory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Gets the number of bytes at the start of the array that may have been written.</summary>
    public int Used => _used;

    public void Advance(int count)
    {
        // Unsigned, a negative number exceeds every bound.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
        Length += count;
    }

    /// <summary>Adds bytes that were written into <see cref="GetSpan"/>, and nothing beyond them, so that only they have to be zeroed.</summary>
    /// <param name="count">The number of bytes.</param>
    /// <param name="used">The value of <see cref="Used"/> before the span was requested.</param>
    public void AdvanceExactly(int count, int used)
    {
        Advance(count);
        _used = Math.Max(used, Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        _used = _array.Length;
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        _used = _array.Length;
        return _array.AsSpan(Length);
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
        _used = Math.Max(_used, Length);
    }

    /// <summary>Ensures that the array has room for <paramref name="count"/> more bytes.</summary>
    public void Reserve(int count)
    {
        if (_array.Length - Length >= Math.Max(count, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + Math.Max(count, 1)), Math.Max(_expected, _array.Length * 2)));
        Written.Span.CopyTo(larger);
        Release();
        (_array, _used) = (larger, Length);
    }

    /// <summary>Removes all bytes after the first <paramref name="length"/> bytes.</summary>
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

    /// <summary>Removes the first <paramref name="count"/> bytes and moves the remaining bytes to the beginning.</summary>
    public void RemoveFirst(int count)
    {
        _array.AsSpan(count, Length - count).CopyTo(_array);
        Truncate(Length - count);
    }

    /// <summary>Removes all bytes and returns the array to the pool. The next rented array has room for at least as many bytes as were removed.</summary>
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
        SensitiveMemory.Return(_array, holdsPlaintext ? _used : 0);
        (_array, _used) = ([], 0);
    }
}
