using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that read and write a message that fills a vector, such as a case of an extensible union, and that reject invalid tags and cases.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Unions
{
    /// <summary>Tries to read a message that fills a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the message; otherwise, false.</returns>
    public static bool TryReadMessageVector<T>(this scoped ref WireReader reader, int min, int max, [MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        if (reader.TryEnterVector(min, max, out var outer) && reader.TryReadMessage(out message) && reader.TryLeaveVector(outer))
            return true;
        message = default;
        return false;
    }

    /// <summary>Tries to read a message that fills a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the message; otherwise, false.</returns>
    public static bool TryReadMessageVector<T>(this scoped ref WireReader reader, [MaybeNullWhen(false)] out T message)
        where T : IMessage<T>, allows ref struct
    {
        if (reader.TryEnterVector(out var outer) && reader.TryReadMessage(out message) && reader.TryLeaveVector(outer))
            return true;
        message = default;
        return false;
    }

    /// <summary>Rejects the union tag that was just read, because no case has this tag.</summary>
    /// <returns>Always false.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool FailTag<TTag>(this scoped ref WireReader reader, TTag tag)
        where TTag : unmanaged, IFormattable =>
        reader.FailBack(Unsafe.SizeOf<TTag>(), WireErrorReason.UnknownValue, $"the union has no case with the tag {tag.ToString("D", null)}");

    /// <summary>Writes a message as the content of a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or a field is outside its declared bounds.</exception>
    public static void WriteMessageVector<T>(
        this scoped ref WireWriter writer, int min, int max, scoped in T message, [CallerArgumentExpression(nameof(message))] string? name = null)
        where T : IMessage<T>, allows ref struct
    {
        var start = writer.BeginVector(min, max);
        writer.WriteMessage(message, name);
        writer.EndVector(start, min, max);
    }

    /// <summary>Writes a message as the content of a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a field is outside its bounds.</exception>
    public static void WriteMessageVector<T>(
        this scoped ref WireWriter writer, scoped in T message, [CallerArgumentExpression(nameof(message))] string? name = null)
        where T : IMessage<T>, allows ref struct
    {
        var start = writer.BeginVector();
        writer.WriteMessage(message, name);
        writer.EndVector(start);
    }

    /// <summary>Throws because the unknown case of a union has the tag of a declared case: a reader would read the declared case instead.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowDeclaredTag<TTag>(TTag tag)
        where TTag : unmanaged, IFormattable =>
        throw new ArgumentException($"The tag {tag.ToString("D", null)} belongs to a declared case. Write that case instead of the unknown case.");

    /// <summary>Throws because a message is not a case of its union.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowNoCase<TUnion>(TUnion? message)
        where TUnion : class => throw new ArgumentException(message is null
            ? $"A value of the union '{typeof(TUnion).Name}' is null. Set it to one of the cases."
            : $"'{message.GetType().Name}' is not a case of the union '{typeof(TUnion).Name}'. Declare the case with [UnionCase] on the union.");
}
