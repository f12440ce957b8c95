using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SecureChannel.Cryptography;

namespace SecureChannel.Testing.Cryptography;

/// <summary>A provider that calls the platform's. A test overrides the operations that it observes or that fail.</summary>
public abstract class DelegatingProvider : CryptographyProvider
{
    public override string Name => "delegating";

    public override ImmutableArray<CipherSuite> CipherSuites => Platform.CipherSuites;

    public override ImmutableArray<NamedGroup> Groups => Platform.Groups;

    public override ImmutableArray<SignatureScheme> SignatureSchemes => Platform.SignatureSchemes;

    public override ImmutableArray<SignatureScheme> CertificateSignatureSchemes => Platform.CertificateSignatureSchemes;

    public override bool Supports(AeadAlgorithm algorithm) => Platform.Supports(algorithm);

    public override void FillRandom(Span<byte> destination) => Platform.FillRandom(destination);

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Platform.CreateAead(algorithm, key);

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
