using System.Collections.Immutable;
using System.Security.Cryptography;

namespace SecureChannel.Cryptography.Bcl;

/// <summary>The platform's cryptography, through .NET's own classes.</summary>
internal sealed class BclProvider : CryptographyProvider
{
    public static readonly BclProvider Instance = new();

    private BclProvider() =>
        CipherSuites = [.. new[] { CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384, CipherSuite.ChaCha20Poly1305Sha256 }.Where(suite => Supports(suite.Aead))];

    public override string Name => ".NET";

    public override ImmutableArray<CipherSuite> CipherSuites { get; }

    public override bool Supports(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => AesGcm.IsSupported,
        AeadAlgorithm.ChaCha20Poly1305 => ChaCha20Poly1305.IsSupported,
        _ => false,
    };

    public override void FillRandom(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, algorithm.KeyLength);
        return algorithm is AeadAlgorithm.ChaCha20Poly1305 ? new BclChaCha20Poly1305(key) : new BclAesGcm(key);
    }

    public override Hasher CreateHasher(HashFunction function) => new BclHasher(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pseudorandomKey.Length, function.Length);
        HKDF.Extract(NameOf(function), inputKeyingMaterial, salt, pseudorandomKey);
    }

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) =>
        HKDF.Expand(NameOf(function), pseudorandomKey, outputKeyingMaterial, info);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac.Length, function.Length);
        CryptographicOperations.HmacData(NameOf(function), key, data, mac);
    }

    public static HashAlgorithmName NameOf(HashFunction function) => function switch
    {
        HashFunction.Sha256 => HashAlgorithmName.SHA256,
        HashFunction.Sha384 => HashAlgorithmName.SHA384,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not a known hash function."),
    };
}
