namespace SecureChannel;

/// <summary>The reason that a session failed.</summary>
/// <param name="Kind">The kind of failure, which names the party that caused it.</param>
/// <param name="Alert">The alert that the local endpoint sent, or that the peer sent if the kind is <see cref="SessionErrorKind.AlertReceived"/>.</param>
/// <param name="Message">The description of what happened and what to do. It never contains a secret.</param>
public sealed record SessionError(SessionErrorKind Kind, AlertDescription Alert, string Message)
{
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

    /// <summary>The connection ended without a close_notify. The peer, the network or an attacker may have cut it.</summary>
    Truncated,

    /// <summary>The peer did not respond before a deadline.</summary>
    TimedOut,

    /// <summary>The code or the configuration of the local endpoint caused the failure.</summary>
    LocalError,
}

/// <summary>The exception that is thrown when a session fails.</summary>
/// <param name="error">The error.</param>
/// <param name="innerException">The underlying exception; null if there is none.</param>
public sealed class SessionException(SessionError error, Exception? innerException = null) : IOException(error.Message, innerException)
{
    /// <summary>Gets the error: the kind of failure, which names the party that caused it, the alert and the description.</summary>
    public SessionError Error { get; } = error;
}
