namespace SecureChannel;

/// <summary>How a session ended, and with which error if it failed.</summary>
/// <param name="Reason">How.</param>
/// <param name="Error">Why, if it failed; else null.</param>
public sealed record SessionEnd(SessionEndReason Reason, SessionError? Error = null)
{
    /// <summary>The reason in words.</summary>
    public override string ToString() => Reason switch
    {
        SessionEndReason.ClosedLocally => "closed by this end",
        SessionEndReason.ClosedByPeer => "closed by the peer",
        SessionEndReason.IdleTimeout => "idle timeout",
        _ => Error?.ToString() ?? "failed",
    };
}

/// <summary>How a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>This end sent the explicit message that ends a session.</summary>
    ClosedLocally,

    /// <summary>The peer sent the explicit message that ends a session.</summary>
    ClosedByPeer,

    /// <summary>Nothing authentic was sent or received for the agreed time.</summary>
    IdleTimeout,

    /// <summary>The session failed: <see cref="SessionEnd.Error"/> says why.</summary>
    Failed,
}
