using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel.Bogo;

/// <summary>A signer that uses only some schemes of a key, best first.</summary>
/// <param name="signer">The signer of the key.</param>
/// <param name="schemes">The schemes.</param>
internal sealed class PreferringSigner(Signer signer, IEnumerable<SignatureScheme> schemes) : Signer
{
    /// <inheritdoc/>
    public override ImmutableArray<SignatureScheme> Schemes { get; } = [.. schemes.Where(scheme => signer.Schemes.Contains(scheme))];

    /// <inheritdoc/>
    public override ValueTask<ReadOnlyMemory<byte>> SignAsync(
        SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        signer.SignAsync(scheme, content, cancellationToken);
}
