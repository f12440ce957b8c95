using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecureChannel.Cryptography;

/// <summary>An ephemeral key pair on a NIST curve that uses <see cref="ECDiffieHellman"/>.</summary>
internal sealed class PlatformKeyExchange : KeyExchange
{
    // NamedCurves creates a new curve on each access, and a curve is a large struct, so that all key pairs share these.
    private static readonly ECCurve Secp256r1 = ECCurve.NamedCurves.nistP256;
    private static readonly ECCurve Secp384r1 = ECCurve.NamedCurves.nistP384;
    private static readonly ECCurve Secp521r1 = ECCurve.NamedCurves.nistP521;

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

    public override bool TryDecapsulate(ReadOnlySpan<byte> peerShare, [NotNullWhen(true)] out SharedSecret? secret)
    {
        secret = null;
        if (!Group.IsWellFormed(Role.Server, peerShare))
            return false;

        byte[] shared;
        try
        {
            // RFC 9846 section 4.3.8.2 requires a check that the point is on the curve, which the platform makes here.
            using var peer = new PeerKey(Group, peerShare[1..]);
            shared = _key.DeriveRawSecretAgreement(peer);
        }
        catch (CryptographicException)
        {
            return false;
        }

        secret = new SharedSecret(Group.SharedSecretLength);
        shared.CopyTo(secret.Buffer.Span);
        CryptographicOperations.ZeroMemory(shared);
        return true;
    }

    public override void Dispose() => _key.Dispose();

    private static ECCurve CurveOf(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => Secp256r1,
        NamedGroup.Secp384r1 => Secp384r1,
        _ => Secp521r1,
    };

    /// <summary>A peer's public key. It passes the point to the platform without the intermediate key pair that an import would create.</summary>
    private sealed class PeerKey(NamedGroup group, ReadOnlySpan<byte> point) : ECDiffieHellmanPublicKey
    {
        private readonly ECPoint _point = new() { X = point[..(point.Length / 2)].ToArray(), Y = point[(point.Length / 2)..].ToArray() };

        public override ECParameters ExportParameters() => new() { Curve = CurveOf(group), Q = _point };

        public override ECParameters ExportExplicitParameters() => ExportParameters();
    }
}
