using System.Security.Cryptography;

namespace SecureChannel.Cryptography.Bcl;

/// <summary>An incremental hash of .NET.</summary>
internal sealed class BclHasher(HashFunction function) : Hasher
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(BclProvider.NameOf(function));

    public override HashFunction Function { get; } = function;

    public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public override int GetHash(Span<byte> hash) => _hash.GetCurrentHash(hash);

    protected override void Dispose(bool disposing) => _hash.Dispose();
}
