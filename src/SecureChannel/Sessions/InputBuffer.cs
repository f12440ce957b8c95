using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// A buffer of bytes that were read from a transport and are not yet consumed. While idle, the buffer holds only a small array, in which a short record is
/// processed in place. For more data, the buffer rents a large array from the pool. It zeroes that array before returning it, because the array may contain
/// plaintext. Not thread-safe.
/// </summary>
/// <param name="smallSize">The size of the small array, or 0 to wait for data with a zero-byte read.</param>
/// <param name="largeSize">The size of the large array.</param>
/// <param name="minimumFree">The minimum free space for a read into the large array.</param>
internal sealed class InputBuffer(int smallSize, int largeSize, int minimumFree)
{
    private const int LeastLargeSize = 4096;

    private byte[] _small = Allocate(smallSize);
    private byte[] _large = [];
    private bool _isLarge;
    private bool _wasFilled;
    private int _start;
    private int _end;
    private int _used;

    // The length of consumed bytes in the small array that are still in use, after the buffer changed to the large array.
    private int _retained;

    // The small array with consumed bytes that are still in use, after the buffer changed to another small array.
    private byte[] _retainedSmall = [];

    // A full large array whose consumed bytes are still in use.
    private byte[] _retainedLarge = [];

    /// <summary>Gets the bytes that are not yet consumed.</summary>
    public Memory<byte> Unread => Current.AsMemory(_start, _end - _start);

    /// <summary>
    /// Gets a value that indicates whether the next read will probably wait: all bytes are consumed, and the last read did not fill the buffer.
    /// </summary>
    public bool IsDrained => _start == _end && !_wasFilled;

    /// <summary>Gets a value that indicates whether the buffer has no small array, so that the driver waits for data with a zero-byte read.</summary>
    public bool WaitsWithoutBuffer => smallSize == 0;

    private byte[] Current => _isLarge ? _large : _small;

    /// <summary>Gets the small array, for a read that will probably wait. Invalidates consumed bytes. All bytes must be consumed.</summary>
    public Memory<byte> GetSmallBuffer()
    {
        ClearSmall();
        (_isLarge, _start, _end) = (false, 0, 0);
        return _small;
    }

    /// <summary>Gets the free space of the large array for the next read. Invalidates consumed bytes.</summary>
    public Memory<byte> GetBuffer()
    {
        if (_large.Length < largeSize)
            MoveToLarge(largeSize);
        else if (!_isLarge || _start == _end || _large.Length - _end < minimumFree)
            MoveToLarge(_large.Length);
        return _large.AsMemory(_end);
    }

    /// <summary>
    /// Gets free space for the next read from a peer that is not authenticated: the array grows with the received bytes, to at most four times their number or
    /// 4 KiB. Invalidates consumed bytes.
    /// </summary>
    public Memory<byte> GetGrowingBuffer()
    {
        if (!_isLarge || _start == _end || _end == _large.Length)
            MoveToLarge(Math.Min(largeSize, Math.Max(LeastLargeSize, 2 * (_end - _start))));
        return _large.AsMemory(_end);
    }

    /// <summary>
    /// Gets space for a read that will probably wait while consumed bytes are still in use. Consumed bytes remain valid until <see cref="ReleaseContent"/>. All
    /// bytes must be consumed.
    /// </summary>
    public Memory<byte> GetSmallBufferAfterContent()
    {
        if (_isLarge && _end < _large.Length)
            return _large.AsMemory(_end);
        if (!_isLarge && _end > 0 && _retainedSmall.Length == 0)
        {
            (_retainedSmall, _small) = (_small, Allocate(smallSize));
            (_start, _end) = (0, 0);
        }
        return _isLarge ? default : _small.AsMemory(_end);
    }

    /// <summary>
    /// Gets free space after the bytes in the buffer, for a read while consumed bytes are still in use. Consumed bytes remain valid until
    /// <see cref="ReleaseContent"/>.
    /// </summary>
    /// <param name="mayGrow">True to use a second large array if one is full.</param>
    /// <returns>The free space; empty if the arrays are full.</returns>
    public Memory<byte> GetBufferAfterContent(bool mayGrow = true)
    {
        if (!_isLarge)
        {
            if (_large.Length < largeSize)
            {
                ReturnLarge();
                _large = ArrayPool<byte>.Shared.Rent(largeSize);
            }
            Unread.Span.CopyTo(_large);
            _retained = _end;
            (_isLarge, _start, _end) = (true, 0, _end - _start);
        }
        else if (_end == _large.Length && _retainedLarge.Length == 0 && (mayGrow || _large.Length < largeSize))
        {
            var unread = Unread;
            (_retainedLarge, _large) = (_large, ArrayPool<byte>.Shared.Rent(largeSize));
            unread.Span.CopyTo(_large);
            (_start, _end, _used) = (0, unread.Length, unread.Length);
        }
        return _large.AsMemory(_end);
    }

    /// <summary>Allows the buffer to reuse consumed bytes, because they are no longer in use.</summary>
    public void ReleaseContent()
    {
        CryptographicOperations.ZeroMemory(_small.AsSpan(0, _retained));
        _retained = 0;
        CryptographicOperations.ZeroMemory(_retainedSmall);
        _retainedSmall = [];
        if (_retainedLarge.Length == 0)
            return;
        CryptographicOperations.ZeroMemory(_retainedLarge);
        ArrayPool<byte>.Shared.Return(_retainedLarge);
        _retainedLarge = [];
    }

    /// <summary>Records how many bytes were read into the buffer that <see cref="GetBuffer"/> or <see cref="GetSmallBuffer"/> returned.</summary>
    public void Fill(int count)
    {
        _end += count;
        if (_isLarge)
            _used = Math.Max(_used, _end);
        _wasFilled = _isLarge && _end == _large.Length && _end >= largeSize;
    }

    /// <summary>Consumes bytes. They remain valid until the next read.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Returns the large array to the pool, unless it contains unread bytes.</summary>
    public void ReleaseLarge()
    {
        if (_large.Length == 0 || (_isLarge && _start < _end))
            return;
        ReturnLarge();
        if (_isLarge)
            (_isLarge, _wasFilled, _start, _end) = (false, false, 0, 0);
    }

    /// <summary>Discards all bytes and releases the memory.</summary>
    public void Release()
    {
        ClearSmall();
        ReleaseContent();
        (_start, _end, _wasFilled) = (0, 0, false);
        ReleaseLarge();
    }

    private static byte[] Allocate(int size) => size > 0 ? GC.AllocateArray<byte>(size, pinned: true) : [];

    // Moves the unread bytes to the start of a large array with at least the given size.
    private void MoveToLarge(int size)
    {
        var unread = Unread;
        if (_large.Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(size);
            unread.Span.CopyTo(larger);
            ReturnLarge();
            _large = larger;
        }
        else
        {
            unread.Span.CopyTo(_large);
        }
        ClearSmall();
        (_isLarge, _start, _end, _used) = (true, 0, unread.Length, Math.Max(_used, unread.Length));
    }

    private void ReturnLarge()
    {
        if (_large.Length == 0)
            return;
        CryptographicOperations.ZeroMemory(_large.AsSpan(0, _used));
        ArrayPool<byte>.Shared.Return(_large);
        (_large, _used) = ([], 0);
    }

    private void ClearSmall()
    {
        if (!_isLarge)
            CryptographicOperations.ZeroMemory(_small.AsSpan(0, _end));
    }
}
