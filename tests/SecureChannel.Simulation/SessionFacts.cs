namespace SecureChannel.Simulation;

/// <summary>The parts of the session API that may change.</summary>
internal static class SessionFacts
{
    /// <summary>The maximum time of closing and disposing.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Gets the error with which an application aborts.</summary>
    public static SessionError AbortError { get; } = new(
        SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "The application of the simulation aborts the session.");

    /// <summary>Gets an error that an abort refuses, because its alert is an orderly end.</summary>
    public static SessionError CloseNotifyError { get; } = AbortError with { Alert = AlertDescription.CloseNotify };

    /// <summary>Gets an error that an abort refuses, because a peer ignores its alert.</summary>
    public static SessionError UserCanceledError { get; } = AbortError with { Alert = AlertDescription.UserCanceled };

    /// <summary>Gets the exception of another session, which a handler throws.</summary>
    public static SessionException OtherFailure { get; } = new(AbortError);

    // Until each operation after an orderly end fails with the kind 'Closed'.
    public static SessionErrorKind KindOf(SessionError error) =>
        error is { Kind: SessionErrorKind.AlertReceived, Alert: AlertDescription.CloseNotify } ? SessionErrorKind.Closed : error.Kind;

    /// <summary>Sets the clock that delays the writes of small messages, if the options have one.</summary>
    public static void SetDelayClock(SecureSessionOptions options, TimeProvider time) => typeof(SecureSessionOptions)
        .GetProperty("DelayClock", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)?.SetValue(options, time);

    public static bool IsClosedLocally(InvalidOperationException exception) =>
        exception.Message.StartsWith("This endpoint closed the session", StringComparison.Ordinal);
}
