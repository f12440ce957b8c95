using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>An incremental hash computation with <see cref="IncrementalHash"/>.</summary>
internal sealed class PlatformHashContext(HashFunction function) : HashContext
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(PlatformProvider.NameOf(function));

    public override HashFunction Function { get; } = function;

    public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public override int GetHash(Span<byte> hash) => _hash.GetCurrentHash(hash);

    protected override void Dispose(bool disposing) => _hash.Dispose();
}
