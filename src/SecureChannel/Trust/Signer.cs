using System.Collections.Immutable;
using SecureChannel.Cryptography;

namespace SecureChannel;

/// <summary>
/// A server's private key, reduced to the one thing that it may do in TLS: sign a handshake (RFC 9846 section 4.5.2). Derive from it to keep the key in a
/// hardware module or behind a service. Implementations are safe for use by several threads at once.
/// </summary>
public abstract class Signer : IDisposable
{
    /// <summary>The schemes that the key signs by, best first: those that fit the certificate's key (RFC 9846 section 4.3.3).</summary>
    public abstract ImmutableArray<SignatureScheme> Schemes { get; }

    /// <summary>Signs. Throws only for what is not the client's doing, such as a module out of order.</summary>
    /// <param name="scheme">How; one of <see cref="Schemes"/>.</param>
    /// <param name="content">What to sign: it is not hashed yet.</param>
    /// <param name="cancellationToken">Gives up; for modules that answer late.</param>
    /// <returns>The signature as it goes over the wire; ECDSA's in DER.</returns>
    public abstract ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>A signer over a key in memory; it completes at once.</summary>
    /// <param name="key">The key; it is taken over and disposed.</param>
    public static Signer FromKey(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new LocalSigner(key);
    }

    /// <summary>Lets go of the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the key.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class LocalSigner(SigningKey key) : Signer
    {
        public override ImmutableArray<SignatureScheme> Schemes => key.Schemes;

        public override ValueTask<ReadOnlyMemory<byte>> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
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
