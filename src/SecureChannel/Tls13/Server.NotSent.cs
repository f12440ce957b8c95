using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>The message that the declaration allows and this server never sends: it issues no tickets.</content>
internal sealed partial class Tls13Server
{
    private partial HandshakeResult WriteNewSessionTicket(ref MessageSink<NewSessionTicket> sink) => NotSent(nameof(NewSessionTicket));

    private static SessionError NotSent(string message) => new(
        SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
        $"The handshake reached {message}, which this server never sends. Report this error as a bug of SecureChannel.");
}
