using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// A list of messages, T v<min..max> or T v<V>. Its methods go into their callers: there the element's type is known, so that its codec is called directly.
public ref partial struct WireWriter
{
    /// <summary>Writes a vector of messages, <c>T v&lt;min..max&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound, or a message has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(int min, int max, scoped ReadOnlySpan<T> messages)
        where T : IMessage<T>
    {
        var start = BeginVector(min, max);
        foreach (ref readonly var message in messages)
            WriteElement(message);
        EndVector(start, min, max);
    }

    /// <summary>Writes a vector of messages, <c>T v&lt;V&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a message has no bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(scoped ReadOnlySpan<T> messages)
        where T : IMessage<T>
    {
        var start = BeginVector();
        foreach (ref readonly var message in messages)
            WriteElement(message);
        EndVector(start);
    }

    /// <summary>Writes a vector of messages, <c>T v&lt;min..max&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound, a message has no bytes, or there is no list.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(int min, int max, List<T> messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T>
    {
        WriteMessages(min, max, CollectionsMarshal.AsSpan(Required(messages, name)));
    }

    /// <summary>Writes a vector of messages, <c>T v&lt;V&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, a message has no bytes, or there is no list.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(List<T> messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T>
    {
        WriteMessages(CollectionsMarshal.AsSpan(Required(messages, name)));
    }

    /// <summary>Writes a vector of messages, <c>T v&lt;min..max&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size lies outside the bound, a message has no bytes, or there is no array.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(int min, int max, T[] messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => WriteMessages<T>(min, max, Required(messages, name).AsSpan());

    /// <summary>Writes a vector of messages, <c>T v&lt;V&gt;</c>.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, a message has no bytes, or there is no array.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessages<T>(T[] messages, [CallerArgumentExpression(nameof(messages))] string? name = null)
        where T : IMessage<T> => WriteMessages<T>(Required(messages, name).AsSpan());
}
