using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>Where the keys of a map stand while it is read: what <see cref="WireReader.BeginKey"/> and <see cref="WireReader.EndKey"/> need.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "The state of a loop: nobody compares it.")]
public struct MapKeys
{
    internal int PreviousStart;
    internal int PreviousEnd;
    internal int Start;
    internal bool HasPrevious;

    /// <summary>
    /// A dictionary for keys that a peer chose: their hashes cannot be foreseen, so that no choice of keys makes it slow (CWE-407). Beyond that it behaves like any.
    /// </summary>
    /// <typeparam name="TKey">A string, or a value without padding.</typeparam>
    /// <typeparam name="TValue">What it holds.</typeparam>
    [SuppressMessage("Performance", "CA1822", Justification = "Generated code has the keys at hand, and no need of another name.")]
    public readonly Dictionary<TKey, TValue> CreateDictionary<TKey, TValue>()
        where TKey : notnull => new(KeyComparer<TKey>.Instance);

    private sealed class KeyComparer<TKey> : IEqualityComparer<TKey>
        where TKey : notnull
    {
        // The platform's own hash of a string is keyed, and its dictionary uses that as soon as keys collide.
        public static readonly IEqualityComparer<TKey>? Instance = typeof(TKey).IsValueType ? new KeyComparer<TKey>() : null;

        public bool Equals(TKey? x, TKey? y) => EqualityComparer<TKey>.Default.Equals(x, y);

        public int GetHashCode(TKey key)
        {
            // Instants are equal whatever their offset, which is no part of the encoding either.
            if (key is DateTimeOffset instant)
                return Hash(instant.UtcTicks);
            return Unsafe.SizeOf<TKey>() == 1 ? key.GetHashCode() : Hash(key);
        }

        private static int Hash<T>(T value)
        {
            // The value's bytes as characters: what hashes text here is keyed, and made for input of an attacker.
            var characters = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, char>(ref value), Unsafe.SizeOf<T>() / sizeof(char));
            return string.GetHashCode(characters);
        }
    }
}
