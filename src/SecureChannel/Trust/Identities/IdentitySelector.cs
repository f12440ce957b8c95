namespace SecureChannel;

/// <summary>
/// A selector that chooses the identity of each handshake, such as the certificate of the server name that a client requests, or the certificate of a client that a
/// server requests. Implementations must be thread-safe. They own the identities that they return.
/// </summary>
public abstract class IdentitySelector : IdentitySource
{
    /// <summary>
    /// Selects the identity of a handshake. An exception fails the handshake. The time counts toward the timeout of the handshake.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The token that is canceled if the session ends.</param>
    /// <returns>The identity, or null: a server then refuses the client, and a client presents no certificate.</returns>
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
