using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Tls13;

/// <content>
/// The messages that the declaration allows and this server never sends: it requests no certificate and issues no tickets. A NoCertificate answer cannot be
/// received, because the state that expects it is never entered.
/// </content>
internal sealed partial class Tls13Server
{
    private partial HandshakeResult WriteCertificateRequest(ref MessageSink<CertificateRequest> sink) => NotSent(nameof(CertificateRequest));

    private partial HandshakeResult On(in NoCertificate message, in Transcript before) => NotSent(nameof(CertificateRequest));

    private partial HandshakeResult WriteNewSessionTicket(ref MessageSink<NewSessionTicket> sink) => NotSent(nameof(NewSessionTicket));

    private static SessionError NotSent(string message) => new(
        SessionErrorKind.LocalError, SessionErrorCode.InvalidConfiguration, AlertDescription.InternalError,
        $"The handshake reached {message}, which this server never sends. Report this error as a bug of SecureChannel.");
}
