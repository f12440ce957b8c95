using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write a vector of messages, <c>T v&lt;min..max&gt;</c> or <c>T v&lt;V&gt;</c>, and that enter and leave the vector of any other list.
/// The methods are inlined: their callers know the type of the element, so that its codec is called directly.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Lists
{
    /// <summary>Tries to read an array of messages from a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadArray<T>(this scoped ref WireReader reader, int min, int max, [NotNullWhen(true)] out T[]? messages)
        where T : IMessage<T>
    {
        if (!reader.TryBeginList<T>(min, max, out var elements) || !TryReadElements(ref reader, ref elements))
        {
            messages = null;
            return false;
        }

        messages = reader.EndArray(elements);
        return true;
    }

    /// <summary>Tries to read an array of messages from a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadArray<T>(this scoped ref WireReader reader, [NotNullWhen(true)] out T[]? messages)
        where T : IMessage<T>
    {
        if (!reader.TryBeginList<T>(out var elements) || !TryReadElements(ref reader, ref elements))
        {
            messages = null;
            return false;
        }

        messages = reader.EndArray(elements);
        return true;
    }

    /// <summary>Tries to read a list of messages from a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadList<T>(this scoped ref WireReader reader, int min, int max, [NotNullWhen(true)] out List<T>? messages)
        where T : IMessage<T>
    {
        if (!reader.TryBeginList<T>(min, max, out var elements) || !TryReadElements(ref reader, ref elements))
        {
            messages = null;
            return false;
        }

        messages = reader.EndList(elements);
        return true;
    }

    /// <summary>Tries to read a list of messages from a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadList<T>(this scoped ref WireReader reader, [NotNullWhen(true)] out List<T>? messages)
        where T : IMessage<T>
    {
        if (!reader.TryBeginList<T>(out var elements) || !TryReadElements(ref reader, ref elements))
        {
            messages = null;
            return false;
        }

        messages = reader.EndList(elements);
        return true;
    }

    /// <summary>Tries to enter a vector of <paramref name="min"/> to <paramref name="max"/> bytes, and creates a builder for its elements.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBeginList<T>(this scoped ref WireReader reader, int min, int max, out ListBuilder<T> elements)
    {
        var isEntered = reader.TryEnterVector(min, max, out var outer);
        elements = new ListBuilder<T>(outer);
        return isEntered;
    }

    /// <summary>Tries to enter a vector whose length is a variable-size integer, and creates a builder for its elements.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBeginList<T>(this scoped ref WireReader reader, out ListBuilder<T> elements)
    {
        var isEntered = reader.TryEnterVector(out var outer);
        elements = new ListBuilder<T>(outer);
        return isEntered;
    }

    /// <summary>Leaves a vector, which must have been read to its end, and returns the elements. The builder cannot be used again.</summary>
    public static T[] EndArray<T>(this scoped ref WireReader reader, scoped ListBuilder<T> elements)
    {
        reader.TryLeaveVector(elements.Outer);
        return elements.ToArray();
    }

    /// <summary>Leaves a vector, which must have been read to its end, and returns the elements. The builder cannot be used again.</summary>
    public static List<T> EndList<T>(this scoped ref WireReader reader, scoped ListBuilder<T> elements)
    {
        reader.TryLeaveVector(elements.Outer);
        return elements.ToList();
    }

    /// <summary>Writes messages as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(this scoped ref WireWriter writer, int min, int max, scoped ReadOnlySpan<T> messages)
        where T : IMessage<T>
    {
        var start = writer.BeginVector(min, max);
        foreach (ref readonly var message in messages)
            writer.WriteElement(message);
        writer.EndVector(start, min, max);
    }

    /// <summary>Writes messages as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(this scoped ref WireWriter writer, scoped ReadOnlySpan<T> messages)
        where T : IMessage<T>
    {
        var start = writer.BeginVector();
        foreach (ref readonly var message in messages)
            writer.WriteElement(message);
        writer.EndVector(start);
    }

    /// <summary>Writes messages as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, the list is null, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(
        this scoped ref WireWriter writer, int min, int max, List<T> messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => writer.WriteMessages<T>(min, max, CollectionsMarshal.AsSpan(messages.Required(name)));

    /// <summary>Writes messages as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, the list is null, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(this scoped ref WireWriter writer, List<T> messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => writer.WriteMessages<T>(CollectionsMarshal.AsSpan(messages.Required(name)));

    /// <summary>Writes messages as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, the array is null, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(
        this scoped ref WireWriter writer, int min, int max, T[] messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => writer.WriteMessages<T>(min, max, messages.Required(name).AsSpan());

    /// <summary>Writes messages as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, the array is null, or a message is null or has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteMessages<T>(this scoped ref WireWriter writer, T[] messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => writer.WriteMessages<T>(messages.Required(name).AsSpan());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadElements<T>(scoped ref WireReader reader, scoped ref ListBuilder<T> elements)
        where T : IMessage<T>
    {
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadElement<T>(out var message))
                return reader.FailAt(elements.Count);
            elements.Add(message);
        }

        return true;
    }
}
