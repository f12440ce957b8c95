using System.Diagnostics.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Messages;

// A list of strings, each opaque<V> of UTF-8.
public ref partial struct WireReader
{
    /// <summary>Reads a vector of strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c>, as an array.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="texts">The strings.</param>
    public bool TryReadStringArray(int min, int max, [NotNullWhen(true)] out string[]? texts)
    {
        texts = TryBeginList<string>(min, max, out var elements) && TryReadStrings(ref elements) ? EndArray(elements) : null;
        return texts is not null;
    }

    /// <summary>Reads a vector of strings, <c>opaque&lt;V&gt; v&lt;V&gt;</c>, as an array.</summary>
    /// <param name="texts">The strings.</param>
    public bool TryReadStringArray([NotNullWhen(true)] out string[]? texts)
    {
        texts = TryBeginList<string>(out var elements) && TryReadStrings(ref elements) ? EndArray(elements) : null;
        return texts is not null;
    }

    /// <summary>Reads a vector of strings, <c>opaque&lt;V&gt; v&lt;min..max&gt;</c>, as a list.</summary>
    /// <param name="min">The least size in bytes.</param>
    /// <param name="max">The greatest size in bytes, from which the width of the length prefix follows; if equal to <paramref name="min"/>, there is none.</param>
    /// <param name="texts">The strings.</param>
    public bool TryReadStringList(int min, int max, [NotNullWhen(true)] out List<string>? texts)
    {
        texts = TryBeginList<string>(min, max, out var elements) && TryReadStrings(ref elements) ? EndList(elements) : null;
        return texts is not null;
    }

    /// <summary>Reads a vector of strings, <c>opaque&lt;V&gt; v&lt;V&gt;</c>, as a list.</summary>
    /// <param name="texts">The strings.</param>
    public bool TryReadStringList([NotNullWhen(true)] out List<string>? texts)
    {
        texts = TryBeginList<string>(out var elements) && TryReadStrings(ref elements) ? EndList(elements) : null;
        return texts is not null;
    }

    private bool TryReadStrings(scoped ref ListBuilder<string> elements)
    {
        while (!IsAtEnd)
        {
            if (!TryReadString(out var text))
                return Fail(elements.Count);
            elements.Add(text);
        }

        return true;
    }
}
