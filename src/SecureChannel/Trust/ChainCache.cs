using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A cache of verification results. While a result is fresh, certificates with the same bytes are not verified again. An entry is added only after the peer
/// proved that it holds the private key. Each <see cref="TrustPolicy"/> has its own cache, so that policies never share results. Thread-safe.
/// </summary>
internal sealed class ChainCache
{
    /// <summary>The maximum number of entries.</summary>
    public const int Capacity = 256;

    private readonly Lock _gate = new();

    // Created on first use, because some programs create a TrustPolicy for each session.
    private Dictionary<ChainCacheKey, CheckedLeaf>? _leaves;

    /// <summary>Tries to get a result that is still fresh at a given time.</summary>
    public bool TryGet(ChainCacheKey key, DateTimeOffset at, [NotNullWhen(true)] out CheckedLeaf? leaf)
    {
        leaf = null;
        lock (_gate)
            return _leaves is not null && _leaves.TryGetValue(key, out leaf) && leaf.IsFresh(at);
    }

    /// <summary>Adds a result. If the cache is full, the entry that expires first is removed.</summary>
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

/// <summary>
/// The key of a cache entry: the purpose, the provider that verified the signatures, the SHA-256 hash of the lengths and bytes of the presented certificates
/// and the stapled OCSP response, and the version of the revocation data.
/// </summary>
internal readonly record struct ChainCacheKey(
    CertificatePurpose Purpose, CryptographyProvider Cryptography, UInt128 High, UInt128 Low, long RevocationVersion = 0)
{
    public static ChainCacheKey Of(IReadOnlyList<ReadOnlyMemory<byte>> presented, CertificatePurpose purpose, CryptographyProvider cryptography,
        RevocationData? revocation = null, ReadOnlyMemory<byte>? stapledResponse = null)
    {
        // A response that was not requested differs from one that was not sent.
        var stapled = revocation is null ? default : stapledResponse.GetValueOrDefault().Span;
        var stapledLength = revocation is null || stapledResponse is null ? -1 : stapled.Length;
        var buffer = ArrayPool<byte>.Shared.Rent((presented.Count + 1) * sizeof(int) + ChainVerifier.LengthOf(presented) + stapled.Length);
        var length = 0;
        for (var index = 0; index < presented.Count; index++)
            Append(buffer, ref length, presented[index].Span, presented[index].Length);
        Append(buffer, ref length, stapled, stapledLength);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return new(purpose, cryptography, MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]), revocation?.Version ?? 0);
    }

    private static void Append(byte[] buffer, ref int position, ReadOnlySpan<byte> bytes, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(position), length);
        bytes.CopyTo(buffer.AsSpan(position + sizeof(int)));
        position += sizeof(int) + bytes.Length;
    }
}
