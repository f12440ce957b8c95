using System.Runtime.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Writes a message as the content of a vector, <c>opaque v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, or a field lies outside its own.</exception>
    public void WriteMessageVector<T>(int min, int max, scoped in T message, [CallerArgumentExpression(nameof(message))] string? name = null)
        where T : IMessage<T>, allows ref struct
    {
        var start = BeginVector(min, max);
        WriteMessage(message, name);
        EndVector(start, min, max);
    }

    /// <summary>Writes a message as the content of a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a field lies outside its bound.</exception>
    public void WriteMessageVector<T>(scoped in T message, [CallerArgumentExpression(nameof(message))] string? name = null)
        where T : IMessage<T>, allows ref struct
    {
        var start = BeginVector();
        WriteMessage(message, name);
        EndVector(start);
    }

    /// <summary>Refuses to write the unknown case of a union with a tag that a declared case has: it would be read as that case.</summary>
    /// <param name="tag">The tag: an integer or an enum.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowDeclaredTag<TTag>(TTag tag)
        where TTag : unmanaged, IFormattable =>
        throw new ArgumentException($"The tag {tag.ToString("D", null)} belongs to a declared case: write that case instead of an unknown one.");

    /// <summary>Refuses to write a message that is no case of its union.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowNoCase<TUnion>(TUnion? message)
        where TUnion : class => throw new ArgumentException($"{message?.GetType().Name ?? "null"} is no case of {typeof(TUnion).Name}.");
}
