namespace SecureChannel;

/// <summary>The end of a session: the reason and, unless an endpoint closed the session, the error.</summary>
/// <param name="Reason">The reason for the end.</param>
/// <param name="Error">The error; null only for <see cref="SessionEndReason.ClosedLocally"/> and <see cref="SessionEndReason.ClosedByPeer"/>.</param>
public sealed record SessionEnd(SessionEndReason Reason, SessionError? Error = null)
{
    /// <summary>Returns the reason in words.</summary>
    public override string ToString() => Reason switch
    {
        SessionEndReason.ClosedLocally => "closed by the local endpoint",
        SessionEndReason.ClosedByPeer => "closed by the peer",
        SessionEndReason.IdleTimeout => "idle timeout",
        _ => Error?.ToString() ?? "failed",
    };
}

/// <summary>The reason for the end of a session.</summary>
public enum SessionEndReason
{
    /// <summary>The local endpoint closed the session with a close_notify.</summary>
    ClosedLocally,

    /// <summary>The peer closed its direction with a close_notify, and the local endpoint closed its own direction too.</summary>
    ClosedByPeer,

    /// <summary>
    /// No authenticated record was sent or received within the negotiated time, and nothing was in progress. Also reported if the peer's timer ends the session a
    /// little earlier, after three quarters of the time.
    /// </summary>
    IdleTimeout,

    /// <summary>The session failed. <see cref="SessionEnd.Error"/> has the reason.</summary>
    Failed,
}
