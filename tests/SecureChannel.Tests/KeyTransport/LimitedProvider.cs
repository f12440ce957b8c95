using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Tests.KeyTransport;

/// <summary>The platform provider, limited to one cipher.</summary>
internal sealed class LimitedProvider(AeadAlgorithm only) : CryptographyProvider
{
    public override string Name => $"{only} only";

    public override ImmutableArray<CipherSuite> CipherSuites { get; } = [.. Platform.CipherSuites.Where(suite => suite.Aead == only)];

    public override ImmutableArray<NamedGroup> Groups => Platform.Groups;

    public override ImmutableArray<SignatureScheme> SignatureSchemes => Platform.SignatureSchemes;

    public override bool Supports(AeadAlgorithm algorithm) => algorithm == only;

    public override void FillRandom(Span<byte> destination) => Platform.FillRandom(destination);

    /// <summary>Gets the number of prepared ciphers.</summary>
    public int CiphersPrepared { get; private set; }

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        CiphersPrepared++;
        return Platform.CreateAead(algorithm, key);
    }

    public override HashContext CreateHashContext(HashFunction function) => Platform.CreateHashContext(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey) =>
        Platform.HkdfExtract(function, salt, inputKeyingMaterial, pseudorandomKey);

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        Platform.HkdfExpand(function, pseudorandomKey, info, outputKeyingMaterial);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => Platform.Hmac(function, key, data, mac);

    public override KeyExchange CreateKeyExchange(NamedGroup group) => Platform.CreateKeyExchange(group);

    public override bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result) =>
        Platform.TryEncapsulate(group, peerShare, out result);

    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key) =>
        Platform.TryImportVerificationKey(subjectPublicKeyInfo, out key);

    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key) =>
        Platform.TryImportSigningKey(privateKeyInfo, out key);
}
