namespace SecureChannel.Simulation;

/// <summary>The names of the session API that this project depends on and that may change.</summary>
internal static class SessionFacts
{
    public const string AlertReceived = "AlertReceived";
    public const string Closed = "Closed";
    public const string LocalError = "LocalError";
    public const string TimedOut = "TimedOut";
    public const string TransportFailed = "TransportFailed";
    public const string Truncated = "Truncated";

    /// <summary>The maximum time of closing and disposing.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Gets the error with which an application aborts.</summary>
    public static SessionError AbortError { get; } =
        new(SessionErrorKind.LocalError, AlertDescription.InternalError, "The application of the simulation aborts the session.");

    // An operation after an orderly end fails with the kind 'Closed'.
    public static string KindOf(SessionError error) =>
        error is { Kind: SessionErrorKind.AlertReceived, Alert: AlertDescription.CloseNotify } ? Closed : error.Kind.ToString();

    public static bool IsClosedLocally(InvalidOperationException exception) =>
        exception.Message.StartsWith("This endpoint closed the session", StringComparison.Ordinal);

    public static Task<SessionEnd> CompletionOf(SecureSession session) => session.Completion;
}
