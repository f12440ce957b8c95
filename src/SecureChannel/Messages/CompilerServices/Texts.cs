using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Methods that read and write a vector of UTF-8 strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c> or <c>opaque&lt;V&gt; v&lt;V&gt;</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Texts
{
    /// <summary>Tries to read an array of strings from a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadStringArray(this scoped ref WireReader reader, int min, int max, [NotNullWhen(true)] out string[]? texts)
    {
        texts = reader.TryBeginList<string>(min, max, out var elements) && TryReadStrings(ref reader, ref elements) ? reader.EndArray(elements) : null;
        return texts is not null;
    }

    /// <summary>Tries to read an array of strings from a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadStringArray(this scoped ref WireReader reader, [NotNullWhen(true)] out string[]? texts)
    {
        texts = reader.TryBeginList<string>(out var elements) && TryReadStrings(ref reader, ref elements) ? reader.EndArray(elements) : null;
        return texts is not null;
    }

    /// <summary>Tries to read a list of strings from a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadStringList(this scoped ref WireReader reader, int min, int max, [NotNullWhen(true)] out List<string>? texts)
    {
        texts = reader.TryBeginList<string>(min, max, out var elements) && TryReadStrings(ref reader, ref elements) ? reader.EndList(elements) : null;
        return texts is not null;
    }

    /// <summary>Tries to read a list of strings from a vector whose length is a variable-size integer.</summary>
    /// <returns>True if the input contains the vector; otherwise, false.</returns>
    public static bool TryReadStringList(this scoped ref WireReader reader, [NotNullWhen(true)] out List<string>? texts)
    {
        texts = reader.TryBeginList<string>(out var elements) && TryReadStrings(ref reader, ref elements) ? reader.EndList(elements) : null;
        return texts is not null;
    }

    /// <summary>Writes strings as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, or a string is null or contains an unpaired surrogate.</exception>
    public static void WriteStrings(this scoped ref WireWriter writer, int min, int max, scoped ReadOnlySpan<string> texts)
    {
        var start = writer.BeginVector(min, max);
        foreach (var text in texts)
            writer.WriteString(text, null);
        writer.EndVector(start, min, max);
    }

    /// <summary>Writes strings as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a string is null or contains an unpaired surrogate.</exception>
    public static void WriteStrings(this scoped ref WireWriter writer, scoped ReadOnlySpan<string> texts)
    {
        var start = writer.BeginVector();
        foreach (var text in texts)
            writer.WriteString(text, null);
        writer.EndVector(start);
    }

    /// <summary>Writes strings as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">The size is outside the bounds, the list is null, or a string is null or contains an unpaired surrogate.</exception>
    public static void WriteStrings(
        this scoped ref WireWriter writer, int min, int max, List<string> texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        writer.WriteStrings(min, max, CollectionsMarshal.AsSpan(texts.Required(name)));

    /// <summary>Writes strings as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">
    /// The size is above 2^30 - 1 bytes, the list is null, or a string is null or contains an unpaired surrogate.
    /// </exception>
    public static void WriteStrings(this scoped ref WireWriter writer, List<string> texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        writer.WriteStrings(CollectionsMarshal.AsSpan(texts.Required(name)));

    /// <summary>Writes strings as a vector of <paramref name="min"/> to <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentException">
    /// The size is outside the bounds, the array is null, or a string is null or contains an unpaired surrogate.
    /// </exception>
    public static void WriteStrings(
        this scoped ref WireWriter writer, int min, int max, string[] texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        writer.WriteStrings(min, max, texts.Required(name).AsSpan());

    /// <summary>Writes strings as a vector whose length is a variable-size integer.</summary>
    /// <exception cref="ArgumentException">
    /// The size is above 2^30 - 1 bytes, the array is null, or a string is null or contains an unpaired surrogate.
    /// </exception>
    public static void WriteStrings(this scoped ref WireWriter writer, string[] texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        writer.WriteStrings(texts.Required(name).AsSpan());

    private static bool TryReadStrings(scoped ref WireReader reader, scoped ref ListBuilder<string> elements)
    {
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadString(out var text))
                return reader.FailAt(elements.Count);
            elements.Add(text);
        }

        return true;
    }
}
