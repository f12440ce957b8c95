using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Reads and writes the entries of a map, inside a vector: each is a key and a value. The keys are strictly ascending in the order of their encoded bytes, so
/// that a map has one encoding.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Maps
{
    /// <summary>Begins to read a key.</summary>
    /// <returns>True if the vector has another entry; false at its end.</returns>
    public static bool BeginKey(this scoped ref WireReader reader, scoped ref MapKeys keys)
    {
        keys.Start = reader.BytesConsumed;
        return !reader.IsAtEnd;
    }

    /// <summary>Ends the reading of a key.</summary>
    /// <returns>True if the key is greater than the one before it; otherwise, false.</returns>
    public static bool EndKey(this scoped ref WireReader reader, scoped ref MapKeys keys)
    {
        var end = reader.BytesConsumed;
        if (keys.HasPrevious)
        {
            var order = reader.Input[keys.PreviousStart..keys.PreviousEnd].SequenceCompareTo(reader.Input[keys.Start..end]);
            if (order >= 0)
                return reader.FailBack(end - keys.Start, WireErrorReason.NotAscending, order == 0 ? "the map contains the same key twice" : null);
        }

        (keys.HasPrevious, keys.PreviousStart, keys.PreviousEnd) = (true, keys.Start, end);
        return true;
    }

    /// <summary>Begins to write an entry. Entries can be written in any order. The key is written next.</summary>
    public static void BeginEntry(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.Begin(writer.BytesWritten);
    }

    /// <summary>Ends the key of an entry. The value is written next.</summary>
    public static void EndKey(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.EndKey(writer.Output, writer.BytesWritten);
    }

    /// <summary>Ends the entries, before the vector is ended: sorts them by their encoded keys.</summary>
    /// <exception cref="ArgumentException">Two keys have the same bytes.</exception>
    public static void EndEntries(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.End(writer.Output[..writer.BytesWritten]);
        else
            entries.Release();
    }
}
