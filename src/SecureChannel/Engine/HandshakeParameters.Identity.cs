using System.Diagnostics.CodeAnalysis;

namespace SecureChannel.Handshakes;

/// <content>The selection of the server's identity.</content>
public sealed partial record ServerHandshakeParameters
{
    /// <summary>
    /// Throws if <see cref="Identity"/> cannot be used for a purpose. Call this method when a server is created. The identities of a selector are checked when they
    /// are selected.
    /// </summary>
    /// <param name="purpose">The purpose of the certificate. For a purpose that signs, <see cref="Cryptography"/> must support the private key.</param>
    /// <param name="handshake">The name of the handshake, for the error message.</param>
    /// <exception cref="ArgumentException">The identity cannot be used.</exception>
    public void ValidateIdentity(CertificatePurpose purpose, string handshake) =>
        IdentityChoice.ThrowIfUnusable(Identity, new IdentityUse(purpose, Cryptography), handshake);

    /// <summary>
    /// Throws if <see cref="ClientAuthentication"/> and <see cref="ClientTrust"/> contradict each other. Call this method when a server is created.
    /// </summary>
    /// <exception cref="ArgumentException">A policy is missing, or is not used.</exception>
    public void ValidateClientAuthentication() => IdentityChoice.ThrowIfContradictory(ClientAuthentication, ClientTrust);

    /// <summary>Tries to get the identity without the client's offer, as servers do that have one identity for all clients.</summary>
    /// <param name="identity">The identity of this handshake, or null if it depends on the client's offer.</param>
    /// <returns>True if the identity is known; otherwise, false: call <see cref="SelectIdentity"/>.</returns>
    /// <exception cref="ObjectDisposedException">The identity was disposed.</exception>
    public bool TryGetIdentity([NotNullWhen(true)] out CertificateIdentity? identity)
    {
        identity = RefuseUnknownServerNames ? null : Identity.Snapshot;
        return identity is not null;
    }

    /// <summary>
    /// Selects the identity for a client's offer. The result refuses the client if the selector does, or if the client requests an unknown name and
    /// <see cref="RefuseUnknownServerNames"/> is true.
    /// </summary>
    /// <param name="request">The facts of the client's offer, and the purpose of the certificate.</param>
    /// <param name="present">Continues the handshake with the identity, which allows the purpose.</param>
    /// <returns>The result of the handler that received the client's offer.</returns>
    public HandshakeResult SelectIdentity(IdentityRequest request, Func<CertificateIdentity, HandshakeResult> present)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(present);
        var selection = new IdentitySelectionOperation(Identity, request);
        return HandshakeResult.Pending(selection, () => Present((CertificateIdentity?)selection.Identity));

        HandshakeResult Present(CertificateIdentity? identity)
        {
            var use = new IdentityUse(request.Purpose, Cryptography);
            return ServerIdentities.Check(identity, use, request.ClientHello?.ServerName, RefuseUnknownServerNames) is { } error ? error : present(identity!);
        }
    }
}
