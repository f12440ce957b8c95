using System.Diagnostics.CodeAnalysis;
using SecureChannel.CompilerServices;

namespace SecureChannel.Messages;

public ref partial struct WireReader
{
    /// <summary>Begins to read the entries of a map, inside its vector: each a key and a value.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Generated code has a reader at hand, and no need of another name.")]
    public readonly MapKeys BeginKeys() => default;

    /// <summary>Begins to read a key of a map, inside the map's vector.</summary>
    /// <returns>Whether there is one; false at the end of the vector.</returns>
    public readonly bool BeginKey(scoped ref MapKeys keys)
    {
        keys.Start = _position;
        return !IsAtEnd;
    }

    /// <summary>Ends the reading of a key: the keys of a map are strictly ascending in the order of their encoded bytes, so that a map has one encoding.</summary>
    /// <returns>False if the key does not come after the one before it, or is the same.</returns>
    public bool EndKey(scoped ref MapKeys keys)
    {
        if (keys.HasPrevious)
        {
            var order = _bytes[keys.PreviousStart..keys.PreviousEnd].SequenceCompareTo(_bytes[keys.Start.._position]);
            if (order >= 0)
                return FailBack(_position - keys.Start, WireErrorReason.NotAscending, order == 0 ? "a map has the same key twice" : null);
        }

        (keys.HasPrevious, keys.PreviousStart, keys.PreviousEnd) = (true, keys.Start, _position);
        return true;
    }
}
