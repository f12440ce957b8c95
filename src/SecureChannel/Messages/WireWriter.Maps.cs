using System.Diagnostics.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireWriter
{
    /// <summary>Begins the entries of a map, inside its vector: each a key and a value, in any order.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Generated code has a writer at hand, and no need of another name.")]
    public readonly MapEntries BeginEntries() => default;

    /// <summary>Begins an entry of a map, inside the map's vector: its key is written next.</summary>
    public readonly void BeginEntry(scoped ref MapEntries entries)
    {
        if (HasWritten)
            entries.Begin(_position);
    }

    /// <summary>Ends the key of an entry: its value is written next.</summary>
    public readonly void EndKey(scoped ref MapEntries entries)
    {
        if (HasWritten)
            entries.EndKey(_bytes, _position);
    }

    /// <summary>Ends the entries of a map, before the vector is ended: brings them in ascending order of their encoded keys, so that a map has one encoding.</summary>
    /// <exception cref="ArgumentException">Two keys have the same bytes.</exception>
    public readonly void EndEntries(scoped ref MapEntries entries)
    {
        if (HasWritten)
            entries.End(_bytes[.._position]);
        else
            entries.Release();
    }
}
