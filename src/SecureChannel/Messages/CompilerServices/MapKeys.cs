using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecureChannel.CompilerServices;

/// <summary>The positions of the keys of a map while the map is read; see <see cref="Maps"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815", Justification = "The state of a loop, which is never compared.")]
public struct MapKeys
{
    internal int PreviousStart;
    internal int PreviousEnd;
    internal int Start;
    internal bool HasPrevious;

    /// <summary>
    /// Creates a dictionary for keys that the peer chooses. The hashes are keyed and cannot be predicted, so that no choice of keys makes the dictionary slow
    /// (CWE-407).
    /// </summary>
    /// <typeparam name="TKey">A string, or a value type without padding.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <returns>An empty dictionary.</returns>
    public static Dictionary<TKey, TValue> CreateDictionary<TKey, TValue>()
        where TKey : notnull => new(KeyComparer<TKey>.Instance);

    private sealed class KeyComparer<TKey> : IEqualityComparer<TKey>
        where TKey : notnull
    {
        // The hash of a string in .NET is keyed, and Dictionary uses it as soon as keys collide.
        public static readonly IEqualityComparer<TKey>? Instance = typeof(TKey).IsValueType ? new KeyComparer<TKey>() : null;

        public bool Equals(TKey? x, TKey? y) => EqualityComparer<TKey>.Default.Equals(x, y);

        public int GetHashCode(TKey key)
        {
            // Instants with different offsets are equal, and the offset is not encoded.
            if (key is DateTimeOffset instant)
                return Hash(instant.UtcTicks);
            return Unsafe.SizeOf<TKey>() == 1 ? key.GetHashCode() : Hash(key);
        }

        private static int Hash<T>(T value)
        {
            // Hashes the bytes of the value as characters: the hash of a string is keyed and made for untrusted input.
            var characters = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, char>(ref value), Unsafe.SizeOf<T>() / sizeof(char));
            return string.GetHashCode(characters);
        }
    }
}
