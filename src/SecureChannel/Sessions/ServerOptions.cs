using System.Runtime.CompilerServices;

namespace SecureChannel;

/// <summary>The options of a server's sessions.</summary>
public sealed record ServerOptions : SecureSessionOptions
{
    // A copy of options by 'with' has keys of its own.
    private static readonly ConditionalWeakTable<ServerOptions, RotatingTicketKeys> Rotating = [];

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
    /// Gets a value that indicates whether clients authenticate with a certificate. The default is <see cref="ClientAuthenticationMode.None"/>. Other modes require
    /// <see cref="ClientTrust"/>. <see cref="SessionInfo.PeerIdentity"/> is then the identity of the client. <see cref="SessionSecurity.KeyTransport"/> does not
    /// support them.
    /// </summary>
    public ClientAuthenticationMode ClientAuthentication { get; init; }

    /// <summary>
    /// Gets the policy that decides which client certificates are trusted, for the purpose <see cref="CertificatePurpose.TlsClient"/>. No name is checked. The
    /// server names the authorities of the policy to the client, unless the names have more than 4,096 bytes together.
    /// </summary>
    public TrustPolicy? ClientTrust { get; init; }

    /// <summary>
    /// Gets the protector of the tickets with which clients resume sessions. If null, random keys protect them, which rotate each hour and are shared only by the
    /// sessions of these options. To let several servers resume each other's sessions, set <see cref="TicketKeys"/> with the same keys.
    /// <see cref="TicketProtector.None"/> disables resumption. Only <see cref="SessionSecurity.Tls13"/> and custom handshakes use it.
    /// </summary>
    public TicketProtector? Tickets { get; init; }

    /// <summary>
    /// Gets the maximum number of connections of a <see cref="SecureListener"/>, from their acceptance until their sessions end. The default is 10,000; the
    /// minimum is 1. Further connections are closed and reported to <see cref="HandshakeFailed"/>.
    /// </summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>
    /// Gets the maximum number of connections of a <see cref="SecureListener"/> that perform their handshake, and of established sessions that wait for
    /// <see cref="SecureListener.AcceptAsync"/>. The default is 256; the minimum is 1.
    /// </summary>
    /// <remarks>
    /// If a connection arrives at the limit of handshakes, the listener closes the connection that waited longest, but at least 50 milliseconds, without a
    /// complete ClientHello. While the listener is at the limit, and until the number of handshakes drops below half of it, a handshake may last only a quarter
    /// of <see cref="SecureSessionOptions.HandshakeTimeout"/>. If all handshakes are in progress, or too many sessions wait to be accepted, further connections
    /// wait in the backlog of the operating system.
    /// </remarks>
    public int MaxPendingHandshakes { get; init; } = 256;

    /// <summary>
    /// Gets the maximum number of connections from one address that perform their handshake: an IPv4 address, or the first 64 bits of an IPv6 address. The
    /// default is 32; the minimum is 1. At the limit, a new connection replaces the one of its address that waited longest without a complete ClientHello, or
    /// is closed. Set the option to <see cref="int.MaxValue"/> behind a proxy, whose address all connections share. Unix domain sockets have no such limit.
    /// </summary>
    public int MaxHandshakesPerAddress { get; init; } = 32;

    /// <summary>
    /// Gets the time within which the client of a <see cref="SecureListener"/> must send its first byte. The default is 3 seconds; the range is 1 millisecond
    /// to 24 days.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets the maximum size of a message that the server receives before the client's records are protected, in bytes: the ClientHello of TLS, or a message of
    /// <see cref="SessionSecurity.KeyTransport"/>. A larger message is refused at its header. The default is 16 KiB; the minimum is 512.
    /// <see cref="SessionSecurity.SslStream"/> does not use it.
    /// </summary>
    public int MaxClientHelloSize { get; init; } = 1 << 14;

    /// <summary>
    /// Gets the callback that a <see cref="SecureListener"/> invokes for each failed handshake, and for errors of its socket, on thread-pool threads. Of the
    /// connections that the limits of the listener closed, at most 10 per second are reported; the next report includes the number of the others. Exceptions of
    /// the callback are ignored.
    /// </summary>
    public Action<HandshakeFailure>? HandshakeFailed { get; init; }

    /// <summary>
    /// Gets the time for which <see cref="SecureListener.ServeAsync(SessionDelegate, CancellationToken)"/> waits for its sessions after it was canceled. The
    /// default is 30 seconds; the range is 1 millisecond to 24 days.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the callback that <see cref="SecureListener.ServeAsync(SessionDelegate, CancellationToken)"/> invokes, on thread-pool threads, for each session
    /// that ends with an exception that is not expected (<see cref="SessionException.IsExpected"/>). Exceptions of the callback are ignored.
    /// </summary>
    public Action<SessionInfo, Exception>? SessionFailed { get; init; }

    /// <summary>Determines whether two options are the same instance.</summary>
    /// <param name="other">The options to compare with.</param>
    /// <returns>True if both are the same instance; otherwise, false.</returns>
    public bool Equals(ServerOptions? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Role Role => Role.Server;

    /// <summary>Gets the protector of options that set none. A listener sets it in the options of its sessions.</summary>
    internal TicketProtector RotatingTickets
    {
        get => field ?? Rotating.GetValue(this, static options => new RotatingTicketKeys(options.TimeProvider));
        init;
    }

    internal override void Validate()
    {
        ValidateShared();
        ArgumentNullException.ThrowIfNull(Identity);
        IdentityChoice.ThrowIfContradictory(ClientAuthentication, ClientTrust);
        if (Tickets is not null && Tickets != TicketProtector.None)
            ThrowIfNotResumable(nameof(Tickets));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSessions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingHandshakes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHandshakesPerAddress, 1);
        ThrowIfOutOfRange(FirstByteTimeout, nameof(FirstByteTimeout));
        ThrowIfOutOfRange(DrainTimeout, nameof(DrainTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxClientHelloSize, MinHandshakeMessageSize);
    }
}
