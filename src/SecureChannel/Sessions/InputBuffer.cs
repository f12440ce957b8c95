using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// What was read from a transport and not consumed yet. Bytes that are waited for come into a small array that the buffer always has, where a short record is
/// used as it lies; for more there is an array of the pool, which is zeroed before it goes back, since it may hold plaintext. Not thread-safe.
/// </summary>
/// <param name="smallSize">The room for bytes that are waited for; 0 if they are waited for with none.</param>
/// <param name="largeSize">The room for what follows them.</param>
/// <param name="leastRoom">The room that a read has at least, though bytes are left over.</param>
internal sealed class InputBuffer(int smallSize, int largeSize, int leastRoom)
{
    private readonly byte[] _small = smallSize > 0 ? GC.AllocateArray<byte>(smallSize, pinned: true) : [];
    private byte[] _large = [];
    private bool _isLarge;
    private bool _wasFilled;
    private int _start;
    private int _end;
    private int _used;

    /// <summary>What was not consumed.</summary>
    public Memory<byte> Unread => Current.AsMemory(_start, _end - _start);

    /// <summary>Whether nobody knows when more comes: all was consumed, and the last read had room for more than there was.</summary>
    public bool IsDrained => _start == _end && !_wasFilled;

    /// <summary>Whether bytes are waited for without room for any.</summary>
    public bool WaitsWithoutRoom => smallSize == 0;

    private byte[] Current => _isLarge ? _large : _small;

    /// <summary>Where bytes go that are waited for. What was consumed is no longer valid; nothing else may be there.</summary>
    public Memory<byte> GetSmallRoom()
    {
        ClearSmall();
        (_isLarge, _start, _end) = (false, 0, 0);
        return _small;
    }

    /// <summary>Where the next bytes go. What was consumed is no longer valid.</summary>
    public Memory<byte> GetRoom()
    {
        if (_large.Length == 0)
            _large = ArrayPool<byte>.Shared.Rent(largeSize);
        if (!_isLarge || _start == _end || _large.Length - _end < leastRoom)
        {
            Unread.Span.CopyTo(_large);
            ClearSmall();
            (_isLarge, _start, _end) = (true, 0, _end - _start);
        }
        return _large.AsMemory(_end);
    }

    /// <summary>Bytes have come where <see cref="GetRoom"/> or <see cref="GetSmallRoom"/> said.</summary>
    public void Fill(int count)
    {
        _end += count;
        if (_isLarge)
            _used = Math.Max(_used, _end);
        _wasFilled = _isLarge && _end == _large.Length;
    }

    /// <summary>Bytes were used; they stay where they are until the next read.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Gives the large array back, unless bytes in it are unread.</summary>
    public void ReleaseLarge()
    {
        if (_large.Length == 0 || (_isLarge && _start < _end))
            return;
        CryptographicOperations.ZeroMemory(_large.AsSpan(0, _used));
        ArrayPool<byte>.Shared.Return(_large);
        (_large, _used) = ([], 0);
        if (_isLarge)
            (_isLarge, _wasFilled, _start, _end) = (false, false, 0, 0);
    }

    /// <summary>Forgets all that was read, and gives the memory back.</summary>
    public void Release()
    {
        ClearSmall();
        (_start, _end, _wasFilled) = (0, 0, false);
        ReleaseLarge();
    }

    private void ClearSmall()
    {
        if (!_isLarge)
            CryptographicOperations.ZeroMemory(_small.AsSpan(0, _end));
    }
}
