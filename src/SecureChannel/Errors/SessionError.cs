namespace SecureChannel;

/// <summary>The reason that a session or one of its operations failed.</summary>
/// <param name="Kind">The kind of failure, which names the party that caused it.</param>
/// <param name="Code">The code of the failure, for tests and metrics.</param>
/// <param name="Alert">
/// The alert that the local endpoint sent, or that the peer sent if the kind is <see cref="SessionErrorKind.AlertReceived"/>. If no alert was sent, such as after
/// a failure of the transport, the alert that describes the failure best.
/// </param>
/// <param name="Message">The description of what happened and what to do. It never contains a secret.</param>
public sealed record SessionError(SessionErrorKind Kind, SessionErrorCode Code, AlertDescription Alert, string Message)
{
    /// <summary>Gets the error of the peer's certificate, or null if the failure has another reason.</summary>
    public CertificateError? Certificate { get; init; }

    /// <summary>Returns the kind, the message and the alert in one line.</summary>
    public override string ToString() => $"{Kind}: {Message} ({Alert})";
}

/// <summary>The kinds of failure. Each names the party that caused it.</summary>
public enum SessionErrorKind
{
    /// <summary>The peer sent a malformed message.</summary>
    MalformedMessage,

    /// <summary>The peer sent a well-formed message that violates the protocol, arrives in a wrong state or cannot be authenticated.</summary>
    ProtocolViolation,

    /// <summary>Both endpoints follow the rules but have no parameters in common.</summary>
    Incompatible,

    /// <summary>The certificate of the peer is not trusted.</summary>
    UntrustedPeer,

    /// <summary>The peer ended the session with an alert.</summary>
    AlertReceived,

    /// <summary>The transport ended without a close_notify. The peer, the network or an attacker may have cut it.</summary>
    Truncated,

    /// <summary>A timeout or deadline expired.</summary>
    TimedOut,

    /// <summary>The code or the configuration of the local endpoint caused the failure.</summary>
    LocalError,

    /// <summary>The transport failed: it threw an exception or was reset.</summary>
    TransportFailed,

    /// <summary>An endpoint closed the session or one direction of it, so the operation is no longer possible. The session itself did not fail.</summary>
    Closed,
}
