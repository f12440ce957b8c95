using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>A key pair of .NET on one of NIST's curves.</summary>
internal sealed class PlatformKeyExchange : KeyExchange
{
    // Each look at the platform's list makes a curve anew, and a curve is a struct of a dozen references: nobody keeps one of its own.
    private static readonly ECCurve Secp256r1 = ECCurve.NamedCurves.nistP256;
    private static readonly ECCurve Secp384r1 = ECCurve.NamedCurves.nistP384;

    private readonly ECDiffieHellman _key;
    private readonly byte[] _publicKey;

    public PlatformKeyExchange(NamedGroup group)
        : base(group)
    {
        _key = ECDiffieHellman.Create(CurveOf(group));
        var point = _key.ExportParameters(false).Q;
        _publicKey = [4, .. point.X!, .. point.Y!];
    }

    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    protected override bool TryDecapsulateCore(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        byte[] agreed;
        try
        {
            // RFC 9846 section 4.3.8.2 demands that the point is on the curve: the platform refuses one that is not.
            using var peer = new PeerKey(Group, peerPublicKey[1..]);
            agreed = _key.DeriveRawSecretAgreement(peer);
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

    private static ECCurve CurveOf(NamedGroup group) => group is NamedGroup.Secp256r1 ? Secp256r1 : Secp384r1;

    /// <summary>A point as the platform takes it, without the key pair that it would make of it first.</summary>
    private sealed class PeerKey(NamedGroup group, ReadOnlySpan<byte> point) : ECDiffieHellmanPublicKey
    {
        private readonly ECPoint _point = new() { X = point[..(point.Length / 2)].ToArray(), Y = point[(point.Length / 2)..].ToArray() };

        public override ECParameters ExportParameters() => new() { Curve = CurveOf(group), Q = _point };

        public override ECParameters ExportExplicitParameters() => ExportParameters();
    }
}
