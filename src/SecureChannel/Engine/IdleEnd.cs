namespace SecureChannel.Handshakes;

/// <summary>The end of a session whose idle timeout expired.</summary>
internal static class IdleEnd
{
    /// <summary>Creates the end. Its reason is <see cref="SessionEndReason.IdleTimeout"/> only if the peer agreed to the timeout and nothing was in progress.</summary>
    /// <param name="negotiated">The parameters of the session, which has an idle timeout.</param>
    /// <param name="isInProgress">True if a message or a write was incomplete; otherwise, false.</param>
    public static SessionEnd Create(NegotiatedSession negotiated, bool isInProgress)
    {
        var seconds = negotiated.IdleTimeout!.Value.TotalSeconds;
        var (reason, message) = negotiated.ParametersVersion is null
            ? (SessionEndReason.Failed,
                $"Nothing was received or sent for {seconds:0.###} s, the idle timeout of this endpoint, to which the peer did not agree.")
            : isInProgress
                ? (SessionEndReason.Failed,
                    $"Nothing was received or sent for {seconds:0.###} s, the idle timeout, although a message or a write was incomplete.")
                : (SessionEndReason.IdleTimeout, $"The session was idle for {seconds:0.###} s, the negotiated idle timeout.");
        return new SessionEnd(reason, new SessionError(
            SessionErrorKind.TimedOut, SessionErrorCode.IdleTimeout, AlertDescription.GeneralError, $"{message} Create a new session."));
    }
}
