using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>The options of a server's sessions.</summary>
public sealed record ServerOptions : SecureSessionOptions
{
    /// <summary>
    /// Gets the identity of the server: a <see cref="CertificateIdentity"/>, a <see cref="CertificateWatcher"/> that reloads it when its files change, or an
    /// <see cref="IdentitySelector"/> that selects one for each handshake. The caller owns it and may use it for many sessions at the same time.
    /// </summary>
    public required IdentitySource Identity { get; init; }

    /// <summary>
    /// Gets a value that indicates whether a client is refused with unrecognized_name if it requests a server name that the certificate does not contain. The
    /// default is false: the client receives the certificate and decides. A client that requests no name is always accepted.
    /// </summary>
    public bool RefuseUnknownServerNames { get; init; }

    /// <summary>
    /// Gets the maximum number of connections of a <see cref="SecureListener"/> that perform their handshake or wait for
    /// <see cref="SecureListener.AcceptAsync"/>. The default is 256; the minimum is 1. Further connections wait in the operating system's backlog.
    /// </summary>
    public int MaxPendingHandshakes { get; init; } = 256;

    /// <summary>
    /// Gets the maximum size of a message that the server receives before the client's records are protected, in bytes: the ClientHello of TLS, or a message of
    /// <see cref="SessionSecurity.KeyTransport"/>. A larger message is refused at its header. The default is 16 KiB; the minimum is 512.
    /// <see cref="SessionSecurity.SslStream"/> does not use it.
    /// </summary>
    public int MaxClientHelloSize { get; init; } = 1 << 14;

    /// <summary>
    /// Gets the callback that a <see cref="SecureListener"/> invokes for each failed handshake, on thread-pool threads. Exceptions of the callback are ignored.
    /// </summary>
    public Action<HandshakeFailure>? HandshakeFailed { get; init; }

    /// <summary>Determines whether two options are the same instance.</summary>
    /// <param name="other">The options to compare with.</param>
    /// <returns>True if both are the same instance; otherwise, false.</returns>
    public bool Equals(ServerOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Role Role => Role.Server;

    internal override void Validate()
    {
        ValidateShared();
        ArgumentNullException.ThrowIfNull(Identity);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingHandshakes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxClientHelloSize, MinHandshakeMessageSize);
    }
}
