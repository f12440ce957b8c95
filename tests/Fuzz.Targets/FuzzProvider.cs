using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel.Fuzz;

/// <summary>A provider without cryptography: every hash and key is a constant, nothing is encrypted, and every signature is valid.</summary>
internal sealed class FuzzProvider : CryptographyProvider
{
    public static readonly FuzzProvider Instance = new();

    public override string Name => "fuzz";

    public override ImmutableArray<CipherSuite> CipherSuites => [CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384];

    public override ImmutableArray<NamedGroup> Groups => [NamedGroup.Secp256r1, NamedGroup.X25519];

    public override ImmutableArray<SignatureScheme> SignatureSchemes => [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.RsaPssRsaeSha256];

    public static CertificateIdentity CreateIdentity(byte[] certificate, bool isTls)
    {
        using var loaded = X509CertificateLoader.LoadCertificate(certificate);
        return isTls ? new CertificateIdentity(loaded, new AnySigner()) : new CertificateIdentity(loaded, new AnyUnwrapper());
    }

    public static TrustPolicy Trust(byte[] certificate)
    {
        using var loaded = X509CertificateLoader.LoadCertificate(certificate);
        return TrustPolicy.FromPins(TrustPolicy.ComputePin(loaded));
    }

    public override bool Supports(AeadAlgorithm algorithm) => algorithm is AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm;

    public override void FillRandom(Span<byte> destination) => destination.Fill(1);

    public override Aead CreateAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => new Plain();

    public override HashContext CreateHashContext(HashFunction function) => new Constant(function);

    public override void HkdfExtract(HashFunction function, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyingMaterial, Span<byte> pseudorandomKey) => pseudorandomKey.Fill(2);

    public override void HkdfExpand(HashFunction function, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> outputKeyingMaterial) => outputKeyingMaterial.Fill(3);

    public override void Hmac(HashFunction function, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => mac.Fill(4);

    public override KeyExchange CreateKeyExchange(NamedGroup group) => new AnyShare(group);

    public override bool TryEncapsulate(NamedGroup group, ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result)
    {
        result = new EncapsulatedSecret(AnyShare.PublicKeyOf(group), AnyShare.Secret(group));
        return true;
    }

    public override bool TryImportVerificationKey(ReadOnlySpan<byte> subjectPublicKeyInfo, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = new AnyKey();
        return true;
    }

    public override bool TryImportSigningKey(ReadOnlySpan<byte> privateKeyInfo, [NotNullWhen(true)] out SigningKey? key)
    {
        key = null;
        return false;
    }

    private sealed class Plain : Aead
    {
        public override int NonceLength => 12;

        public override int TagLength => 16;

        protected override void SealCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> ciphertextAndTag)
        {
            plaintext.CopyTo(ciphertextAndTag);
            ciphertextAndTag[plaintext.Length..].Clear();
        }

        protected override bool TryOpenCore(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
        {
            ciphertextAndTag[..plaintext.Length].CopyTo(plaintext);
            return true;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Constant(HashFunction function) : HashContext
    {
        public override HashFunction Function => function;

        public override void Append(ReadOnlySpan<byte> bytes)
        {
        }

        public override int GetHash(Span<byte> hash)
        {
            hash[..function.Length].Fill(5);
            return function.Length;
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class AnyShare(NamedGroup group) : KeyExchange(group)
    {
        public override ReadOnlyMemory<byte> PublicKey => PublicKeyOf(Group);

        public static byte[] PublicKeyOf(NamedGroup group) => group is NamedGroup.X25519 ? new byte[32] : [4, .. new byte[64]];

        public static SharedSecret Secret(NamedGroup group)
        {
            var secret = new SharedSecret(group.SharedSecretLength);
            secret.Buffer.Span.Fill(6);
            return secret;
        }

        public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret)
        {
            secret = Secret(Group);
            return true;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class AnyKey : VerificationKey
    {
        public override ImmutableArray<SignatureScheme> Schemes => [SignatureScheme.EcdsaSecp256r1Sha256];

        protected override bool VerifyCore(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => true;

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class AnySigner : Signer
    {
        public override ImmutableArray<SignatureScheme> Schemes => [SignatureScheme.EcdsaSecp256r1Sha256];

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            new(new byte[8]);
    }

    private sealed class AnyUnwrapper : KeyUnwrapper
    {
        public override ValueTask<bool> UnwrapAsync(ReadOnlyMemory<byte> wrapped, Memory<byte> key, CancellationToken cancellationToken = default) => new(wrapped.Length == 256);
    }
}
