using System.Net;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A selector that chooses the identity of each handshake, such as the certificate of the server name that a client requests. Implementations must be
/// thread-safe. They own the identities that they return.
/// </summary>
public abstract class IdentitySelector : IdentitySource
{
    /// <summary>
    /// Selects the identity of a handshake. An exception fails the handshake. The time counts toward the timeout of the handshake.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The token that is canceled if the session ends.</param>
    /// <returns>The identity, or null: a server then refuses the client.</returns>
    public abstract ValueTask<IdentitySource?> SelectAsync(IdentityRequest request, CancellationToken cancellationToken);

    /// <summary>Creates a selector from a function.</summary>
    /// <param name="select">The function, which may run concurrently.</param>
    /// <returns>The selector.</returns>
    public static IdentitySelector Create(Func<IdentityRequest, CancellationToken, ValueTask<IdentitySource?>> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        return new DelegateSelector(select);
    }

    /// <inheritdoc/>
    internal sealed override CertificateIdentity? Snapshot => null;

    /// <inheritdoc/>
    internal sealed override CertificateError? Check(IdentityUse use) => null;

    private sealed class DelegateSelector(Func<IdentityRequest, CancellationToken, ValueTask<IdentitySource?>> select) : IdentitySelector
    {
        public override ValueTask<IdentitySource?> SelectAsync(IdentityRequest request, CancellationToken cancellationToken) => select(request, cancellationToken);
    }
}

/// <summary>The facts from which an <see cref="IdentitySelector"/> selects an identity.</summary>
/// <param name="Purpose">The purpose that the certificate must allow.</param>
/// <param name="SignatureSchemes">The signature schemes that the peer verifies, best first, or null if the security does not know them.</param>
/// <param name="Authorities">The authorities that the peer trusts; empty if the peer named none.</param>
/// <param name="ClientHello">The offer of the client.</param>
/// <param name="RemoteEndPoint">The remote endpoint, or null if the transport has none.</param>
public sealed record IdentityRequest(
    CertificatePurpose Purpose,
    IReadOnlyList<SignatureScheme>? SignatureSchemes,
    IReadOnlyList<X500DistinguishedName> Authorities,
    ClientHelloInfo? ClientHello,
    EndPoint? RemoteEndPoint);

/// <summary>The offer of a client. The values are not authenticated before the handshake completes.</summary>
/// <param name="ServerName">The requested server name, or null if the client requested none.</param>
/// <param name="ApplicationProtocols">The application protocols of the client, best first, or null if the security does not know them.</param>
/// <param name="Groups">The key agreement groups of the client, best first, or null if the security does not know them.</param>
public sealed record ClientHelloInfo(string? ServerName, IReadOnlyList<string>? ApplicationProtocols, IReadOnlyList<NamedGroup>? Groups);
