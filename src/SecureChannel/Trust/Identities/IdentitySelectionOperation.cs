namespace SecureChannel.Handshakes;

/// <summary>
/// The selection of the identity that this endpoint presents, which a handshake awaits. A handshake uses one identity, even if a watcher replaces it meanwhile.
/// </summary>
/// <param name="source">The source of the identity.</param>
/// <param name="request">The request for an <see cref="IdentitySelector"/>.</param>
public sealed class IdentitySelectionOperation(IdentitySource source, IdentityRequest request) : PendingOperation
{
    private const int MaxSelectors = 8;

    /// <summary>Gets the selected identity, or null if the selector refused the peer or the operation has not run.</summary>
    public IdentitySource? Identity { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(CancellationToken cancellationToken) =>
        Identity = await SelectAsync(source, request, cancellationToken).ConfigureAwait(false);

    /// <summary>Selects the identity of a handshake. Returns null if a selector refuses the peer.</summary>
    internal static async ValueTask<CertificateIdentity?> SelectAsync(IdentitySource source, IdentityRequest request, CancellationToken cancellationToken)
    {
        var selected = source;
        for (var depth = 0; selected is IdentitySelector selector; depth++)
        {
            if (depth == MaxSelectors)
                throw new InvalidOperationException($"More than {MaxSelectors} identity selectors returned a selector. The last one must return an identity.");
            selected = await selector.SelectAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return selected?.Snapshot;
    }
}
