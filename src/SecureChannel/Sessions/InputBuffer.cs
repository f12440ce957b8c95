using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// What was read from a transport and not consumed yet, in an array of the pool, zeroed before it goes back: it may hold plaintext. Not thread-safe.
/// </summary>
/// <param name="size">How many bytes it has room for.</param>
/// <param name="leastRoom">How many bytes a read has room for at least, though some are left over.</param>
internal sealed class InputBuffer(int size, int leastRoom)
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private int _used;

    /// <summary>What was not consumed.</summary>
    public Memory<byte> Unread => _array.AsMemory(_start, _end - _start);

    /// <summary>Whether the last read left no room: there may be more to read.</summary>
    public bool WasFilled { get; private set; }

    /// <summary>Where the next bytes go. What was consumed is no longer valid.</summary>
    public Memory<byte> GetRoom()
    {
        if (_array.Length == 0)
            _array = ArrayPool<byte>.Shared.Rent(size);
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_array.Length - _end < leastRoom)
        {
            Unread.Span.CopyTo(_array);
            (_start, _end) = (0, _end - _start);
        }
        return _array.AsMemory(_end);
    }

    /// <summary>Bytes have come where <see cref="GetRoom"/> said.</summary>
    public void Fill(int count)
    {
        _end += count;
        _used = Math.Max(_used, _end);
        WasFilled = _end == _array.Length;
    }

    /// <summary>Bytes were used; they stay where they are until the next read.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Gives the memory back, with all that is in it.</summary>
    public void Release()
    {
        if (_array.Length == 0)
            return;
        CryptographicOperations.ZeroMemory(_array.AsSpan(0, _used));
        ArrayPool<byte>.Shared.Return(_array);
        (_array, _start, _end, _used, WasFilled) = ([], 0, 0, 0, false);
    }
}
