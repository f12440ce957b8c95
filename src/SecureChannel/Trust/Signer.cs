using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A server's private key that can only sign TLS handshakes (RFC 9846 section 4.5.2). Derive from this class to use a key in a hardware security module or
/// behind a service. Implementations must be thread-safe.
/// </summary>
public abstract class Signer : IDisposable
{
    /// <summary>Gets the signature schemes that the key supports, best first (RFC 9846 section 4.3.3).</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Signs content. Implementations throw only for failures that the client did not cause, such as an unavailable module.</summary>
    /// <param name="scheme">The signature scheme: one of <see cref="Schemes"/>.</param>
    /// <param name="content">The content to sign, which is not hashed yet.</param>
    /// <param name="cancellationToken">Cancels the operation, if the module supports it.</param>
    /// <returns>The signature in its wire format; for ECDSA, in DER.</returns>
    public abstract ValueTask<ReadOnlyMemory<byte>> SignAsync(
        SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Creates a signer for a key in memory. The signer completes synchronously.</summary>
    /// <param name="key">The key, which the signer owns and disposes.</param>
    public static Signer FromKey(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new LocalSigner(key);
    }

    /// <summary>Releases the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the key.</summary>
    /// <param name="disposing">False if the method is called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class LocalSigner(SigningKey key) : Signer
    {
        public override ImmutableArray<SignatureScheme> Schemes => key.Schemes;

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(
            SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(key.Sign(scheme, content.Span));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                key.Dispose();
            base.Dispose(disposing);
        }
    }
}
