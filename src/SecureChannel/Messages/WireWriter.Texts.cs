using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.Messages;

// A list of strings, each opaque<V> of UTF-8.
public ref partial struct WireWriter
{
    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, or a string is null or holds half of a surrogate pair.</exception>
    public void WriteStrings(int min, int max, scoped ReadOnlySpan<string> texts)
    {
        var start = BeginVector(min, max);
        foreach (var text in texts)
            WriteString(text, null);
        EndVector(start, min, max);
    }

    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;V&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, or a string is null or holds half of a surrogate pair.</exception>
    public void WriteStrings(scoped ReadOnlySpan<string> texts)
    {
        var start = BeginVector();
        foreach (var text in texts)
            WriteString(text, null);
        EndVector(start);
    }

    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, a string is null or holds half of a surrogate pair, or there is no list.</exception>
    public void WriteStrings(int min, int max, List<string> texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        WriteStrings(min, max, CollectionsMarshal.AsSpan(Required(texts, name)));

    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;V&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, a string is null or holds half of a surrogate pair, or there is no list.</exception>
    public void WriteStrings(List<string> texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        WriteStrings(CollectionsMarshal.AsSpan(Required(texts, name)));

    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size lies outside the bound, a string is null or holds half of a surrogate pair, or there is no array.</exception>
    public void WriteStrings(int min, int max, string[] texts, [CallerArgumentExpression(nameof(texts))] string? name = null) =>
        WriteStrings(min, max, Required(texts, name).AsSpan());

    /// <summary>Writes a vector of strings, <c>opaque&lt;V&gt; v&lt;V&gt;</c>.</summary>
    /// <exception cref="ArgumentException">The size is above 2^30 - 1 bytes, a string is null or holds half of a surrogate pair, or there is no array.</exception>
    public void WriteStrings(string[] texts, [CallerArgumentExpression(nameof(texts))] string? name = null) => WriteStrings(Required(texts, name).AsSpan());
}
