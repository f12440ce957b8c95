using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureChannel.CompilerServices;

namespace SecureChannel.Messages;

// A list of messages, T v<min..max> or T v<V>. Its methods go into their callers: there the element's type is known, so that its codec is called directly.
public ref partial struct WireReader
{
    /// <summary>Reads a vector of messages, <c>T v&lt;min..max&gt;</c>, as an array.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="messages">The messages.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadArray<T>(int min, int max, [NotNullWhen(true)] out T[]? messages)
        where T : IMessage<T>
    {
        if (!TryBeginList<T>(min, max, out var elements) || !TryReadElements(ref elements))
        {
            messages = null;
            return false;
        }

        messages = EndArray(elements);
        return true;
    }

    /// <summary>Reads a vector of messages, <c>T v&lt;V&gt;</c>, as an array.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="messages">The messages.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadArray<T>([NotNullWhen(true)] out T[]? messages)
        where T : IMessage<T>
    {
        if (!TryBeginList<T>(out var elements) || !TryReadElements(ref elements))
        {
            messages = null;
            return false;
        }

        messages = EndArray(elements);
        return true;
    }

    /// <summary>Reads a vector of messages, <c>T v&lt;min..max&gt;</c>, as a list.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="messages">The messages.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadList<T>(int min, int max, [NotNullWhen(true)] out List<T>? messages)
        where T : IMessage<T>
    {
        if (!TryBeginList<T>(min, max, out var elements) || !TryReadElements(ref elements))
        {
            messages = null;
            return false;
        }

        messages = EndList(elements);
        return true;
    }

    /// <summary>Reads a vector of messages, <c>T v&lt;V&gt;</c>, as a list.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="messages">The messages.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadList<T>([NotNullWhen(true)] out List<T>? messages)
        where T : IMessage<T>
    {
        if (!TryBeginList<T>(out var elements) || !TryReadElements(ref elements))
        {
            messages = null;
            return false;
        }

        messages = EndList(elements);
        return true;
    }

    /// <summary>Enters a vector of <paramref name="min"/> to <paramref name="max"/> bytes and begins to gather its elements: until all are there, the input ends where the vector does.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="elements">What gathers them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginList<T>(int min, int max, out ListBuilder<T> elements)
    {
        var isEntered = TryEnterVector(min, max, out var outer);
        elements = new ListBuilder<T>(outer);
        return isEntered;
    }

    /// <summary>Enters a vector whose length is a variable-size integer and begins to gather its elements: until all are there, the input ends where the vector does.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="elements">What gathers them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginList<T>(out ListBuilder<T> elements)
    {
        var isEntered = TryEnterVector(out var outer);
        elements = new ListBuilder<T>(outer);
        return isEntered;
    }

    /// <summary>Leaves a vector of which nothing is left.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="elements">What gathered its elements, and is used up.</param>
    /// <returns>The elements.</returns>
    public T[] EndArray<T>(scoped ListBuilder<T> elements)
    {
        TryLeaveVector(elements.Outer);
        return elements.ToArray();
    }

    /// <summary>Leaves a vector of which nothing is left.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="elements">What gathered its elements, and is used up.</param>
    /// <returns>The elements.</returns>
    public List<T> EndList<T>(scoped ListBuilder<T> elements)
    {
        TryLeaveVector(elements.Outer);
        return elements.ToList();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadElements<T>(scoped ref ListBuilder<T> elements)
        where T : IMessage<T>
    {
        while (!IsAtEnd)
        {
            if (!TryReadElement<T>(out var message))
                return Fail(elements.Count);
            elements.Add(message);
        }

        return true;
    }
}
