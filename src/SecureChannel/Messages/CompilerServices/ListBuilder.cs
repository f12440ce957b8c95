using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// A builder that collects the elements of a list while the list is read. The number of elements is known only at the end of the list. The builder therefore
/// stores the elements in a rented array, and allocates the list once, with its final size. A builder that is abandoned after a failure does not return its
/// array to the pool.
/// </summary>
/// <typeparam name="T">The type of the elements.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct ListBuilder<T>
{
    private const int FirstSize = 16;

    private readonly int _outer;
    private T[]? _items;
    private int _count;

    internal ListBuilder(int outer) => _outer = outer;

    /// <summary>Gets the number of elements.</summary>
    public readonly int Count => _count;

    /// <summary>Adds an element.</summary>
    /// <param name="item">The element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        var items = _items;
        if (items is null || _count >= items.Length)
            items = Grow();
        items[_count++] = item;
    }

    /// <summary>Gets the value to pass to <see cref="WireReader.TryLeaveVector"/>.</summary>
    internal readonly int Outer => _outer;

    internal T[] ToArray()
    {
        T[] array = _items is null ? [] : _items.AsSpan(0, _count).ToArray();
        Return();
        return array;
    }

    internal List<T> ToList()
    {
        var list = new List<T>(_count);
        CollectionsMarshal.SetCount(list, _count);
        _items.AsSpan(0, _count).CopyTo(CollectionsMarshal.AsSpan(list));
        Return();
        return list;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T[] Grow()
    {
        var larger = ArrayPool<T>.Shared.Rent(_items is null ? FirstSize : 2 * _items.Length);
        _items.AsSpan().CopyTo(larger);
        Return();
        return _items = larger;
    }

    private readonly void Return()
    {
        if (_items is null)
            return;
        // The elements may be secret, and the next user of the array is unknown.
        Array.Clear(_items, 0, _count);
        ArrayPool<T>.Shared.Return(_items);
    }
}
