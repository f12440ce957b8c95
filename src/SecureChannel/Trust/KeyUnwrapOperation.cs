namespace SecureChannel.Handshakes;

/// <summary>The unwrapping of a session key as something that a handshake awaits.</summary>
/// <param name="unwrapper">The server's key.</param>
/// <param name="wrapped">What a client sent.</param>
/// <param name="key">Where the key goes: exactly <see cref="KeyUnwrapper.KeyLength"/> bytes. Filled with random bytes beforehand, it lets the handshake go on
/// alike after a failure.</param>
public sealed class KeyUnwrapOperation(KeyUnwrapper unwrapper, ReadOnlyMemory<byte> wrapped, Memory<byte> key) : PendingOperation
{
    /// <summary>Whether the key is there. To act on it before the client's Finished is checked would tell a client about its wrapping.</summary>
    public bool Succeeded { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(CancellationToken cancellationToken) =>
        Succeeded = await unwrapper.UnwrapAsync(wrapped, key, cancellationToken).ConfigureAwait(false);
}
