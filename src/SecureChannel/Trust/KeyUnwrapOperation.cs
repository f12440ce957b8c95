using System.Security.Cryptography;

namespace SecureChannel.Handshakes;

/// <summary>The decryption of a wrapped session key, which a handshake awaits.</summary>
/// <param name="unwrapper">The unwrapper that uses the server's private key.</param>
/// <param name="wrapped">The wrapped key that the client sent.</param>
/// <param name="key">
/// The buffer for the key: exactly <see cref="KeyUnwrapper.KeyLength"/> bytes. Fill it with random bytes first, so that the handshake continues in the same way
/// after a failure. If the session ends before the operation completes, the operation wipes the buffer.
/// </param>
public sealed class KeyUnwrapOperation(KeyUnwrapper unwrapper, ReadOnlyMemory<byte> wrapped, Memory<byte> key) : PendingOperation
{
    /// <summary>
    /// Gets a value that indicates whether the key was decrypted. Do not act on it before the client's Finished value is checked: a client could learn whether
    /// its wrapped key was valid.
    /// </summary>
    public bool Succeeded { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Succeeded = await unwrapper.UnwrapAsync(wrapped, key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.MemoryBarrier();
            if (IsAbandoned)
                CryptographicOperations.ZeroMemory(key.Span);
        }
    }
}
