using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SecureChannel.Cryptography;

namespace SecureChannel.Sodium;

/// <summary>
/// The group X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem): in the shares and in the secret, ML-KEM-768 comes first. Both private keys are in native memory, which
/// is wiped before it is freed.
/// </summary>
internal sealed unsafe class SodiumHybrid : KeyExchange
{
    private const int EncapsulationKeyLength = 1184;
    private const int DecapsulationKeyLength = 2400;
    private const int CiphertextLength = 1088;
    private const int KemSecretLength = 32;

    private readonly byte[] _publicKey = new byte[EncapsulationKeyLength + Curve25519.KeyLength];
    private byte* _privateKey = (byte*)NativeMemory.Alloc(DecapsulationKeyLength + Curve25519.KeyLength);

    public SodiumHybrid()
        : base(NamedGroup.X25519MLKem768)
    {
        fixed (byte* publicKey = _publicKey)
            _ = Native.MLKem768KeyPair(publicKey, _privateKey);
        Native.FillRandom(_privateKey + DecapsulationKeyLength, Curve25519.KeyLength);
        Curve25519.WritePublicKey(CurveKey, _publicKey.AsSpan(EncapsulationKeyLength));
    }

    ~SodiumHybrid() => Wipe();

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    private ReadOnlySpan<byte> CurveKey => new(_privateKey + DecapsulationKeyLength, Curve25519.KeyLength);

    public static bool TryEncapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out EncapsulatedSecret? result)
    {
        result = null;
        if (!NamedGroup.X25519MLKem768.IsWellFormed(Role.Client, peerShare))
            return false;

        var (share, secret) = (new byte[CiphertextLength + Curve25519.KeyLength], new SharedSecret(KemSecretLength + Curve25519.KeyLength));
        bool isValid;
        fixed (byte* c = share, s = secret.Buffer.Span, k = peerShare)
            isValid = Native.MLKem768Encapsulate(c, s, k) == 0;

        // libsodium checks that the encapsulation key is encoded correctly (FIPS 203 section 7.2).
        if (isValid && Curve25519.TryEncapsulate(peerShare[EncapsulationKeyLength..], share.AsSpan(CiphertextLength), secret.Buffer.Span[KemSecretLength..]))
            result = new EncapsulatedSecret(share, secret);
        else
            secret.Dispose();
        return result is not null;
    }

    public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret)
    {
        ObjectDisposedException.ThrowIf(_privateKey is null, this);
        secret = null;
        if (!Group.IsWellFormed(Role.Server, peerShare))
            return false;

        var shared = new SharedSecret(KemSecretLength + Curve25519.KeyLength);
        bool isValid;
        fixed (byte* s = shared.Buffer.Span, c = peerShare)
            isValid = Native.MLKem768Decapsulate(s, c, _privateKey) == 0;
        if (isValid && Curve25519.TryAgree(CurveKey, peerShare[CiphertextLength..], shared.Buffer.Span[KemSecretLength..]))
            secret = shared;
        else
            shared.Dispose();
        GC.KeepAlive(this);
        return secret is not null;
    }

    public override void Dispose()
    {
        Wipe();
        GC.SuppressFinalize(this);
    }

    private void Wipe()
    {
        if (_privateKey is null)
            return;

        Native.Wipe(_privateKey, DecapsulationKeyLength + Curve25519.KeyLength);
        NativeMemory.Free(_privateKey);
        _privateKey = null;
    }
}
