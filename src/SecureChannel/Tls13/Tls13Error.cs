using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>The errors of the TLS 1.3 handshake, one method for each alert of RFC 9846 section 6.2.</summary>
internal static class Tls13Error
{
    /// <summary>Creates the error for a well-formed field with an illegal value.</summary>
    public static SessionError Illegal(string message) => new(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.IllegalParameter, message);

    /// <summary>Creates the error for a missing required extension.</summary>
    public static SessionError Missing(string message, ExtensionType type) => new(
        SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.MissingExtension,
        $"{message} does not contain the required extension {type}.");

    /// <summary>Creates the error for an extension that was not requested.</summary>
    public static SessionError Unsolicited(string message) =>
        new(SessionErrorKind.ProtocolViolation, SessionErrorCode.IllegalParameter, AlertDescription.UnsupportedExtension, message);

    /// <summary>Creates the error for malformed extensions.</summary>
    public static SessionError Malformed(string message, WireError error) => new(
        SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError,
        $"{message}: {error}");

    /// <summary>Creates the error for a malformed list of application protocols.</summary>
    public static SessionError MalformedNames(string message) => new(
        SessionErrorKind.MalformedMessage, SessionErrorCode.Malformed, AlertDescription.DecodeError,
        $"{message}: a name in the list of application protocols is empty or incomplete (RFC 7301 section 3.1).");

    /// <summary>Creates the error for an unsupported version of TLS.</summary>
    public static SessionError Version(string message) => new(SessionErrorKind.Incompatible, SessionErrorCode.NoCommonVersion, AlertDescription.ProtocolVersion, message);

    /// <summary>Creates the error for endpoints that have no parameters in common.</summary>
    public static SessionError Failure(SessionErrorCode code, string message) => new(SessionErrorKind.Incompatible, code, AlertDescription.HandshakeFailure, message);

    /// <summary>Creates the error for an invalid Finished value.</summary>
    public static SessionError Decrypt(string message) => new(SessionErrorKind.ProtocolViolation, SessionErrorCode.BadFinished, AlertDescription.DecryptError, message);
}
