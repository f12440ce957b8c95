namespace SecureChannel;

/// <summary>The exception that is thrown when an operation fails because of a session's state or end.</summary>
/// <param name="error">The error of the operation.</param>
/// <param name="end">The end of the session; null if the session ended with <paramref name="error"/>.</param>
/// <param name="innerException">The underlying exception; null if there is none.</param>
public sealed class SessionException(SessionError error, SessionEnd? end = null, Exception? innerException = null) : IOException(error?.Message, innerException)
{
    /// <summary>Gets the reason that the operation failed: the kind of failure, a code, the alert and the description.</summary>
    public SessionError Error { get; } = error ?? throw new ArgumentNullException(nameof(error));

    /// <summary>Gets the end of the session.</summary>
    public SessionEnd End { get; } = end ?? new SessionEnd(SessionEndReason.Failed, error);

    /// <summary>
    /// Gets a value that indicates whether the session ended as servers must expect: the agreed idle timeout expired, or the local endpoint closed the session. A
    /// server's loop usually ignores such an exception.
    /// </summary>
    public bool IsExpected => End.Reason is SessionEndReason.IdleTimeout or SessionEndReason.ClosedLocally;
}
