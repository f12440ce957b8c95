using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Tests.KeyTransport;

/// <summary>The platform's cryptography, with one cipher only.</summary>
internal sealed class LimitedProvider(AeadAlgorithm only) : CryptographyProvider
{
    public override string Name => $"{only} only";

    public override ImmutableArray<CipherSuite> CipherSuites { get; } = [.. Bcl.CipherSuites.Where(suite => suite.Aead == only)];

    public override ImmutableArray<NamedGroup> Groups => Bcl.Groups;

    public override ImmutableArray<SignatureScheme> SignatureSchemes => Bcl.SignatureSchemes;

    public override bool Supports(AeadAlgorithm algorithm) => algorithm == only;

    public override void FillRandom(Span<byte> destination) => Bcl.FillRandom(destination);

    /// <summary>How many ciphers were prepared.</summary>
    public int CiphersPrepared { get; private set; }

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        CiphersPrepared++;
        return Bcl.CreateAead(algorithm, key);
    }

    public override Hasher CreateHasher(HashFunction function) => Bcl.CreateHasher(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey) =>
        Bcl.HkdfExtract(function, salt, inputKeyingMaterial, pseudorandomKey);

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        Bcl.HkdfExpand(function, pseudorandomKey, info, outputKeyingMaterial);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => Bcl.Hmac(function, key, data, mac);

    public override KeyShare CreateKeyShare(NamedGroup group) => Bcl.CreateKeyShare(group);

    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key) =>
        Bcl.TryImportVerificationKey(subjectPublicKeyInfo, out key);

    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key) =>
        Bcl.TryImportSigningKey(privateKeyInfo, out key);
}
