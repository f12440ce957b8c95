using System.Net;

namespace SecureChannel;

/// <summary>The facts of a session, without its operations. Thread-safe.</summary>
public abstract class SessionInfo
{
    /// <summary>Gets the role of the local endpoint.</summary>
    public abstract Role Role { get; }

    /// <summary>Gets the negotiated application protocol (RFC 7301), such as <c>bank/2</c>, or null.</summary>
    public abstract string? ApplicationProtocol { get; }

    /// <summary>
    /// Gets the version of the application protocol: the number after the last slash of its name, such as 2 for <c>bank/2</c>. The value is
    /// <see cref="int.MaxValue"/> if the name has no number, and until a name is known.
    /// </summary>
    public virtual int ProtocolVersion => ApplicationProtocol is { } name ? Handshakes.ApplicationProtocols.ReleaseOf(name) : int.MaxValue;

    /// <summary>Gets the negotiated parameters, or null until the handshake completes. Always null for a channel without a handshake.</summary>
    public virtual NegotiatedSession? Negotiated => null;

    /// <summary>Gets the proven identity of the peer, or null if the peer has proven none.</summary>
    public virtual PeerIdentity? PeerIdentity => null;

    /// <summary>
    /// Gets a value that indicates whether the client proved its identity. At the client, the value is true if it presented an identity, which the server may
    /// still refuse.
    /// </summary>
    public virtual bool IsClientAuthenticated => Role == Role.Server ? PeerIdentity is not null : Negotiated?.IsClientAuthenticated == true;

    /// <summary>Gets the local endpoint of the transport, or null if the transport has none.</summary>
    public virtual EndPoint? LocalEndPoint => null;

    /// <summary>Gets the remote endpoint of the transport, or null if the transport has none.</summary>
    public virtual EndPoint? RemoteEndPoint => null;

    /// <summary>Gets the end of the session, or null while the session is open.</summary>
    public abstract SessionEnd? End { get; }

    /// <summary>Gets a task that completes when the session ends, with the end of the session. The task never faults.</summary>
    public abstract Task<SessionEnd> Completion { get; }

    /// <summary>Gets the clock of timeouts and deadlines. The default is the system clock.</summary>
    public virtual TimeProvider TimeProvider => TimeProvider.System;
}
