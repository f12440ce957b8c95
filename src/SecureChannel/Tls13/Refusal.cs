using SecureChannel.Messages;

namespace SecureChannel.Tls13;

/// <summary>Why a handshake fails, by the alerts of RFC 9846 section 6.2.</summary>
internal static class Refusal
{
    /// <summary>A field that is well-formed, and wrong.</summary>
    public static SessionError Illegal(string reason) => new(SessionErrorKind.ProtocolViolation, AlertDescription.IllegalParameter, reason);

    /// <summary>An extension without which the message means nothing.</summary>
    public static SessionError Missing(string message, ExtensionType type) => new(SessionErrorKind.ProtocolViolation, AlertDescription.MissingExtension, $"{message} lacks the extension {type}.");

    /// <summary>Bytes that are no message.</summary>
    public static SessionError Malformed(string message, WireError error) => new(SessionErrorKind.MalformedMessage, AlertDescription.DecodeError, $"{message}: {error}");

    /// <summary>A version of TLS that this end does not speak.</summary>
    public static SessionError Version(string reason) => new(SessionErrorKind.Incompatible, AlertDescription.ProtocolVersion, reason);

    /// <summary>Nothing in common.</summary>
    public static SessionError Failure(string reason) => new(SessionErrorKind.Incompatible, AlertDescription.HandshakeFailure, reason);

    /// <summary>A signature or a Finished value that is wrong.</summary>
    public static SessionError Decrypt(string reason) => new(SessionErrorKind.ProtocolViolation, AlertDescription.DecryptError, reason);
}
