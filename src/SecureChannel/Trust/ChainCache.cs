using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>
/// What one end's trust found out about certificates that peers have since shown to hold the key of: no chain is built twice for the same bytes while the check
/// holds. Belongs to one <see cref="TrustPolicy"/>, so that no other policy is answered from it. Safe for use by several threads at once.
/// </summary>
internal sealed class ChainCache
{
    /// <summary>The most chains that are remembered.</summary>
    public const int Capacity = 256;

    private readonly Lock _gate = new();

    // Made when there is something to remember: some programs make a Trust for each session.
    private Dictionary<ChainCacheKey, CheckedLeaf>? _leaves;

    public bool TryGet(ChainCacheKey key, DateTimeOffset at, [NotNullWhen(true)] out CheckedLeaf? leaf)
    {
        leaf = null;
        lock (_gate)
            return _leaves is not null && _leaves.TryGetValue(key, out leaf) && leaf.IsFresh(at);
    }

    /// <summary>Remembers; the one that would be forgotten next makes room.</summary>
    public void Add(CheckedLeaf leaf)
    {
        lock (_gate)
        {
            _leaves ??= [];
            if (_leaves.Count >= Capacity && !_leaves.ContainsKey(leaf.Key))
                _leaves.Remove(_leaves.MinBy(entry => entry.Value.FreshUntil).Key);
            _leaves[leaf.Key] = leaf;
        }
    }
}

/// <summary>The purpose and the SHA-256 of the certificates as they were presented, each with its length.</summary>
internal readonly record struct ChainCacheKey(CertificatePurpose Purpose, UInt128 High, UInt128 Low)
{
    public static ChainCacheKey Of(IReadOnlyList<ReadOnlyMemory<byte>> presented, CertificatePurpose purpose)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(presented.Count * sizeof(int) + ChainValidator.LengthOf(presented));
        var length = 0;
        for (var index = 0; index < presented.Count; index++)
        {
            var bytes = presented[index].Span;
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(length), bytes.Length);
            bytes.CopyTo(buffer.AsSpan(length + sizeof(int)));
            length += sizeof(int) + bytes.Length;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return new(purpose, MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }
}
