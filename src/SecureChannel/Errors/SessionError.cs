namespace SecureChannel;

/// <summary>Why a session failed: who was at fault, what the other end is told, and the reason in words.</summary>
/// <param name="Kind">Who was at fault.</param>
/// <param name="Alert">What the other end is told, or told us.</param>
/// <param name="Message">What was wrong, where, and what to do. Never holds a secret.</param>
public sealed record SessionError(SessionErrorKind Kind, AlertDescription Alert, string Message)
{
    /// <summary>The fault, the alert and the reason in one line.</summary>
    public override string ToString() => $"{Kind}: {Message} ({Alert})";
}

/// <summary>The families of failure: each names the guilty party.</summary>
public enum SessionErrorKind
{
    /// <summary>The peer sent bytes that are no message.</summary>
    MalformedMessage,

    /// <summary>The peer sent a message that it must not send, or not now, or that does not authenticate.</summary>
    ProtocolViolation,

    /// <summary>Both ends keep the rules but have nothing in common.</summary>
    Incompatible,

    /// <summary>The peer's certificate is not accepted.</summary>
    UntrustedPeer,

    /// <summary>The peer refused this end, with an alert.</summary>
    AlertReceived,

    /// <summary>The connection ended without the explicit message that ends a session: cut off by the peer, the network, or an attacker.</summary>
    Truncated,

    /// <summary>The peer was silent past a deadline.</summary>
    TimedOut,

    /// <summary>This end's code or configuration.</summary>
    LocalError,
}

/// <summary>A session failed. <see cref="Error"/> says who was at fault and why.</summary>
/// <param name="error">Why.</param>
/// <param name="innerException">What lies beneath, where there is something.</param>
public sealed class SessionException(SessionError error, Exception? innerException = null) : IOException(error.Message, innerException)
{
    /// <summary>Who was at fault, and why.</summary>
    public SessionError Error { get; } = error;
}
