using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>
/// Methods that read and write the entries of a map inside a vector. An entry is a key, followed by a value. The keys are in strictly ascending order of their
/// encoded bytes, so that each map has one encoding.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Maps
{
    /// <summary>Begins an entry, unless the reader is at the end of the vector. Read the key next.</summary>
    /// <returns>True if the vector has another entry; false at its end.</returns>
    public static bool BeginKey(this scoped ref WireReader reader, scoped ref MapKeys keys)
    {
        keys.Start = reader.BytesConsumed;
        return !reader.IsAtEnd;
    }

    /// <summary>Checks that the key that was read is greater than the previous key, and rejects the map otherwise. Read the value next.</summary>
    /// <returns>True if the key is greater than the previous key; otherwise, false.</returns>
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

    /// <summary>Begins an entry. Write the key next. Entries can be written in any order.</summary>
    public static void BeginEntry(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.Begin(writer.BytesWritten);
    }

    /// <summary>Ends the key of an entry. Write the value next.</summary>
    public static void EndKey(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.EndKey(writer.Output, writer.BytesWritten);
    }

    /// <summary>Sorts the entries by their encoded keys. Call this method after the last entry, before the vector is ended.</summary>
    /// <exception cref="ArgumentException">Two keys have the same bytes.</exception>
    public static void EndEntries(this scoped ref WireWriter writer, scoped ref MapEntries entries)
    {
        if (writer.HasWritten)
            entries.End(writer.Output[..writer.BytesWritten]);
        else
            entries.Release();
    }
}
