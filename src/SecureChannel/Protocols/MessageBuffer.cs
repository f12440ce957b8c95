using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace SecureChannel.Protocols;

/// <summary>
/// A buffer of received plaintext. Its capacity is at most twice the number of received bytes, or 4 KiB, and at most 64 KiB above the message limit. It has no
/// array while it is empty. Not thread-safe.
/// </summary>
/// <param name="maxMessageSize">The maximum size of a message body, in bytes.</param>
internal sealed class MessageBuffer(int maxMessageSize)
{
    /// <summary>The maximum number of bytes that a buffer holds beyond the message limit.</summary>
    public const int Overhead = 64 << 10;

    private const int MinimumCapacity = 4096;

    private byte[] _array = [];
    private bool _isPooled;

    /// <summary>Gets the number of bytes in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the capacity, in bytes.</summary>
    public int Capacity => _array.Length;

    /// <summary>Gets the bytes in the buffer.</summary>
    public Memory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Adds bytes at the end.</summary>
    /// <param name="bytes">The bytes to add.</param>
    /// <param name="maxLength">The largest length that the buffer needs, which limits its growth.</param>
    public void Append(ReadOnlySpan<byte> bytes, int maxLength)
    {
        if (bytes.IsEmpty)
            return;
        if (_array.Length - Length < bytes.Length)
            Grow(checked(Length + bytes.Length), maxLength);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Removes the first bytes and moves the remaining bytes to the beginning.</summary>
    /// <param name="count">The number of bytes to remove.</param>
    public void RemoveFirst(int count)
    {
        _array.AsSpan(count, Length - count).CopyTo(_array);
        CryptographicOperations.ZeroMemory(_array.AsSpan(Length - count, count));
        Length -= count;
    }

    /// <summary>Wipes the bytes and releases the array.</summary>
    public void Release()
    {
        CryptographicOperations.ZeroMemory(_array.AsSpan(0, Length));
        if (_isPooled)
            ArrayPool<byte>.Shared.Return(_array);
        (_array, _isPooled, Length) = ([], false, 0);
    }

    private void Grow(int needed, int maxLength)
    {
        var capacity = Math.Max(needed, Math.Min(maxLength, (int)Math.Max(MinimumCapacity, Math.Min(2L * Length, int.MaxValue))));
        // The pool rounds up to a power of two, which may exceed the memory limit.
        var isPooled = BitOperations.RoundUpToPowerOf2((ulong)capacity) <= (ulong)maxMessageSize + Overhead;
        var larger = isPooled ? ArrayPool<byte>.Shared.Rent(capacity) : GC.AllocateUninitializedArray<byte>(capacity);
        Written.Span.CopyTo(larger);
        var length = Length;
        Release();
        (_array, _isPooled, Length) = (larger, isPooled, length);
    }
}
