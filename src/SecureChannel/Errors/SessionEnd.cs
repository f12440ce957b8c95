namespace SecureChannel;

/// <summary>The result of a session that has ended: the reason and, if the session failed, the error.</summary>
/// <param name="Reason">The reason for the end.</param>
/// <param name="Error">The error if the session failed; otherwise, null.</param>
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

    /// <summary>The peer closed the session with a close_notify.</summary>
    ClosedByPeer,

    /// <summary>No authenticated record was sent or received within the negotiated time.</summary>
    IdleTimeout,

    /// <summary>The session failed. <see cref="SessionEnd.Error"/> has the reason.</summary>
    Failed,
}
