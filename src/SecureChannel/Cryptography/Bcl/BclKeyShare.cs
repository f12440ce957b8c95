using System.Security.Cryptography;

namespace SecureChannel.Cryptography.Bcl;

/// <summary>A key pair of .NET on one of NIST's curves.</summary>
internal sealed class BclKeyShare : KeyShare
{
    private readonly ECCurve _curve;
    private readonly ECDiffieHellman _key;
    private readonly byte[] _publicKey;

    public BclKeyShare(NamedGroup group)
        : base(group)
    {
        _curve = group is NamedGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
        _key = ECDiffieHellman.Create(_curve);
        var point = _key.ExportParameters(false).Q;
        _publicKey = [4, .. point.X!, .. point.Y!];
    }

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    protected override bool TryAgreeCore(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        var half = (peerPublicKey.Length - 1) / 2;
        var parameters = new ECParameters { Curve = _curve, Q = new ECPoint { X = peerPublicKey[1..(1 + half)].ToArray(), Y = peerPublicKey[(1 + half)..].ToArray() } };
        byte[] agreed;
        try
        {
            // RFC 9846 section 4.3.8.2 demands that the point is on the curve: the platform refuses one that is not.
            using var peer = ECDiffieHellman.Create(parameters);
            using var peerKey = peer.PublicKey;
            agreed = _key.DeriveRawSecretAgreement(peerKey);
        }
        catch (CryptographicException)
        {
            return false;
        }

        agreed.CopyTo(secret);
        CryptographicOperations.ZeroMemory(agreed);
        return true;
    }

    protected override void Dispose(bool disposing) => _key.Dispose();
}
