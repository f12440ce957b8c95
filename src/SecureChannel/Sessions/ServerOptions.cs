namespace SecureChannel;

/// <summary>What the end that answers chooses.</summary>
public sealed class ServerOptions : SecureSessionOptions
{
    /// <summary>Who this end is: its certificate and its key. The caller owns it, and may use it for many sessions at once.</summary>
    public required CertificateIdentity Identity { get; init; }

    /// <summary>
    /// How many connections of a <see cref="SecureListener"/> may be in their handshake or wait for
    /// <see cref="SecureListener.AcceptAsync"/>; 256 if not set. At least 1. Further connections wait in the system's queue.
    /// </summary>
    public int MaxPendingHandshakes { get; init; } = 256;

    /// <summary>Is told each handshake that failed in a <see cref="SecureListener"/>, from the pool's threads. What it throws is ignored.</summary>
    public Action<HandshakeFailure>? HandshakeFailed { get; init; }

    internal override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Identity);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingHandshakes, 1);
    }
}
