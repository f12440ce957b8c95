using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.CompilerServices;

/// <summary>The positions of the entries of a map while the map is written; see <see cref="Maps"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815", Justification = "The state of a loop, which is never compared.")]
public struct MapEntries
{
    // For each entry: the position of its beginning, and the position of the end of its key.
    private int[]? _marks;
    private int _count;
    private bool _isUnsorted;

    internal void Begin(int position)
    {
        if (_marks is null || 2 * _count == _marks.Length)
        {
            var longer = ArrayPool<int>.Shared.Rent(Math.Max(64, 4 * _count));
            _marks.AsSpan(0, 2 * _count).CopyTo(longer);
            Release();
            _marks = longer;
        }

        _marks[2 * _count] = position;
    }

    internal void EndKey(ReadOnlySpan<byte> bytes, int position)
    {
        var i = 2 * _count++;
        _marks![i + 1] = position;
        if (!_isUnsorted && i > 0 && bytes[_marks[i - 2].._marks[i - 1]].SequenceCompareTo(bytes[_marks[i]..position]) >= 0)
            _isUnsorted = true;
    }

    /// <summary>Sorts the entries by their encoded keys.</summary>
    /// <param name="bytes">The bytes that were written, up to the end of the last entry.</param>
    /// <exception cref="ArgumentException">Two keys have the same bytes.</exception>
    internal void End(Span<byte> bytes)
    {
        if (_isUnsorted)
            Sort(bytes);
        Release();
    }

    internal void Release()
    {
        if (_marks is not null)
            ArrayPool<int>.Shared.Return(_marks);
        _marks = null;
    }

    private readonly void Sort(Span<byte> bytes)
    {
        var start = _marks![0];
        var entries = bytes[start..];
        var copy = ArrayPool<byte>.Shared.Rent(entries.Length);
        var order = ArrayPool<int>.Shared.Rent(_count);
        entries.CopyTo(copy);
        for (var i = 0; i < _count; i++)
            order[i] = i;
        var keys = new KeyOrder(copy, _marks, start);
        Array.Sort(order, 0, _count, keys);

        var position = 0;
        for (var i = 0; i < _count; i++)
        {
            if (i > 0 && keys.Compare(order[i - 1], order[i]) == 0)
                throw new ArgumentException("The map contains two keys that have the same bytes. Each key must have a different encoding.");
            var begin = _marks[2 * order[i]] - start;
            var end = order[i] + 1 < _count ? _marks[2 * (order[i] + 1)] - start : entries.Length;
            copy.AsSpan(begin, end - begin).CopyTo(entries[position..]);
            position += end - begin;
        }

        copy.AsSpan(0, entries.Length).Clear();
        ArrayPool<byte>.Shared.Return(copy);
        ArrayPool<int>.Shared.Return(order);
    }

    private sealed class KeyOrder(byte[] entries, int[] marks, int start) : IComparer<int>
    {
        public int Compare(int x, int y) => KeyOf(x).SequenceCompareTo(KeyOf(y));

        private ReadOnlySpan<byte> KeyOf(int entry) => entries.AsSpan(marks[2 * entry] - start, marks[(2 * entry) + 1] - marks[2 * entry]);
    }
}
