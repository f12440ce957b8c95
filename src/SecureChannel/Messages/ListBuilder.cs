using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Gathers the elements of a list while it is read. How many there are is known only at its end: so they wait in a rented array, and the list is allocated
/// once, at its size. A builder that is left behind after a refusal loses its array to the garbage collector.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
public ref struct ListBuilder<T>
{
    private const int FirstSize = 16;

    private readonly int _outer;
    private T[]? _items;
    private int _count;

    internal ListBuilder(int outer) => _outer = outer;

    /// <summary>How many elements there are.</summary>
    public readonly int Count => _count;

    /// <summary>Adds an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        var items = _items;
        if (items is null || _count >= items.Length)
            items = Grow();
        items[_count++] = item;
    }

    /// <summary>The end of what is around the vector.</summary>
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
        // What was read is nobody else's to see.
        Array.Clear(_items, 0, _count);
        ArrayPool<T>.Shared.Return(_items);
    }
}
