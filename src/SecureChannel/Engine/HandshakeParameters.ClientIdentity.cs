using SecureChannel.Cryptography;

namespace SecureChannel.Handshakes;

/// <content>The selection of the client's identity.</content>
public sealed partial record ClientHandshakeParameters
{
    /// <summary>
    /// Gets the source of the identity that the client presents if the server requests a certificate, or null if the client presents none. See
    /// <see cref="SelectIdentity"/>.
    /// </summary>
    public IdentitySource? Identity { get; init; }

    /// <summary>
    /// Throws if <see cref="Identity"/> cannot be used for <see cref="CertificatePurpose.TlsClient"/>. Call this method when a client is created. The identities
    /// of a selector are checked when they are selected.
    /// </summary>
    /// <param name="handshake">The name of the handshake, for the error message.</param>
    /// <exception cref="ArgumentException">The identity cannot be used.</exception>
    public void ValidateIdentity(string handshake)
    {
        if (Identity is not null)
            IdentityChoice.ThrowIfUnusable(Identity, Use, handshake);
    }

    /// <summary>
    /// Selects the identity for a server's certificate request. The client presents no identity if the selector selects none, or if the request does not accept
    /// the identity (RFC 9846 section 4.5.1.2): its key has none of the signature schemes, or its certificates are issued by none of the authorities. The
    /// authorities do not limit a selector, which knows them.
    /// </summary>
    /// <param name="schemes">The signature schemes that the server verifies, best first.</param>
    /// <param name="authorities">The distinguished names, in DER, of the authorities that the server trusts; empty if it named none.</param>
    /// <param name="hello">The offer of the client.</param>
    /// <param name="present">Continues the handshake with the identity and the scheme with which it signs, or with null to present none.</param>
    /// <returns>The result of the handler, which must be able to wait.</returns>
    public HandshakeResult SelectIdentity(
        IReadOnlyList<SignatureScheme> schemes, IEnumerable<ReadOnlyMemory<byte>> authorities, ClientHelloInfo hello,
        Func<CertificateIdentity?, SignatureScheme, HandshakeResult> present)
    {
        ArgumentNullException.ThrowIfNull(schemes);
        ArgumentNullException.ThrowIfNull(authorities);
        ArgumentNullException.ThrowIfNull(present);
        if (Identity is null)
            return present(null, default);
        if (Identity.Snapshot is { } identity)
            return Present(IdentityChoice.IsIssuedBy(identity, authorities) ? identity : null);

        var request = new IdentityRequest(CertificatePurpose.TlsClient, schemes, IdentityRequest.ReadAuthorities(authorities), hello, RemoteEndPoint);
        var selection = new IdentitySelectionOperation(Identity, request);
        return HandshakeResult.Pending(selection, () => ((CertificateIdentity?)selection.Identity)?.Check(Use) is { } error
            ? IdentityChoice.CreateError(error)
            : Present((CertificateIdentity?)selection.Identity));

        HandshakeResult Present(CertificateIdentity? selected) => selected is not null && IdentityChoice.FindScheme(selected, Cryptography, schemes) is { } scheme
            ? present(selected, scheme)
            : present(null, default);
    }

    private IdentityUse Use => new(CertificatePurpose.TlsClient, Cryptography);
}
