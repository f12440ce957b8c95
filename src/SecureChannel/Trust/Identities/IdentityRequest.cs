using System.Net;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>The facts from which an <see cref="IdentitySelector"/> selects an identity.</summary>
/// <param name="Purpose">The purpose that the certificate must allow.</param>
/// <param name="SignatureSchemes">The signature schemes that the peer verifies, best first, or null if the security does not know them.</param>
/// <param name="Authorities">The authorities that the peer trusts; empty if the peer named none, or the security does not know them.</param>
/// <param name="ClientHello">The offer of the client: at a client, its own.</param>
/// <param name="RemoteEndPoint">The remote endpoint, or null if the transport has none.</param>
public sealed record IdentityRequest(
    CertificatePurpose Purpose,
    IReadOnlyList<SignatureScheme>? SignatureSchemes,
    IReadOnlyList<X500DistinguishedName> Authorities,
    ClientHelloInfo? ClientHello,
    EndPoint? RemoteEndPoint)
{
    /// <summary>Reads the names of authorities that a peer sent (RFC 9846 section 4.3.4). Malformed names are skipped.</summary>
    /// <param name="names">The distinguished names in DER.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyList<X500DistinguishedName> ReadAuthorities(IEnumerable<ReadOnlyMemory<byte>> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.Where(DistinguishedName.IsWellFormed).Select(name => new X500DistinguishedName(name.Span))];
    }
}
