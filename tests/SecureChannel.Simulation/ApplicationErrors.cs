namespace SecureChannel.Simulation;

/// <summary>The errors of the applications.</summary>
internal static class ApplicationErrors
{
    /// <summary>Gets the error with which an application aborts.</summary>
    public static SessionError AbortError { get; } = new(
        SessionErrorKind.LocalError, SessionErrorCode.Aborted, AlertDescription.GeneralError, "The application of the simulation aborts the session.");

    /// <summary>Gets an error that an abort refuses, because its alert is an orderly end.</summary>
    public static SessionError CloseNotifyError { get; } = AbortError with { Alert = AlertDescription.CloseNotify };

    /// <summary>Gets an error that an abort refuses, because a peer ignores its alert.</summary>
    public static SessionError UserCanceledError { get; } = AbortError with { Alert = AlertDescription.UserCanceled };

    /// <summary>Gets the exception of another session, which a handler throws.</summary>
    public static SessionException OtherFailure { get; } = new(AbortError);
}
